"""A throw-away PostgreSQL in a temporary folder, reached by a socket in it only.

Started as root it runs as ``nobody``, because PostgreSQL refuses root; nothing else is changed.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

_DEBIAN = Path("/usr/lib/postgresql")
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 60
"""


def missing() -> str | None:
    """Say why there is no PostgreSQL server here, or None if there is one."""
    return None if _binaries() else "PostgreSQL's server programs were not found"


def _binaries() -> Path | None:
    """Return the folder with the newest server programs."""
    if given := os.environ.get("MUARA_PG_BIN"):
        return Path(given)
    found = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[4]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    return Path(on_path).parent if on_path else None


class Postgres:
    """A server as a context manager. `database` makes a fresh, empty database each time."""

    def __init__(self) -> None:
        binaries = _binaries()
        if binaries is None:
            raise LookupError(missing())
        self._binaries = binaries
        self._as: dict[str, Any] = {}
        self._numbers = count()

    def __enter__(self) -> Self:
        # A short path: a socket's name holds 107 bytes at most.
        self._folder = Path(tempfile.mkdtemp(prefix="muara-pg-", dir="/tmp"))
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
            self._as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        try:
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def database(self, like: str = "template1") -> str:
        """Make a database, empty or ``like`` another one nobody is using; return its SQLAlchemy URL."""
        name = f"muara_{next(self._numbers)}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {like}")
        return f"postgresql+psycopg://postgres@/{name}?host={self._folder}"

    def drop(self, url: str) -> None:
        """Remove a database that `database` made, whoever is still connected."""
        name = url.partition("@/")[2].partition("?")[0]
        self._command(f"DROP DATABASE {name} WITH (FORCE)")

    def _command(self, statement: str) -> None:
        server = f"host={self._folder} user=postgres dbname=postgres"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(statement.encode())

    def _start(self) -> None:
        data = self._folder / "data"
        self._run(
            "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync",
            "--locale=C.UTF-8",
        )  # fmt: skip
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(folder=self._folder))
        self._run("pg_ctl", "-D", data, "-w", "-t", "60", "-l", self._folder / "log", "start")

    def _stop(self) -> None:
        if (self._folder / "data" / "postmaster.pid").exists():
            self._run("pg_ctl", "-D", self._folder / "data", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: object) -> None:
        done = subprocess.run(
            [self._binaries / program, *map(str, arguments)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would stay open in the server
            stderr=subprocess.PIPE,
            cwd=self._folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            **self._as,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stderr.decode(errors='replace')}")
