"""Connections: SQLite made durable and free of lock surprises, PostgreSQL as it comes."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeoutError,
)

from store import faults
from store.columns import canonical
from store.errors import Broken, Collision, Conflict, KeyUnknown, Rejected, StoreError, Unavailable
from store.keyring import Keyring
from store.sealing import give

_WRITES = "muara_writes"
VIA = "muara_via"  # an option of a transaction: by what way its events came about
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # a commit that returned survives a power cut
    "foreign_keys=ON",
    "cache_size=-16000",  # 16 MB: the indexes a batch touches stay in memory
    "wal_autocheckpoint=4000",  # pages, 16 MB: fewer pauses for copying back
)
_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10
_PRIMARY = 0xFF  # of an extended SQLite result code
_TRY_AGAIN = {"40001", "40P01"}  # SQLSTATE: serialization failure, deadlock


class Database:
    """One database: `read` and `write` transactions. Safe to share between threads."""

    def __init__(self, url: str, keyring: Keyring | None = None) -> None:
        self.keyring = keyring
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.file = _file(self.url.database) if self.is_sqlite else None
        self.engine = self._engine()
        # PostgreSQL shows every statement a newer state otherwise; SQLite never does.
        snapshot = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._reader = self.engine.execution_options(**snapshot)
        self._writer = self.engine.execution_options(**{_WRITES: True})
        # Threads of one process queue up here; SQLite's own waiting polls and is not fair.
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        self._joint = threading.local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view of the database. Raises Unavailable."""
        joint = self._of_this_thread()
        if joint is not None:
            yield joint
            return
        with _named_errors(), self._reader.begin() as connection:
            yield connection

    @contextmanager
    def together(self, via: str = "") -> Iterator[None]:
        """Make everything this thread reads and writes inside the block one transaction.

        ``via`` is noted with every event that is added. A block inside another is part of that one.
        """
        if self._of_this_thread() is not None:
            yield
            return
        with self.write() as connection:
            connection.execution_options(**{VIA: via})
            self._joint.connection = connection
            try:
                yield
            finally:
                self._joint.connection = None
                connection.execution_options(**{VIA: ""})

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One transaction, committed at the end, rolled back on an exception. Raises Unavailable."""
        joint = self._of_this_thread()
        if joint is not None:
            yield joint
            return
        with _named_errors(), self._turn, self._writer.begin() as connection:
            self._check_key(connection)
            yield connection
            faults.at("commit:before")
        faults.at("commit:after")

    def _check_key(self, connection: Connection) -> None:
        """Nothing is sealed with keys that were exchanged since this process read them."""
        if self.keyring:
            key = connection.exec_driver_sql("SELECT key FROM seal").scalar()
            if key and key not in self.keyring.ids:
                raise KeyUnknown(used=key, known=", ".join(self.keyring.ids))

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A write transaction for changing tables: on SQLite without foreign keys being enforced."""
        engine = self._engine(poolclass=NullPool)
        if self.is_sqlite:
            event.listen(engine, "connect", _loosen)
        try:
            with (
                _named_errors(),
                self._turn,
                engine.execution_options(**{_WRITES: True}).begin() as connection,
            ):
                yield connection
        finally:
            engine.dispose()

    def _of_this_thread(self) -> Connection | None:
        """The transaction of a block `together` that this thread is in."""
        return getattr(self._joint, "connection", None)

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()

    def _engine(self, **options: Any) -> Engine:
        if self.is_sqlite:
            options["connect_args"] = {"timeout": _BUSY_SECONDS}
        else:
            options["paramstyle"] = "format"  # by position, as SQLite has it: see bulk.py
            options["connect_args"] = {"connect_timeout": _CONNECT_SECONDS}
        engine = create_engine(
            self.url,
            json_serializer=canonical,
            hide_parameters=True,  # an error in the journal must not show a complainant's words
            pool_pre_ping=not self.is_sqlite,
            **options,
        )
        if self.is_sqlite:
            event.listen(engine, "connect", _prepare)
            event.listen(engine, "begin", _begin)
        give(engine, self.keyring)
        return engine


@contextmanager
def _named_errors() -> Iterator[None]:
    """Raise what a caller can act on. PostgreSQL's details quote whole rows: they are left out."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        kind = Collision if _sqlstate(error) in _TRY_AGAIN else Unavailable
        raise kind(reason=_reason(error)) from None
    except PoolTimeoutError as error:
        raise Unavailable(reason=str(error)) from error
    except DBAPIError as error:
        raise _refusal(error)(reason=_reason(error)) from None


def _refusal(error: DBAPIError) -> type[StoreError]:
    if isinstance(error, IntegrityError):
        return Conflict
    code = getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY
    return Broken if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT) else Rejected


def _sqlstate(error: DBAPIError) -> str | None:
    return getattr(error.orig, "sqlstate", None)


def _reason(error: DBAPIError) -> str:
    said = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    first, *_ = str(said or error.orig).strip().splitlines() or [""]  # libpq goes on with advice
    return first


def _file(database: str | None) -> Path:
    if not database or database == ":memory:" or database.startswith("file:"):
        raise ValueError("the store needs a SQLite file: sqlite:///path/to/muara.db")
    return Path(database)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, also before DDL and SELECT
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _loosen(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF").close()


def _begin(connection: Connection) -> None:
    # A read that turns into a write cannot wait for the lock in WAL mode: writers take it first.
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
