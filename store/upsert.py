"""INSERT ... ON CONFLICT, which both databases spell the same but SQLAlchemy keeps apart."""

from sqlalchemy import Dialect
from sqlalchemy.dialects import postgresql, sqlite

from store.models import Base


def insert_into(dialect: Dialect, model: type[Base]) -> sqlite.Insert | postgresql.Insert:
    """Return an INSERT that knows ``on_conflict_*`` for this dialect."""
    if dialect.name == "sqlite":
        return sqlite.insert(model)
    return postgresql.insert(model)
