"""Copies of a SQLite database that were made before it was sealed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path


def plain(database: Path | None, folder: Path) -> list[Path]:
    """Return copies beside a database and in a folder that hold what people wrote as plain text."""
    if database is None:
        return []
    found = {file for place in (database.parent, folder) for file in place.glob("*.db")}
    return [file for file in sorted(found - {database}) if _is_plain(file)]


def _is_plain(file: Path) -> bool:
    try:
        uri = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            tables = set(_names(connection))
            if "complainants" not in tables:
                return False
            if "seal" not in tables:
                return True
            return bool(connection.execute("SELECT count(*) = 0 FROM seal").fetchone()[0])
    except sqlite3.Error:
        return False


def _names(connection: sqlite3.Connection) -> Iterator[str]:
    yield from (name for (name,) in connection.execute("SELECT name FROM sqlite_master"))
