"""The report the daemon writes by itself: once, on the first working day, and the head of section hears."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from classify.calendar import Calendar, ClosedDay, OfficeHours, WorkDay
from ingest.monthly import WRITTEN, MonthlyReport, due_month
from store import Store
from store.types import NoticeKind

WITA = ZoneInfo("Asia/Makassar")
DAY = WorkDay(time(7, 30), time(16))
CALENDAR = Calendar(
    (OfficeHours(date(2026, 3, 1), (DAY, DAY, DAY, DAY, DAY, None, None)),),
    (ClosedDay(date(2027, 1, 1), "Tahun Baru", "SKB"),),
)
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 1), date(2026, 11, 1), date(2026, 12, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA).astimezone(UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(f"sqlite:///{tmp_path / 'muara.db'}")
    opened.upgrade()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2026-12-01 07:29:59", OCTOBER),
        ("2026-12-01 07:30", NOVEMBER),  # a Tuesday
        ("2026-12-31 23:59", NOVEMBER),
        ("2027-01-01 12:00", NOVEMBER),  # closed
        ("2027-01-02 12:00", NOVEMBER),  # Saturday
        ("2027-01-04 07:29", NOVEMBER),
        ("2027-01-04 07:30", DECEMBER),
    ],
)
def test_a_month_is_due_from_the_first_opening_after_it(now: str, month: date) -> None:
    assert due_month(at(now), CALENDAR) == month


def test_it_is_written_once_and_the_readers_are_told_once(store: Store) -> None:
    now, written = [at("2026-11-20 10:00")], []

    def write(month: date, _: datetime) -> dict[str, str]:
        written.append(month)
        return {"month": "November 2026"}

    def new() -> MonthlyReport:
        """As after a restart."""
        return MonthlyReport(store, lambda: CALENDAR, write, ["kabag@kesra.test"], lambda: now[0])

    assert new().make() is None  # it begins now, and does not look back
    now[0] = at("2026-12-01 07:30")
    assert new().make() == NOVEMBER
    assert new().make() is None
    now[0] = at("2026-12-15 09:00")
    assert new().make() is None
    assert written == [NOVEMBER]
    (notice,) = store.due_notices(now[0])
    assert (notice.kind, notice.recipient) == (NoticeKind.REPORT_WRITTEN, "kabag@kesra.test")


def test_a_daemon_that_was_off_on_that_day_writes_it_later(store: Store) -> None:
    store.set_value(WRITTEN, OCTOBER.isoformat())
    made = MonthlyReport(store, lambda: CALENDAR, lambda *_: {}, [], lambda: at("2026-12-24 11:00"))
    assert made.make() == NOVEMBER


def test_what_could_not_be_written_is_tried_again(store: Store) -> None:
    store.set_value(WRITTEN, OCTOBER.isoformat())
    full = [True]

    def write(month: date, now: datetime) -> dict[str, str]:
        if full[0]:
            raise OSError(28, "No space left on device")
        return {}

    made = MonthlyReport(
        store, lambda: CALENDAR, write, ["a@b.test"], lambda: at("2026-12-02 09:00")
    )
    with pytest.raises(OSError, match="No space"):
        made.make()
    assert store.due_notices(at("2026-12-03 09:00")) == []
    full[0] = False
    assert made.make() == NOVEMBER
