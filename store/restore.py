"""Putting a backup in the place of the database. Whatever goes wrong, one of the two lies there whole."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, func, select

from classify.types import Medium
from store import backup, migrate, private, resealing
from store.backup import Progress, no_progress
from store.chain import STAFF
from store.engine import Database
from store.errors import CopyDamaged, CopyKeyUnknown, InUse, KeyUnknown, NotACopy
from store.keyring import Keyring
from store.models import ArrivalRow, EventRow
from store.types import Copy, Fate, Later, Restored

_TYPED_IN = [medium.value for medium in Medium]  # channels of people's own entries are named so


def restore(
    database: Database,
    file: Path,
    now: datetime,
    *,
    anyway: bool,
    progress: Progress,
) -> Restored:
    """Put a backup in a database's place, brought to this version; what was there is kept aside.

    Nobody may hold the database open. Raises NotACopy, DatabaseNewer, InUse, CopyKeyUnknown; CopyDamaged
    where the event log does not fit, unless ``anyway``.
    """
    present = backup.file_of(database)
    database.close()
    backup.revision(file)
    with TemporaryDirectory(dir=present.parent, prefix=".restore-") as folder:
        fresh = Path(folder) / present.name
        private.create(fresh, folder=present.parent)
        copy = _prepared(file, fresh, progress, database.keyring)
        if copy.damage and not anyway:
            raise CopyDamaged(file=file, count=len(copy.damage))
        later, aside = None, None
        if present.exists():
            later = _later(present, copy)
            aside = _set_aside(present, now)
        fresh.replace(present)
        backup.sync(present.parent)
    return Restored(copy, aside, later)


def _prepared(file: Path, fresh: Path, progress: Progress, keyring: Keyring | None) -> Copy:
    """A copy of the backup with today's tables, verified."""
    backup.copy_pages(file, fresh, progress)
    database = Database(f"sqlite:///{fresh}", keyring)
    try:
        _admit(database, file)
        migrate.upgrade(database, fresh.parent / "before")
        resealing.bring_up(database, no_progress)
    finally:
        database.close()
    copy = backup.verified(fresh, keyring)
    backup.sync(fresh)
    return copy


def _admit(database: Database, file: Path) -> None:
    """As `resealing.admit`, but it is the backup that has another key: today's is right for what is here."""
    try:
        resealing.admit(database)
    except KeyUnknown as error:
        raise CopyKeyUnknown(file=file, **error.values) from error


def _later(present: Path, copy: Copy) -> Later | None:
    try:
        with backup.reading(present) as connection:
            return _written_after(connection, copy.until)
    except NotACopy:  # often the very reason for restoring
        return None


def _written_after(connection: Connection, moment: datetime | None) -> Later:
    arrivals = [] if moment is None else [ArrivalRow.entered_at > moment]
    events = [] if moment is None else [EventRow.at > moment]
    counted = select(ArrivalRow.channel, func.count()).group_by(ArrivalRow.channel)
    by_channel = connection.execute(counted.where(*arrivals))
    fetched = {name: count for name, count in by_channel if name not in _TYPED_IN}
    typed = connection.scalars(
        select(ArrivalRow.number)
        .where(*arrivals, ArrivalRow.channel.in_(_TYPED_IN), ArrivalRow.fate != Fate.QUARANTINED)
        .order_by(ArrivalRow.id)
    )
    decided = connection.scalars(
        select(EventRow.number).where(*events, EventRow.chain == STAFF).order_by(EventRow.id)
    )
    return Later(fetched, tuple(dict.fromkeys(filter(None, typed))), tuple(dict.fromkeys(decided)))


def _set_aside(present: Path, now: datetime) -> Path:
    """Keep the present database under another name; its own name stays taken until it is replaced."""
    _settle(present)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    aside = present.with_name(f"{present.stem}-before-restore-{stamp}.db")
    for suffix in ("-wal", "-shm"):  # left by a damaged one: never to be taken for the new one's
        neighbour = present.with_name(present.name + suffix)
        if neighbour.exists():
            neighbour.rename(aside.with_name(aside.name + suffix))
    os.link(present, aside)
    return aside


def _settle(present: Path) -> None:
    """Bring the write-ahead log home. Raises InUse when somebody else has the database open."""
    try:
        with closing(sqlite3.connect(present, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.DatabaseError as error:
        # The lowest byte is the kind, the others say more about it.
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise InUse(file=present) from error
        return  # damaged: put aside as it is
    # The last to close removes the log.
    if present.with_name(present.name + "-wal").exists():
        raise InUse(file=present)
