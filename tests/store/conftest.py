"""Every test of the store runs on SQLite and on a real PostgreSQL, each with a database of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from store import Store
from testing import postgres
from testing.require import require

Fresh = Callable[[Path], str]


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Postgres]:
    require("PostgreSQL", postgres.missing())
    with postgres.Postgres() as started:
        yield started


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def fresh(backend: str, request: pytest.FixtureRequest) -> Fresh:
    """Makes an empty database in a folder, or on the server, and returns its URL."""
    if backend == "sqlite":
        return lambda folder: f"sqlite:///{folder / 'muara.db'}"
    server: postgres.Postgres = request.getfixturevalue("server")
    return lambda _folder: server.database()


@pytest.fixture(scope="session")
def upgraded(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One upgraded database that the tests' own are copied from."""
    url = fresh(tmp_path_factory.mktemp("upgraded"))
    made = Store(url)
    made.upgrade()
    made.close()
    return url


@pytest.fixture
def empty_url(fresh: Fresh, tmp_path: Path) -> str:
    """A database without tables."""
    return fresh(tmp_path)


@pytest.fixture
def url(backend: str, upgraded: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An upgraded database without rows."""
    name = make_url(upgraded).database or ""
    if backend == "sqlite":
        return f"sqlite:///{shutil.copy(name, tmp_path / 'muara.db')}"
    server: postgres.Postgres = request.getfixturevalue("server")
    return server.database(like=name)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url, message_domain="muara.test", own_names=["Bagian Kesra Buleleng"])
    yield opened
    opened.close()
