"""The daemon's daily copy of the database."""

import stat
from pathlib import Path

import pytest

from ingest.daily import KEPT, DailyBackup, daily_copies
from store import Store
from tests.ingest.workshop import NOW, Workshop


@pytest.fixture
def folder(shop: Workshop) -> Path:
    return shop.site.folder / "data" / "backup"


@pytest.fixture
def daily(shop: Workshop, folder: Path) -> DailyBackup:
    return DailyBackup(shop.store, folder, shop.clock)


def test_a_copy_is_made_once_a_day(shop: Workshop, folder: Path, daily: DailyBackup) -> None:
    number = shop.opened().number
    first = daily.make()
    assert first is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    copy = Store(f"sqlite:///{first}", keyring=shop.site.keyring)
    assert copy.ticket(number) is not None
    copy.close()
    shop.clock.pass_(hours=23)
    assert daily.make() is None
    shop.clock.pass_(hours=1)
    assert daily.make() is not None
    assert [at for at, _ in daily_copies(folder)] == [NOW, shop.clock()]


def test_the_oldest_copies_go_and_what_others_put_there_stays(
    shop: Workshop, folder: Path, daily: DailyBackup
) -> None:
    folder.mkdir()
    own = folder / "muara-daily-milik-kantor.db"
    own.write_text("x")
    for _ in range(KEPT + 3):
        assert daily.make() is not None
        shop.clock.pass_(days=1)
    copies = daily_copies(folder)
    assert len(copies) == KEPT
    assert (shop.clock() - copies[0][0]).days == KEPT
    assert own.exists()


def test_a_clock_that_was_ahead_does_not_stop_the_copies(
    shop: Workshop, folder: Path, daily: DailyBackup
) -> None:
    shop.clock.pass_(days=400)
    daily.make()
    shop.clock.pass_(days=-400)
    assert daily.make() is not None
    assert daily.make() is None


def test_what_a_killed_daemon_left_unfinished_is_cleared(folder: Path, daily: DailyBackup) -> None:
    folder.mkdir()
    left = folder / ".muara-daily-20261123T020000Z.db.77.part"
    left.write_text("x")
    assert daily.make() is not None
    assert not left.exists()
    assert len(list(folder.iterdir())) == 1
