"""Upgrading a database with Alembic, safely."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from store import migrate, private
from store.engine import Database
from store.errors import DatabaseNewer

_UPGRADE_LOCK = 0x6D75617262


def upgrade(database: Database, backup_dir: Path | None) -> None:
    """Upgrade a database; see store.migrate."""
    with database.alone() as connection:
        _upgrade(connection, database.file, backup_dir)


def config() -> Config:
    """Return Alembic's configuration for the migrations in this package."""
    made = Config()
    made.set_main_option("script_location", str(migrate.SCRIPTS).replace("%", "%%"))
    return made


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _upgrade(connection: Connection, file: Path | None, backup_dir: Path | None) -> None:
    if file is None:  # two daemons starting at once: the second waits, then finds nothing to do
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _UPGRADE_LOCK})
    alembic = config()
    scripts = ScriptDirectory.from_config(alembic)
    current, head = _current(connection), _head(scripts)
    if current == head:
        return
    if current is not None and current not in {
        script.revision for script in scripts.walk_revisions()
    }:
        raise DatabaseNewer(revision=current, known=head)
    if current is not None and file is not None:
        _backup(file, backup_dir or file.parent, current)
    alembic.attributes["connection"] = connection
    command.upgrade(alembic, "head")
    if file is not None:
        _check_references(connection)


def _head(scripts: ScriptDirectory) -> str:
    head = scripts.get_current_head()
    if head is None:
        raise RuntimeError(f"no migrations in {migrate.SCRIPTS}")
    return head


def _backup(file: Path, folder: Path, revision: str) -> None:
    private.ensure_folder(folder)
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = folder / f"{file.stem}-{revision}-{moment}.db"
    unfinished = copy.with_suffix(".part")
    private.ensure(unfinished)
    # Another connection: the one that upgrades holds the write lock, which does not hinder readers.
    with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(unfinished)) as target:
        source.backup(target)
    unfinished.replace(copy)


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"the upgrade would break {len(broken)} references; nothing was changed")
