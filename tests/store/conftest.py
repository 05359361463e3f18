"""Every test of the store runs on SQLite and on a real PostgreSQL, each with a database of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from store import Store
from store.models import Base
from testing import postgres
from testing.require import require
from tests.store.samples import sql


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Postgres]:
    require("PostgreSQL", postgres.missing())
    with postgres.Postgres() as started:
        yield started


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def upgraded(
    backend: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> str:
    """One upgraded database that the tests' own are copied from."""
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('upgraded') / 'muara.db'}"
    else:
        server: postgres.Postgres = request.getfixturevalue("server")
        url = server.database()
    made = Store(url)
    made.upgrade()
    made.close()
    return url


@pytest.fixture
def empty_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'muara.db'}"
        return
    server: postgres.Postgres = request.getfixturevalue("server")
    url = server.database()
    yield url
    server.drop(url)


@pytest.fixture
def own_url(
    backend: str, upgraded: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """An upgraded database without rows, for tests that change its tables."""
    name = make_url(upgraded).database or ""
    if backend == "sqlite":
        yield f"sqlite:///{shutil.copy(name, tmp_path / 'muara.db')}"
        return
    server: postgres.Postgres = request.getfixturevalue("server")
    _empty(upgraded)
    url = server.database(like=name)
    yield url
    server.drop(url)


@pytest.fixture
def url(backend: str, upgraded: str, tmp_path: Path) -> str:
    """An upgraded database without rows. PostgreSQL's is emptied each time: ten times faster."""
    if backend == "sqlite":
        name = make_url(upgraded).database or ""
        return f"sqlite:///{shutil.copy(name, tmp_path / 'muara.db')}"
    _empty(upgraded)
    return upgraded


def _empty(url: str) -> None:
    """Take away what the test before left."""
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    sql(url, f"TRUNCATE {tables}, case_words RESTART IDENTITY")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url, message_domain="muara.test", own_names=["Bagian Kesra Buleleng"])
    yield opened
    opened.close()
