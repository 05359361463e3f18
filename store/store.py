"""The one door to the database: every method is one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from channels.types import Arrival, Position, Seen
from store import (
    backup,
    canaries,
    cases,
    chain,
    channels,
    intake,
    labels,
    ledger,
    lock,
    migrate,
    moving,
    outbox,
    resealing,
    restore,
    values,
)
from store.answers import Answers
from store.backup import Progress, no_progress
from store.contacts import Contacts
from store.duplicates import Duplicates
from store.engine import Database
from store.errors import Unavailable
from store.examine import Examination
from store.guests import Guests
from store.journeys import Journeys
from store.keyring import Keyring
from store.merging import Merging
from store.models import ValueRow
from store.office_days import OfficeDays
from store.platforms import Platforms
from store.postings import Postings
from store.receipts import Receipts
from store.reminding import Reminding
from store.retention import Retention
from store.seals import Seals
from store.splitting import Splitting
from store.staff_mail import StaffMails
from store.statistics import StatisticsReader
from store.types import (
    Canary,
    ChannelState,
    Copy,
    Counts,
    Damage,
    Decision,
    Fate,
    Intake,
    Judged,
    MachineMail,
    NewAnswer,
    Notice,
    NoticeKind,
    NoticeRequest,
    Outcome,
    Quarantined,
    Restored,
    Thread,
    Ticket,
    TicketFilter,
)
from store.upsert import insert_into
from store.views import Views
from store.working import Working


class Store:
    """One database, SQLite or PostgreSQL. One instance for each process; threads may share it.

    ``own_names`` are the names under which the office itself writes on platforms: its own
    follow-ups are no news to it. Nothing is opened before the first call. Every method raises
    Unavailable when the database cannot be used just now.
    """

    Unavailable = Unavailable

    def __init__(
        self,
        url: str,
        *,
        backup_dir: Path | None = None,
        message_domain: str = "muara.local",
        own_names: Iterable[str] = (),
        keyring: Keyring | None = None,
        must_seal: bool = False,
    ) -> None:
        self._database = Database(url, keyring)
        self._backup_dir = backup_dir
        self._must_seal = must_seal
        self.seals = Seals(self._database)
        self.views = Views(self._database)
        self._office = intake.Office(message_domain, frozenset(own_names))
        self.duplicates = Duplicates(self._database)
        self.merging = Merging(self._database, message_domain)
        self.working = Working(self._database, message_domain)
        self.staff_mails = StaffMails(self._database, message_domain)
        self.splitting = Splitting(self._database, message_domain)
        self.journeys = Journeys(self._database)
        self.platforms = Platforms(self._database)
        self.postings = Postings(self._database)
        self.answers = Answers(self._database, message_domain)
        self.receipts = Receipts(self._database)
        self.contacts = Contacts(self._database)
        self.office_days = OfficeDays(self._database, message_domain)
        self.guests = Guests(self._database)
        self.statistics = StatisticsReader(self._database)
        self.reminding = Reminding(self._database, message_domain)
        self.retention = Retention(self._database)

    # The database as such

    def upgrade(self, progress: Progress = no_progress) -> bool:
        """Bring the database to this version, all or nothing, and everything in it under the newest key.

        Whether there was something to be sealed. Raises DatabaseNewer, KeyTrouble, HalfMoved, AlreadyMoved.
        """
        sealed = self._bring_up(progress)
        moving.refuse_half_moved(self._database)
        return sealed

    def _bring_up(self, progress: Progress = no_progress) -> bool:
        resealing.admit(self._database, must_seal=self._must_seal)
        migrate.upgrade(self._database, self._backup_dir)
        return resealing.bring_up(self._database, progress)

    def move_into(self, other: "Store", progress: Progress = no_progress) -> dict[str, int]:
        """Put another database in this one's place; return its rows by table. See store.moving."""
        for one in (self, other):
            one._bring_up()  # noqa: SLF001 - another of our kind
        return moving.move(self._database, other._database, progress)  # noqa: SLF001

    def close(self) -> None:
        """Let go of all connections."""
        self._database.close()

    def ping(self) -> None:
        """Ask the database something. Raises Unavailable."""
        with self._database.read() as connection:
            connection.execute(select(ValueRow.key).limit(1))

    def exclusive(self) -> AbstractContextManager[None]:
        """Hold the daemon's lock. Raises AlreadyRunning with the other's process id."""
        return lock.exclusive(self._database)

    def verify(self) -> list[Damage]:
        """Return every place where the event log was changed behind our back."""
        with self._database.read() as connection:
            return chain.verify(connection)

    def examination(self) -> Examination:
        """Return the questions of a health check."""
        return Examination(self._database)

    def back_up(self, target: Path, progress: Progress = no_progress) -> Copy:
        """Back a SQLite database up into a new file while it is in use. Raises CopyExists, NotACopy."""
        return backup.take(self._database, target, progress)

    def restore(
        self, file: Path, now: datetime, *, anyway: bool, progress: Progress = no_progress
    ) -> Restored:
        """Put a backup in a SQLite database's place; see store.restore. Raises AlreadyRunning too."""
        with self.exclusive():
            return restore.restore(self._database, file, now, anyway=anyway, progress=progress)

    def heads(self) -> dict[str, tuple[int, str]]:
        """Return length and last hash of every chain of events, to be kept elsewhere."""
        with self._database.read() as connection:
            return chain.heads(connection)

    def counts(self) -> Counts:
        """Return how much there is of everything that matters to health."""
        with self._database.read() as connection:
            return Counts(
                cases=cases.by_status(connection),
                quarantined=ledger.count(connection, Fate.QUARANTINED),
                **outbox.totals(connection),
            )

    def late(self, now: datetime) -> int:
        """Return how many cases are past their deadline and still owe an answer."""
        with self._database.read() as connection:
            return cases.late(connection, now)

    # Coming in

    def seen(self, channel: str) -> Seen:
        """Return what the ledger holds for a channel, and its cursor."""
        return ledger.seen(self._database, channel)

    def threads(self, message_ids: Iterable[str]) -> dict[str, Thread]:
        """Return the case of each Message-ID that is one of our notices'; keys as given."""
        with self._database.read() as connection:
            return outbox.threads(connection, message_ids)

    def thread(self, number: str, recipient: str) -> Thread | None:
        """Return a case as the thread of somebody we wrote to about it."""
        with self._database.read() as connection:
            return outbox.thread(connection, number, recipient)

    def commit(
        self, intakes: Sequence[Intake], *, cursor: str | None, now: datetime
    ) -> list[Outcome]:
        """Store a batch of one channel and all that follows, in one transaction. Raises NumberTaken.

        ``cursor`` None leaves the channel's cursor where it is.
        """
        return intake.commit(self._database, self._office, intakes, cursor, now)

    def note_history(self, channel: str, positions: Sequence[Position], now: datetime) -> None:
        """Account for positions older than the channel's start: they are not fetched."""
        with self._database.write() as connection:
            ledger.note_history(connection, channel, positions, now)

    # Cases

    def tickets(self, narrow: TicketFilter) -> list[Ticket]:
        """Return the cases a filter leaves, in its order, without their events."""
        with self._database.read() as connection:
            return cases.tickets(connection, narrow)

    def ticket(self, number: str) -> Ticket | None:
        """Return a whole case."""
        with self._database.read() as connection:
            return cases.ticket(connection, number)

    def raw(self, number: str) -> list[bytes]:
        """Return the bytes of what people sent about a case, in order of arrival."""
        with self._database.read() as connection:
            return cases.raw_of(connection, number)

    def record(
        self, number: str, what: str, who: str, details: Mapping[str, str], now: datetime
    ) -> None:
        """Add an event to a case's log. Raises LookupError if there is no such case."""
        with self._database.write() as connection:
            cases.record(connection, number, what=what, who=who, details=details, now=now)

    def answer(
        self, number: str, text: str, *, who: str, way: str, recipient: str, now: datetime
    ) -> None:
        """Record an answer; the case counts as answered. Raises LookupError if there is no such case.

        ``way`` says how it reaches the complainant; with a ``recipient`` it goes into the outbox.
        """
        self.answers.record(NewAnswer(number, text, who, way, recipient), now)

    # People's decisions

    def reclassify(
        self, number: str, decision: Decision, notices: Sequence[NoticeRequest], *, now: datetime
    ) -> None:
        """Put a person's decision in force and keep it as a label. Raises LookupError."""
        with self._database.write() as connection:
            domain = self._office.message_domain
            labels.reclassify(connection, number, decision, notices, now=now, domain=domain)

    def judged(
        self,
        *,
        since: datetime | None = None,
        after: int = 0,
        limit: int = 500,
        by_people: bool = False,
        decided: tuple[datetime, datetime] | None = None,
    ) -> list[Judged]:
        """Return a page of cases with their verdicts, those whose ``id`` comes after ``after``."""
        with self._database.read() as connection:
            return labels.judged(
                connection,
                since=since,
                after=after,
                limit=limit,
                by_people=by_people,
                decided=decided,
            )

    # What is no case

    def quarantine(self) -> list[Quarantined]:
        """Return what could not be read, oldest first."""
        with self._database.read() as connection:
            return ledger.quarantine(connection)

    def quarantined(self, which: int) -> Arrival | None:
        """Return a quarantined arrival with its bytes."""
        with self._database.read() as connection:
            return ledger.quarantined(connection, which)

    def release(self, which: int, again: Intake, now: datetime) -> Outcome:
        """Store a quarantined arrival anew in place of its old fate. Raises NumberTaken.

        Fate.KNOWN if it is not in quarantine any more.
        """
        return intake.release(self._database, self._office, which, again, now)

    def machine_mail(
        self, channel: str = "", words: str = "", limit: int = 50
    ) -> list[MachineMail]:
        """Return machine mail, newest first; ``words`` are looked for in sender and subject."""
        with self._database.read() as connection:
            return ledger.machine_mail(connection, channel, words, limit)

    # Outbox

    def add_notice(
        self,
        kind: NoticeKind,
        recipient: str,
        details: Mapping[str, str],
        key: str,
        now: datetime,
    ) -> None:
        """Put a notice about a channel into the outbox, once for each ``key`` and recipient."""
        with self._database.write() as connection:
            domain = self._office.message_domain
            outbox.add(
                connection, kind, recipient, details=details, key=key, now=now, domain=domain
            )

    def due_notices(self, now: datetime, limit: int = 50) -> list[Notice]:
        """Return waiting notices whose time has come, the longest due first; see outbox.FURTHEST."""
        with self._database.read() as connection:
            return outbox.due(connection, now, limit)

    def notice_sent(self, which: int, now: datetime) -> None:
        """Mark a notice as sent, with an event on its case."""
        with self._database.write() as connection:
            outbox.sent(connection, which, now)

    def notice_failed(
        self, which: int, error: str, next_at: datetime | None, now: datetime
    ) -> None:
        """Note a failed attempt; ``next_at`` None gives up, with an event on the case."""
        with self._database.write() as connection:
            outbox.failed(connection, which, error, next_at, now)

    def notices_since(self, recipient: str, kind: NoticeKind, since: datetime) -> int:
        """Return how many notices of a kind an address was meant to get since then."""
        with self._database.read() as connection:
            return outbox.count_since(connection, recipient, kind, since)

    def notices(self, number: str) -> list[Notice]:
        """Return the notices of a case, oldest first."""
        with self._database.read() as connection:
            return outbox.of_case(connection, number)

    # Channels

    def channel_states(self) -> list[ChannelState]:
        """Return all channels by name."""
        with self._database.read() as connection:
            return channels.states(connection)

    def channel_polled(
        self, name: str, *, found: int, next_due: datetime, now: datetime
    ) -> ChannelState:
        """Note a successful poll; ``found`` arrivals were new."""
        with self._database.write() as connection:
            return channels.polled(connection, name, found, next_due, now)

    def channel_failed(
        self, name: str, *, error: str, next_due: datetime, down: bool, now: datetime
    ) -> ChannelState:
        """Note a failed poll; ``down`` when people should be told."""
        with self._database.write() as connection:
            return channels.failed(
                connection, name, error=error, next_due=next_due, down=down, now=now
            )

    def tell_of_channel(
        self,
        name: str,
        kind: NoticeKind,
        recipients: Iterable[str],
        details: Mapping[str, str],
        now: datetime,
    ) -> None:
        """Put notices about a channel into the outbox, and note on its row that people were told.

        One transaction: a crash in between tells nobody twice.
        """
        with self._database.write() as connection:
            for recipient in recipients:
                outbox.add(
                    connection,
                    kind,
                    recipient,
                    details=details,
                    key=f"{name}:{kind}:{now.isoformat()}",
                    now=now,
                    domain=self._office.message_domain,
                )
            channels.told(connection, name, kind, now)

    def latest_arrival(self, name: str) -> datetime | None:
        """Return when a channel's ledger last grew by something that is no mail of our own."""
        with self._database.read() as connection:
            return ledger.latest(connection, name)

    def canary(self, name: str) -> Canary | None:
        """Return what became of a channel's last mail to itself."""
        with self._database.read() as connection:
            return canaries.last(connection, name)

    def send_canary(self, name: str, address: str, now: datetime) -> None:
        """Put a mail from a channel to its own address into the outbox, and remember it on its row."""
        with self._database.write() as connection:
            domain = self._office.message_domain
            canaries.send(connection, name, address, now=now, domain=domain)

    def canary_came_back(self, name: str, sent_at: datetime, back_at: datetime) -> None:
        """Note on a channel's row that its mail to itself came back."""
        with self._database.write() as connection:
            canaries.came_back(connection, name, sent_at, back_at)

    # Small values

    def value(self, key: str) -> str | None:
        """Return a kept value."""
        with self._database.read() as connection:
            return connection.scalar(select(ValueRow.value).where(ValueRow.key == key))

    def kept(self, key: str, fresh: str) -> str:
        """Return a kept value; where there is none, ``fresh``, which is kept from then on."""
        with self._database.write() as connection:
            put = insert_into(connection.dialect, ValueRow).values(key=key, value=fresh)
            connection.execute(put.on_conflict_do_nothing(index_elements=["key"]))
            kept = connection.scalar(select(ValueRow.value).where(ValueRow.key == key))
        return kept or fresh

    def set_value(self, key: str, value: str) -> None:
        """Keep a value over restarts."""
        with self._database.write() as connection:
            values.put(connection, key, value)
