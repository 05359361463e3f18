"""Bringing a database to the version this code knows. Looking is cheap: most starts find nothing to do."""

from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, inspect

from store import private
from store.engine import Database

SCRIPTS = Path(__file__).parent / "migrations"
_NUMBER = 4  # the first characters of a migration's file are its revision


def upgrade(database: Database, backup_dir: Path | None) -> None:
    """Upgrade to the newest version. All or nothing. Raises DatabaseNewer.

    A SQLite file that has something to upgrade is copied first: into ``backup_dir``, or beside it.
    """
    if database.file is not None:
        private.ensure(database.file)
    if not _is_current(database):
        # Only now: a tenth of a command's time would go into reading Alembic.
        import_module("store.upgrading").upgrade(database, backup_dir)


def newest() -> str:
    """Return the revision that this code knows last."""
    return max(file.name[:_NUMBER] for file in (SCRIPTS / "versions").glob("[0-9]*.py"))


def _is_current(database: Database) -> bool:
    """A look without any lock."""
    with database.read() as connection:
        return _revision(connection) == newest()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)
