import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from store import DatabaseNewer, Store, migrate, upgrading
from store.engine import Database
from store.models import Base
from store.sealing import AsStored
from tests.store.samples import behind, open_case, sql

HEAD = max(path.name[:4] for path in (migrate.SCRIPTS / "versions").glob("[0-9]*.py"))
NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9000"
down_revision = "{head}"
branch_labels = depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("colour", sa.Text))
    {more}
"""
Release = Callable[[str], None]


@pytest.fixture
def url(own_url: str) -> str:
    """These tests change tables: each has a database that no other test uses."""
    return own_url


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Release:
    """Makes the code one version newer: a migration that ends with the given line."""

    def make(more: str = "") -> None:
        folder = tmp_path / "migrations"
        shutil.copytree(migrate.SCRIPTS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        newer = folder / "versions" / "9000_colour.py"
        newer.write_text(NEXT.format(head=HEAD, more=more))
        monkeypatch.setattr(migrate, "SCRIPTS", folder)

    return make


def is_of_models(name: str | None, kind: str, _parent: Any) -> bool:
    """FTS5 makes tables of its own, and the models know nothing of PostgreSQL's text index."""
    return not (
        kind in ("table", "index") and (name or "").startswith(("case_words", "ix_case_words"))
    )


def differs(context: Any, _inspected: Any, _column: Any, found: Any, wanted: Any) -> bool | None:
    """SQLite holds a sealed value in a column of any type."""
    if context.dialect.name == "sqlite" and isinstance(wanted, AsStored):
        return False
    return None


def columns(url: str) -> set[str]:
    with behind(url) as connection:
        return {str(column["name"]) for column in inspect(connection).get_columns("cases")}


def upgrade(url: str, backup_dir: Path | None = None) -> None:
    store = Store(url, backup_dir=backup_dir)
    try:
        store.upgrade()
    finally:
        store.close()


def test_an_empty_database_becomes_one_the_store_can_use(empty_url: str) -> None:
    store = Store(empty_url)
    store.upgrade()
    store.upgrade()
    store.ping()
    assert store.ticket(open_case(store)) is not None
    store.close()


def test_migrations_and_models_agree(url: str) -> None:
    with behind(url) as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": is_of_models, "compare_type": differs}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_a_missing_column_would_be_noticed(url: str) -> None:
    sql(url, "ALTER TABLE notices DROP COLUMN error")
    with behind(url) as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_of_models})
        assert compare_metadata(context, Base.metadata) != []


def test_a_newer_database_is_refused_and_left_alone(url: str) -> None:
    sql(url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer) as refused:
        upgrade(url)
    assert refused.value.values == {"revision": "9999", "known": HEAD}
    assert sql(url, "SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_later_upgrade_keeps_the_rows(store: Store, url: str, release: Release) -> None:
    number = open_case(store)
    release("")
    upgrade(url)
    assert "colour" in columns(url)
    assert store.ticket(number) is not None
    assert sql(url, "SELECT version_num FROM alembic_version") == [("9000",)]


def test_an_upgrade_that_fails_changes_nothing(store: Store, url: str, release: Release) -> None:
    number = open_case(store)
    release("raise RuntimeError('half way')")
    with pytest.raises(RuntimeError, match="half way"):
        upgrade(url)
    assert "colour" not in columns(url)
    assert sql(url, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert store.ticket(number) is not None


def test_two_daemons_upgrading_at_once_do_not_collide(empty_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _turn: upgrade(empty_url), range(3)))
    assert sql(empty_url, "SELECT version_num FROM alembic_version") == [(HEAD,)]


def sqlite_with_a_case(folder: Path) -> tuple[str, str]:
    url = f"sqlite:///{folder / 'muara.db'}"
    store = Store(url)
    store.upgrade()
    number = open_case(store)
    store.close()
    return url, number


def test_a_sqlite_file_is_copied_before_an_upgrade(tmp_path: Path, release: Release) -> None:
    url, number = sqlite_with_a_case(tmp_path)
    release("")
    upgrade(url, tmp_path / "copies")
    (copy,) = (tmp_path / "copies").iterdir()
    assert copy.name.startswith(f"muara-{HEAD}-")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT number FROM cases").fetchall() == [(number,)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_no_copy_is_made_where_there_is_nothing_to_upgrade(tmp_path: Path) -> None:
    url, _number = sqlite_with_a_case(tmp_path)
    upgrade(url)
    assert [path.name for path in tmp_path.glob(f"*-{HEAD}-*")] == []


def test_a_sqlite_file_is_for_its_owner_only(tmp_path: Path) -> None:
    sqlite_with_a_case(tmp_path)
    assert stat.S_IMODE((tmp_path / "muara.db").stat().st_mode) == 0o600


def test_an_upgrade_that_breaks_references_is_undone(tmp_path: Path, release: Release) -> None:
    url, number = sqlite_with_a_case(tmp_path)
    release("op.execute('DELETE FROM cases')")
    with pytest.raises(RuntimeError, match="references"):
        upgrade(url)
    assert sql(url, "SELECT number FROM cases") == [(number,)]


def test_sqlite_commits_are_durable_and_references_are_kept(tmp_path: Path) -> None:
    url, _number = sqlite_with_a_case(tmp_path)
    database = Database(url)
    with database.read() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    database.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_the_newest_revision_is_known_without_reading_alembic() -> None:
    heads = ScriptDirectory.from_config(upgrading.config()).get_heads()
    assert heads == [migrate.newest()]
    code = "import sys, store; from store import Store; sys.exit('alembic' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
