"""What root makes in the daemon's folder belongs to the daemon."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store import Store, private
from tests.store.samples import intake, put

DAEMON = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files for others")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "data"
    place.mkdir()
    os.chown(place, DAEMON, DAEMON)
    return place


@as_root
def test_what_root_makes_belongs_to_the_owner_of_the_folder(folder: Path, tmp_path: Path) -> None:
    store = Store(f"sqlite:///{folder / 'muara.db'}")
    store.upgrade()
    with store.exclusive():
        put(store, intake())
    private.ensure_folder(folder / "backup" / "harian")
    store.back_up(folder / "backup" / "harian" / "salinan.db")
    store.back_up(tmp_path / "root.db")
    store.restore(tmp_path / "root.db", datetime.now(UTC), anyway=False)
    store.close()
    assert (tmp_path / "root.db").stat().st_uid == 0
    made = list(folder.rglob("*"))
    assert {"muara.db", "muara.db.lock", "salinan.db", "backup", "harian"} <= {p.name for p in made}
    assert {path.name: path.stat().st_uid for path in made if path.stat().st_uid != DAEMON} == {}


@as_root
def test_a_link_does_not_lead_root_into_giving_a_file_away(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "milik-root"
    other.touch()
    (folder / "muara.db").symlink_to(other)
    (folder / "ke-mana").symlink_to(tmp_path / "belum-ada")
    private.ensure(folder / "muara.db")
    with pytest.raises(FileNotFoundError):
        private.ensure(folder / "ke-mana")
    assert other.stat().st_uid == 0
    assert not (tmp_path / "belum-ada").exists()


def test_a_new_file_and_a_new_folder_are_closed_to_others(tmp_path: Path) -> None:
    private.ensure_folder(tmp_path / "a" / "b")
    private.ensure(tmp_path / "a" / "b" / "c")
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "a", tmp_path / "a" / "b" / "c")]
    assert modes == [0o700, 0o600]
