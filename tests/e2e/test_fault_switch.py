"""The switch that kills the process at a chosen commit: dead at the right place, and off unless asked for."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from testing.daemon import ROOT

WRITES = """
import sys
from store import Store
store = Store(sys.argv[1])
for number in range(3):
    store.set_value(str(number), "kept")
"""


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with closing(sqlite3.connect(tmp_path / "muara.db")) as made:
        made.execute("CREATE TABLE kept_values (key VARCHAR PRIMARY KEY, value VARCHAR NOT NULL)")
    return tmp_path / "muara.db"


def write_thrice(database: Path, fault: str) -> int:
    environment = {**os.environ, "MUARA_FAULT": fault}
    call = [sys.executable, "-c", WRITES, f"sqlite:///{database}"]
    return subprocess.run(call, env=environment, cwd=ROOT, timeout=60, check=False).returncode


def kept(database: Path) -> int:
    with closing(sqlite3.connect(database)) as looked:
        return int(looked.execute("SELECT count(*) FROM kept_values").fetchone()[0])


@pytest.mark.parametrize(
    ("fault", "code", "left"),
    [
        ("", 0, 3),
        ("commit:before:2", -signal.SIGKILL, 1),
        ("commit:after:2", -signal.SIGKILL, 2),
        ("commit:before:4", 0, 3),
        ("elsewhere:1", 0, 3),
    ],
)
def test_the_process_dies_at_the_chosen_commit_and_nowhere_else(
    database: Path, fault: str, code: int, left: int
) -> None:
    assert (write_thrice(database, fault), kept(database)) == (code, left)
