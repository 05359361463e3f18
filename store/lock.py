"""One daemon for each database: a second one is refused, by name."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, text

from store import private
from store.engine import Database
from store.errors import AlreadyRunning

DAEMON_LOCK = 0x6D75617261  # "muara": PostgreSQL's advisory locks are numbers
_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.database = "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) "
    "AND (l.classid::bigint << 32 | l.objid::bigint) = :lock"
)


@contextmanager
def exclusive(database: Database) -> Iterator[None]:
    """Hold the daemon's lock. Raises AlreadyRunning. The system frees it when the process dies."""
    hold = _file_lock(database.file) if database.file else _server_lock(database)
    with hold:
        yield


@contextmanager
def _file_lock(database: Path) -> Iterator[None]:
    path = database.with_name(database.name + ".lock")
    # The file stays: removing it would let two processes lock two files of one name.
    private.ensure(path)
    with path.open("r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(pid=lock.read().strip() or "?") from None
        lock.truncate()
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield
        lock.truncate(0)


@contextmanager
def _server_lock(database: Database) -> Iterator[None]:
    engine = create_engine(
        database.url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={"application_name": f"muara {os.getpid()}", "keepalives_idle": 30},
    )
    with engine.connect() as connection:
        taken = connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": DAEMON_LOCK})
        if not taken:
            raise AlreadyRunning(pid=_holder(connection))
        yield


def _holder(connection: Connection) -> str:
    name = connection.scalar(_HOLDER, {"lock": DAEMON_LOCK})
    return str(name or "?").removeprefix("muara ")
