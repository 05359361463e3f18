"""The daemon's removal: in the first night of a month, once, and only what is due."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ingest.retention import MonthlyPurge, cutoffs
from store import Store
from store.types.retention import Held
from tests.store.samples import NOW, intake, put

WITA = ZoneInfo("Asia/Makassar")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'muara.db'}")
    opened.upgrade()
    yield opened
    opened.close()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA).astimezone(UTC)


def test_it_happens_at_night_once_a_month(store: Store) -> None:
    put(store, intake(message=None, error="x"))
    now = [at("2026-12-01 00:59")]

    def new() -> MonthlyPurge:
        """As after a restart."""
        return MonthlyPurge(store, {Held.OTHER_MAIL: 1}, WITA, lambda: now[0])

    assert new().make() is None
    now[0] = at("2026-12-01 01:00")
    assert new().make() == {Held.OTHER_MAIL: 0}
    now[0] = at("2026-12-01 02:00")
    assert new().make() is None
    now[0] = at("2027-12-20 12:00")  # it was off in the first nights
    assert new().make() is None
    now[0] = at("2027-12-21 03:00")
    assert new().make() == {Held.OTHER_MAIL: 1}
    assert store.retention.runs()[0].who == "muara"


def test_a_term_is_over_on_the_same_date() -> None:
    assert cutoffs({Held.GUESTS: 2}, NOW) == {Held.GUESTS: NOW.replace(year=2024)}
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert cutoffs({Held.GUESTS: 1}, leap) == {Held.GUESTS: datetime(2027, 2, 28, tzinfo=UTC)}


def test_a_clock_set_back_removes_nothing_twice(store: Store) -> None:
    now = [at("2026-12-01 01:00")]
    purge = MonthlyPurge(store, {Held.GUESTS: 1}, WITA, lambda: now[0])
    assert purge.make() is not None
    now[0] -= timedelta(days=31)
    assert purge.make() is None
