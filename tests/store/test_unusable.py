"""A database that cannot be used: one line of reason, and named by what to do."""

from pathlib import Path

import pytest

from store import Store
from store.errors import Broken, Unavailable


def test_a_file_that_is_no_database_is_broken_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "muara.db"
    file.write_bytes(b"garbage" * 1000)
    store = Store(f"sqlite:///{file}")
    with pytest.raises(Broken):
        store.upgrade()
    store.close()
    assert file.read_bytes() == b"garbage" * 1000


def test_a_postgresql_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    store = Store("postgresql+psycopg://x@127.0.0.1:1/muara", backup_dir=tmp_path)
    with pytest.raises(Unavailable) as failed:
        store.upgrade()
    store.close()
    assert "refused" in failed.value.values["reason"]
    assert "\n" not in failed.value.values["reason"]
