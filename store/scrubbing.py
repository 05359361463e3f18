"""Seeing that nothing of what was overwritten can be read from a SQLite file any more."""

import sqlite3
from contextlib import closing

from store.engine import Database
from store.errors import Unavailable

_BUSY_SECONDS = 60


def scrub(database: Database) -> None:
    """Write a SQLite file anew, and empty its log. Raises Unavailable while others keep it busy.

    PostgreSQL keeps old versions of rows until its own VACUUM; only VACUUM FULL writes a table anew,
    and everybody else has to wait for it: it is left to whoever runs the server.
    """
    if database.file is None:
        return
    try:
        with closing(sqlite3.connect(database.file, timeout=_BUSY_SECONDS)) as connection:
            connection.isolation_level = None
            connection.execute("PRAGMA secure_delete=ON").fetchall()
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error as error:
        raise Unavailable(reason=str(error)) from error
    if busy:
        raise Unavailable(reason="database is locked")
