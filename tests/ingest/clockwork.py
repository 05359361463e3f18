"""An office whose weeks pass in seconds: cases with deadlines, the daemon's look at them, and real mail."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from itertools import count
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

from channels.smtp import Mailer
from classify.calendar import Calendar, ClosedDay
from classify.deadline import Limit, due_at
from classify.types import Tier, Verdict
from config.settings import load
from config.texts import Texts
from ingest.digest import Digests
from ingest.escalation import Escalation
from ingest.letters import Letters
from ingest.letters.digest import DigestLetters
from ingest.letters.envelope import Desk
from ingest.office import Office
from ingest.outbox import Outbox
from ingest.reminders import Reminders
from ingest.returned import Returned
from store import Store
from store.types import Ticket
from testing.daemon import EXAMINER, TEAM, Site
from testing.smtp_sink import Received, SmtpSink
from tests.store.samples import GRAVE, VERDICT, arrival, intake, message
from wiring.office import office_of
from wiring.parts import smtp_settings
from wiring.reminding import plan_of
from wiring.store import open_store

WITA = ZoneInfo("Asia/Makassar")
HEAD, SUPERVISOR = "kabag@kantor.test", "asisten@kantor.test"
SARI, BUDI = "sari@kantor.test", "budi@kantor.test"
STAFF = f"""
[[staff]]
name = "Ni Luh Sari"
email = "{SARI}"
login = "kesra1"

[[staff]]
name = "Budi"
email = "{BUDI}"
"""
PLAN = f'head = ["{HEAD}"]\nsupervisor = ["{SUPERVISOR}"]'
UNCERTAIN = replace(VERDICT, tier=None, certain=False, suggested=Tier.TIDAK_BERKADAR)
PEOPLE = (TEAM, EXAMINER, HEAD, SUPERVISOR, SARI, BUDI)
_items = count(1)


def wita(text: str) -> datetime:
    return datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=WITA)


class Clockwork:
    """``restart`` makes every part anew over the same database, as a restart does."""

    def __init__(self, site: Site, sink: SmtpSink, start: str, plan: str = PLAN) -> None:
        self.sink = sink
        self.now = wita(start).astimezone(UTC)
        site.escalation, site.extra = plan, STAFF
        site.write()
        (site.folder / "data").mkdir(exist_ok=True)
        self.settings = load(site.config)
        self.calendar = office_of(self.settings, self.now).calendar
        self.store: Store | None = None
        self.restart()
        self.at_work.upgrade()

    @property
    def at_work(self) -> Store:
        assert self.store is not None
        return self.store

    def restart(self) -> None:
        self.close()
        self.store = open_store(self.settings)
        office: Office = office_of(self.settings, self.now, lambda: self.calendar)
        plan: Escalation = plan_of(self.settings.escalation)
        digests = Digests(self.store, office, plan, watchers=(TEAM,))
        self.reminders = Reminders(self.store, office, plan, digests)
        desk = Desk(office, Texts("id"), str, clock=lambda: self.now)
        self.outbox = Outbox(
            self.store,
            Mailer(smtp_settings(self.settings)),
            letters=Letters(self.store, desk, DigestLetters(self.store, desk, digests).write),
            returned=Returned(self.store, office, lambda: self.now),
            words=Texts("id"),
            clock=lambda: self.now,
            per_minute=6000,
            is_moot=self.reminders.is_moot,
        )

    def close(self) -> None:
        if self.store:
            self.store.close()

    # Cases

    def arrive(self, limit: str, verdict: Verdict = VERDICT, **values: Any) -> str:
        """Let a case come in now; return its number."""
        due = due_at(self.now, Limit.parse(limit), self.calendar)
        subject = values.pop("subject", "Hibah pura belum cair")
        made = intake(
            arrival=arrival(item=f"c{next(_items)}"),
            message=message(subject=subject, received_at=self.now),
            verdict=verdict,
            due_at=due,
            limit=limit,
            calendar=self.calendar.version,
            notices=(),
            **values,
        )
        return self.at_work.commit([made], cursor=None, now=self.now)[0].number

    def arrive_restricted(self, limit: str) -> str:
        return self.arrive(limit, GRAVE, subject="Bupati minta uang")

    def take(self, number: str, who: str = "kesra1") -> None:
        self.at_work.working.take(number, who=who, now=self.now)

    def answer(self, number: str) -> None:
        self.at_work.answer(number, "Sudah.", who="sari", way="phone", recipient="", now=self.now)

    def reopen(self, number: str) -> None:
        self.at_work.working.reopen(number, who="sari", why="belum", now=self.now)

    def ticket(self, number: str) -> Ticket:
        found = self.at_work.ticket(number)
        assert found is not None
        return found

    def close_day(self, day: date) -> None:
        """Swap the calendar, as `muara calendar set` does, and move the deadlines of open cases with it."""
        rows = (*self.calendar.days, ClosedDay(day, "Galungan", "SE Gubernur"))
        self.swap(replace(self.calendar, days=rows))

    def swap(self, calendar: Calendar) -> None:
        self.calendar = calendar
        for case in self.at_work.reminding.open_cases():
            ticket = self.ticket(case.number)
            self.move(case.number, due_at(ticket.received_at, Limit.parse(case.limit), calendar))

    def move(self, number: str, due: datetime) -> None:
        from sqlalchemy import update  # noqa: PLC0415 - behind the store's back, as only tests may

        from store.models import CaseRow  # noqa: PLC0415

        with self.at_work._database.write() as connection:
            connection.execute(update(CaseRow).where(CaseRow.number == number).values(due_at=due))

    # Time

    def tick(self) -> list[Received]:
        """What the daemon does every half minute; the mails that landed by it."""
        before = len(self.sink.received)
        self.reminders.look(self.now)
        self.outbox.send_due(Event())
        return self.sink.received[before:]

    def at(self, text: str) -> list[Received]:
        """Let the clock jump there, with the daemon off, and look."""
        self.now = wita(text).astimezone(UTC)
        return self.tick()

    def until(
        self, text: str, *, minutes: int = 15, each: Callable[[], None] = lambda: None
    ) -> list["Landed"]:
        """Let time pass with the daemon on; every mail with the moment it landed."""
        end, landed = wita(text), []
        for moment in _steps(self.now, end, timedelta(minutes=minutes)):
            self.now = moment
            each()
            landed += [Landed(moment.astimezone(WITA), mail) for mail in self.tick()]
        return landed


class Landed:
    """A mail, and when it landed, in the office's zone."""

    def __init__(self, at: datetime, mail: Received) -> None:
        self.at = at
        self.to = mail.recipients[0]
        self.message: EmailMessage = mail.message
        self.kind = str(mail.message["X-Muara"])
        self.subject = str(mail.message["Subject"])
        self.body = str(mail.message.get_content())

    @property
    def clock(self) -> str:
        return self.at.strftime("%d %H:%M")

    def __repr__(self) -> str:
        return f"{self.clock} {self.kind} {self.to} {self.subject}"


def _steps(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    while (start := start + step) <= end:
        yield start.astimezone(UTC)
