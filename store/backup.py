"""Copies of a SQLite database: taken while it is in use, and opened and verified before they count."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, func, select
from sqlalchemy.exc import DBAPIError

from store import chain, private
from store.engine import Database
from store.errors import CopyExists, NotACopy
from store.examine import broken_references, integrity
from store.keyring import Keyring
from store.models import ArrivalRow, CaseRow, EventRow
from store.sealing import give
from store.types import Copy

Progress = Callable[[int, int], None]

_PAGES = 512  # 2 MB at a time
_REVISION = "SELECT version_num FROM alembic_version"


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


def take(database: Database, target: Path, progress: Progress = no_progress) -> Copy:
    """Back a SQLite database up into a new file, for the owner only, while others read and write.

    Raises CopyExists, NotACopy when what was written does not open again, and OSError.
    """
    source = file_of(database)
    target.parent.stat()  # so that an error names the folder, not a file nobody asked for
    if target.exists():
        raise CopyExists(file=target)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    private.create(unfinished)
    try:
        copy_pages(source, unfinished, progress)
        copy = verified(unfinished, database.keyring)
        if target.exists():
            raise CopyExists(file=target)
        unfinished.rename(target)
        sync(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


def file_of(database: Database) -> Path:
    """Return a SQLite database's file. Raises ValueError for PostgreSQL, which has tools of its own."""
    if database.file is None:
        raise ValueError("PostgreSQL is copied by pg_dump")
    return database.file


def copy_pages(source: Path, target: Path, progress: Progress = no_progress) -> None:
    """Copy one consistent state of a database, safe on disk at the end. Raises NotACopy.

    ``progress`` hears of pages done and in all.
    """
    with _told_of(source), closing(_opened(source, "rw")) as origin:
        # A read of our own holds this state: else every commit of others would start the copy anew.
        origin.execute("BEGIN")
        origin.execute("SELECT count(*) FROM sqlite_master").fetchone()
        with closing(sqlite3.connect(target)) as copy:
            origin.backup(
                copy,
                pages=_PAGES,
                progress=lambda _status, left, total: progress(total - left, total),
            )
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole without its neighbours
    sync(target)


def revision(file: Path) -> str:
    """Return the version of the tables in a backup. Raises NotACopy for any other file."""
    with _told_of(file), closing(_opened(file, "ro")) as connection:
        (found,) = connection.execute(_REVISION).fetchone()
        connection.execute("SELECT 1 FROM arrivals, chains LIMIT 1")
        return str(found)


def verified(file: Path, keyring: Keyring | None) -> Copy:
    """Read a backup of this version from end to end. Raises NotACopy where the file itself is broken."""
    held = revision(file)
    with reading(file, keyring) as connection:
        broken = integrity(connection) + list(broken_references(connection))
        if broken:
            raise NotACopy(file=file, reason="; ".join(broken[:3]))
        cases = connection.scalar(select(func.count()).select_from(CaseRow)) or 0
        damage = tuple(chain.verify(connection))
        moments = (
            connection.scalar(select(func.max(column)))
            for column in (EventRow.at, ArrivalRow.entered_at)
        )
        until = max(filter(None, moments), default=None)
    return Copy(held, cases, until, file.stat().st_size, damage)


@contextmanager
def reading(file: Path, keyring: Keyring | None = None) -> Iterator[Connection]:
    """A connection that cannot write. Raises NotACopy for what SQLite cannot read."""
    engine = create_engine("sqlite://", creator=lambda: _opened(file, "ro"), poolclass=NullPool)
    give(engine, keyring)
    with _told_of(file), engine.connect() as connection:
        yield connection


def sync(path: Path) -> None:
    """See a file, or the names in a folder, safe on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _opened(file: Path, mode: str) -> sqlite3.Connection:
    """Unlike a plain connect, this makes no empty database where there is none."""
    uri = f"{file.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)


@contextmanager
def _told_of(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, DBAPIError, TypeError) as error:
        reason = getattr(error, "orig", None) or error
        raise NotACopy(file=file, reason=reason) from error
