"""INSERT ... ON CONFLICT, which both databases spell the same but SQLAlchemy keeps apart."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from store.models import Base


def insert_into(connection: Connection, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ``on_conflict_*`` for this connection's database."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)


def add_missing(connection: Connection, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        connection.execute(insert_into(connection, model).on_conflict_do_nothing(), rows)
