"""What the tests of ingest work with: every part of the daemon but its scheduler, and a clock that can be set."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from channels.mail import read_mail
from channels.memory import MemoryChannel
from channels.smtp import Mailer
from channels.types import Arrival, Message
from classify.types import Medium
from config.settings import Settings, load
from config.texts import LANGUAGES, Texts
from ingest.desk import Desk
from ingest.letters import Letters
from ingest.letters.envelope import Desk as Writing
from ingest.outbox import Outbox
from ingest.poll import Poller
from ingest.requeue import Requeue
from ingest.returned import Returned
from ingest.rulebook import RuleBook
from ingest.turn import Schedule, Turn, Watch
from store.types import Notice, Outcome, Quarantined, Ticket, TicketFilter
from testing.daemon import OWN, TEAM, Site
from testing.smtp_sink import Received, SmtpSink
from wiring.office import datebook_of, office_of
from wiring.parts import platform_notices, smtp_settings
from wiring.staff_mail import marks_of, patience_of, staff_work_of
from wiring.store import open_store

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
GRAVE = "Kepala desa meminta uang pungli Rp500.000 untuk tanda tangan bansos saya."
PLAIN = "Dana hibah pura kami belum cair sejak tiga bulan yang lalu."
CITIZEN = "wayan@warga.test"
OWN_CHANNEL = "gmail"
RULES = Path(__file__).with_name("rules.toml")


class Clock:
    """Time that passes when told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **amount: float) -> None:
        self.now += timedelta(**amount)


class Parts:
    """What wiring makes, with small rules that stay as they are."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.words = Texts("id")
        self.store = open_store(settings)
        self.rules = RuleBook(lambda: {RULES.name: RULES.read_text("utf-8")})
        self.dates = datebook_of(settings, self.store, clock)
        self.office = office_of(settings, clock(), self.dates.current)
        notices = platform_notices(settings, self.store, self.office)
        marks = marks_of(self.words)
        desk = Desk(self.office, self.rules.current, self.store, notices, marks=marks)
        self.patience = patience_of(settings)
        self.staff_work = staff_work_of(
            settings, self.words, self.store, self.office, clock=clock, patience=self.patience
        )
        self.poller = Poller(self.store, desk, clock)
        self.requeue = Requeue(
            self.store, self.poller, {OWN_CHANNEL: MemoryChannel(reader=read)}, clock
        )
        self.outbox = Outbox(
            self.store,
            Mailer(smtp_settings(settings)),
            letters=Letters(
                self.store,
                Writing(
                    self.office,
                    self.words,
                    self.rules.meaning,
                    {name: Texts(name) for name in LANGUAGES},
                ),
            ),
            returned=Returned(self.store, self.office, clock),
            words=self.words,
            clock=clock,
            per_minute=settings.smtp.per_minute,
        )


class Workshop:
    """One office. ``reopen`` is what a restart does: every part anew over the same database."""

    def __init__(self, folder: Path, sink: SmtpSink) -> None:
        self.sink = sink
        self.clock = Clock()
        self.stop = Event()
        self.site = Site(folder, sink.port)
        self.site.imap("gmail", ("localhost", 1), OWN, "x")
        self.mailbox = self.channel("gmail")
        self._message_ids = iter(range(1, 1000))
        self.reopen()
        self.parts.store.upgrade()

    def reopen(self) -> None:
        self.site.write()
        (self.site.folder / "data").mkdir(exist_ok=True)
        self.parts = Parts(load(self.site.config), self.clock)
        self.store = self.parts.store

    def close(self) -> None:
        self.store.close()

    def channel(self, name: str) -> MemoryChannel:
        return MemoryChannel(name, reader=read)

    def turn(self, channel: MemoryChannel, *, down_after: int = 3, since: bool = True) -> Turn:
        parts = self.parts
        return Turn(
            channel,
            schedule=Schedule(timedelta(seconds=60), skips_history=since),
            poller=parts.poller,
            store=parts.store,
            office=parts.office,
            words=parts.words,
            watch=Watch(down_after, "kesra"),
        )

    def run(self, turn: Turn) -> Any:
        return turn.run(self.clock, self.stop)

    # Coming in

    def receive(self, *mails: bytes, channel: MemoryChannel | None = None) -> list[Outcome]:
        """Let mails arrive together, in one batch, and poll."""
        channel = channel or self.mailbox
        for raw in mails:
            channel.push(raw, self.clock())
        return self.parts.poller.poll(channel, self.stop)

    def opened(self, text: str = PLAIN, sender: str = CITIZEN, **headers: str) -> Ticket:
        """The case a mail opens."""
        (outcome,) = self.receive(self.mail(text, sender, **headers))
        return self.ticket(outcome.number)

    def mail(self, text: str = PLAIN, sender: str = CITIZEN, **headers: str) -> bytes:
        headers.setdefault("Message_ID", f"<m{next(self._message_ids)}@warga.test>")
        return mail(text, sender, **headers)

    # Looking

    def ticket(self, number: str) -> Ticket:
        found = self.store.ticket(number)
        assert found is not None
        return found

    def cases(self) -> list[Ticket]:
        return self.store.tickets(TicketFilter())

    def quarantine(self) -> list[Quarantined]:
        return self.store.quarantine()

    def notices(self, ticket: Ticket) -> dict[str, list[str]]:
        """Who is written to about a case, by kind."""
        found: dict[str, list[str]] = {}
        for notice in self.store.notices(ticket.number):
            found.setdefault(notice.kind.value, []).append(notice.recipient)
        return found

    def waiting(self) -> list[Notice]:
        return self.store.due_notices(self.clock() + timedelta(minutes=39))

    def work(self) -> None:
        """Do what staff asked for by mail."""
        self.parts.staff_work.work(self.stop)

    def send(self) -> list[Received]:
        """One round of the outbox; what the server took in it."""
        before = len(self.sink.received)
        self.parts.outbox.send_due(self.stop)
        return self.sink.received[before:]

    def letter(self, kind: str, to: str = TEAM) -> EmailMessage:
        """The one letter of a kind that an address got."""
        (found,) = (
            one.message
            for one in self.sink.received
            if one.recipients == (to,) and one.message["X-Muara"] == kind
        )
        return found


def read(arrival: Arrival) -> Message:
    own = frozenset({OWN})
    return read_mail(arrival.raw, received_at=arrival.received_at, own_addresses=own)


def reading(medium: Medium) -> Callable[[Arrival], Message]:
    """A reader that takes the bytes as the text of another medium."""
    return partial(_read_as, medium)


def _read_as(medium: Medium, arrival: Arrival) -> Message:
    return Message(medium, arrival.received_at, text=arrival.raw.decode(), external_id="1")


def mail(text: str = PLAIN, sender: str = CITIZEN, **headers: str) -> bytes:
    """A plain mail; ``In_Reply_To`` and the like become headers."""
    head = {
        "From": f"Wayan <{sender}>" if sender else "",
        "To": OWN,
        "Subject": "Pengaduan",
        "Content_Type": "text/plain; charset=utf-8",
        "Content_Transfer_Encoding": "8bit",
        **headers,
    }
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in head.items() if value]
    return "\r\n".join([*lines, "", text, ""]).encode("utf-8", "surrogateescape")


def body(letter: EmailMessage) -> str:
    return str(letter.get_content())
