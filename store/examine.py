"""Questions of a health check: what does not fit together in the database, and what waits too long."""

import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, and_, exists, func, not_, select, text

from classify.types import Kind
from store import raw, witness
from store.answer_models import AnswerFileRow, AnswerRow
from store.crosscheck import crosscheck
from store.engine import Database
from store.errors import SealBroken
from store.models import ArrivalRow, Base, CaseRow, EventRow, NoticeRow, RawPart
from store.types import Account, Damage, Fate, NoticeState, Status

_DONE = [status for status in Status if not status.open]
_ANSWERED_KINDS = [kind for kind in Kind if kind.wants_answer]
_BYTELESS = (Fate.HISTORY,)
_FILES_WITHOUT_BYTES = (
    select(AnswerRow.number)
    .join(AnswerFileRow, AnswerFileRow.answer_id == AnswerRow.id)
    .where(not_(exists().where(RawPart.sha256 == AnswerFileRow.sha256, RawPart.part == 0)))
    .order_by(AnswerFileRow.id)
)


class Examination:
    """Looks only. Every method raises Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def integrity(self) -> list[str]:
        """What the database itself finds wrong with its files, in its own words."""
        with self._database.read() as connection:
            return integrity(connection)

    def broken_references(self) -> dict[str, int]:
        """How many rows name something that is not there, by ``table.column``."""
        with self._database.read() as connection:
            return broken_references(connection)

    def crosscheck(self) -> list[Damage]:
        """Cases that are gone, without a log, or not as their log says."""
        with self._database.read() as connection:
            return list(crosscheck(connection))

    def witness(self) -> str:
        """One line that proves later that the event log still holds what it holds now."""
        with self._database.read() as connection:
            return witness.head(connection)

    def holds(self, noted: str) -> bool:
        """Whether the log still holds what a `witness` was taken of. Raises ValueError for another text."""
        with self._database.read() as connection:
            return witness.holds(connection, noted)

    def accounts(self, channel: str, folder: str, generation: str) -> Mapping[str, Account]:
        """What the ledger says about every item of a folder."""
        wanted = select(ArrivalRow.item, ArrivalRow.fate, ArrivalRow.truncated).where(
            ArrivalRow.channel == channel,
            ArrivalRow.folder == folder,
            ArrivalRow.generation == generation,
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted)
            return {item: Account(Fate(fate), truncated) for item, fate, truncated in rows}

    def without_deadline(self) -> list[str]:
        """Open cases that are owed an answer but have no deadline; see classify.routing.promise."""
        no_tier = and_(CaseRow.certain, CaseRow.tier.is_(None))
        wanted = select(CaseRow.number).where(
            CaseRow.due_at.is_(None),
            CaseRow.status.not_in(_DONE),
            CaseRow.kind.in_(_ANSWERED_KINDS),
            not_(no_tier),
        )
        with self._database.read() as connection:
            return list(connection.scalars(wanted.order_by(CaseRow.id)))

    def open_deadlines(self) -> list[tuple[datetime, datetime]]:
        """Receipt and deadline of every case that still owes an answer."""
        wanted = select(CaseRow.received_at, CaseRow.due_at).where(
            CaseRow.due_at.is_not(None), CaseRow.status.not_in(_DONE)
        )
        with self._database.read() as connection:
            return [(received, due) for received, due in connection.execute(wanted) if due]

    def stuck(self, before: datetime) -> int:
        """How many notices wait although they were due before then."""
        wanted = select(func.count()).where(
            NoticeRow.state == NoticeState.WAITING, NoticeRow.next_at < before
        )
        with self._database.read() as connection:
            return connection.scalar(wanted) or 0

    def newest_event(self) -> datetime | None:
        """When the last event was written, by the clock of then."""
        with self._database.read() as connection:
            return connection.scalar(select(func.max(EventRow.at)))

    def missing_bytes(self) -> list[str]:
        """Arrivals, as ``channel folder item``, and answers' files, as ``answer number``, without their bytes."""
        stored = exists().where(RawPart.sha256 == ArrivalRow.sha256, RawPart.part == 0)
        wanted = select(ArrivalRow.channel, ArrivalRow.folder, ArrivalRow.item).where(
            ArrivalRow.fate.not_in(_BYTELESS), ArrivalRow.purged_at.is_(None), not_(stored)
        )
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(ArrivalRow.id)).all()
            files = connection.scalars(_FILES_WITHOUT_BYTES).all()
        return [" ".join(filter(None, row)) for row in rows] + [f"answer {one}" for one in files]

    def changed_bytes(self) -> Iterator[tuple[int, str]]:
        """Read all stored bytes again. Yield how many were read so far, and a name that does not fit or ""."""
        with self._database.read() as connection:
            names = list(connection.scalars(select(RawPart.sha256).where(RawPart.part == 0)))
        for count, name in enumerate(names, 1):
            with self._database.read() as connection:
                yield count, "" if _fits(connection, name) else name

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database."""
        return self._database.file

    def size(self) -> int:
        """How many bytes the database takes on its disk."""
        with self._database.read() as connection:
            return _size(connection)


def integrity(connection: Connection) -> list[str]:
    """Ask SQLite to read every page; PostgreSQL for checksum failures it has met (none without checksums)."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        return [line for line in found if line != "ok"]
    failures = connection.scalar(
        text("SELECT checksum_failures FROM pg_stat_database WHERE datname = current_database()")
    )
    return [f"checksum_failures={failures}"] if failures else []


def broken_references(connection: Connection) -> dict[str, int]:
    """Count rows whose foreign key leads nowhere: both databases can be made to skip the check."""
    found = {}
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            parent = key.column
            led = exists().where(parent == key.parent).correlate(table)
            wanted = select(func.count()).select_from(table)
            lost = connection.scalar(wanted.where(key.parent.is_not(None), not_(led)))
            if lost:
                found[f"{table.name}.{key.parent.name}"] = lost
    return found


def _fits(connection: Connection, name: str) -> bool:
    try:
        return raw.sha256(raw.load(connection, [name])[name]) == name
    except (KeyError, zlib.error, SealBroken):
        return False


def _size(connection: Connection) -> int:
    if connection.dialect.name == "sqlite":
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
