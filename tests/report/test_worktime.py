"""Time between two moments as the deadlines count it; numpy and a minute-by-minute walk are the oracles."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.calendar import Calendar, ClosedDay, OfficeHours, WorkDay
from classify.deadline import Limit
from report.worktime import WorkTime

WITA = ZoneInfo("Asia/Makassar")
LONG = WorkDay(time(7, 30), time(16), time(12), time(12, 45))
FRIDAY = WorkDay(time(7), time(14), time(11), time(11, 30))
HOURS = OfficeHours(date(2026, 3, 1), (LONG, LONG, LONG, LONG, FRIDAY, None, None))
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
MINUTES = st.integers(0, 364 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=WITA) + timedelta(minutes=minutes)
)
CLOSED = st.sets(st.dates(FIRST, LAST), max_size=30)
MANY = settings(max_examples=300, deadline=None)
FEW = settings(max_examples=40, deadline=None)


def counting(closed: set[date], *, lunch: bool = False, clock: bool = False) -> WorkTime:
    rows = tuple(ClosedDay(day, "", "") for day in closed)
    calendar = Calendar((HOURS,), rows, lunch_stops_clock=lunch, office_hours_only=not clock)
    return WorkTime(calendar, FIRST, LAST)


@MANY
@given(CLOSED, MINUTES, MINUTES)
def test_working_days_are_those_numpy_counts(
    closed: set[date], start: datetime, end: datetime
) -> None:
    first, last = sorted((start.date(), end.date()))
    day = timedelta(days=1)
    expected = np.busday_count(first + day, last + day, holidays=sorted(closed))
    moments = sorted((start, end), key=lambda at: at.date())
    assert counting(closed).working_days(*moments) == expected


@MANY
@given(CLOSED, MINUTES, st.integers(1, 60))
def test_an_answer_at_its_deadline_took_as_many_days_as_were_promised(
    closed: set[date], received: datetime, days: int
) -> None:
    time_ = counting(closed)
    due = time_.due_at(received, Limit(working_days=days))
    if time_.day(due) <= LAST:
        assert time_.working_days(received, due) == days


@MANY
@given(CLOSED, MINUTES, st.integers(1, 24), st.booleans(), st.booleans())
def test_an_answer_at_its_deadline_took_as_many_hours_as_were_promised(
    closed: set[date], received: datetime, hours: int, lunch: bool, clock: bool
) -> None:
    time_ = counting(closed, lunch=lunch, clock=clock)
    due = time_.due_at(received, Limit(hours=hours))
    assert abs(time_.office_hours(received, due) - hours) < 1e-9


@FEW
@given(CLOSED, MINUTES, st.integers(0, 5 * 24 * 60), st.booleans())
def test_office_hours_are_the_minutes_the_office_is_open(
    closed: set[date], start: datetime, length: int, lunch: bool
) -> None:
    time_ = counting(closed, lunch=lunch)
    minutes = (start + timedelta(minutes=n) for n in range(length))
    expected = sum(is_open(minute, closed, lunch=lunch) for minute in minutes) / 60
    assert abs(time_.office_hours(start, start + timedelta(minutes=length)) - expected) < 1e-9


def is_open(minute: datetime, closed: set[date], *, lunch: bool) -> bool:
    day, clock = minute.date(), minute.time()
    if day in closed or day.weekday() > 4:
        return False
    if day.weekday() == 4:
        at_lunch = time(11) <= clock < time(11, 30)
        return time(7) <= clock < time(14) and not (lunch and at_lunch)
    return time(7, 30) <= clock < time(16) and not (lunch and time(12) <= clock < time(12, 45))


def test_nothing_takes_less_than_no_time() -> None:
    late, early = datetime(2026, 11, 5, tzinfo=UTC), datetime(2026, 11, 2, tzinfo=UTC)
    assert counting(set()).working_days(late, early) == 0
    assert counting(set()).office_hours(late, early) == 0


def test_the_day_is_the_offices() -> None:
    """17:00 UTC on Sunday is Monday one o'clock in Singaraja."""
    sunday, monday = datetime(2026, 11, 1, 15, tzinfo=UTC), datetime(2026, 11, 1, 17, tzinfo=UTC)
    assert counting(set()).working_days(sunday, monday) == 1
