"""The vectors of the office's calendar, numpy as an oracle, and the laws legal time has to keep."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.deadline import (
    Calendar,
    ClosedDay,
    DayState,
    Limit,
    OfficeHours,
    WorkDay,
    due_at,
    incomplete_years,
    skipped_days,
)

WITA = ZoneInfo("Asia/Makassar")
LONG = WorkDay(time(7, 30), time(16), time(12), time(12, 45))
FRIDAY = WorkDay(time(7), time(14), time(11), time(11, 30))
HOURS = OfficeHours(date(2026, 3, 1), (LONG, LONG, LONG, LONG, FRIDAY, None, None))
NATIONAL = holidays.country_holidays(
    "ID", years=range(2025, 2029), categories=("public", "government"), language="id"
)
DAYS = tuple(ClosedDay(day, name, "SKB") for day, name in sorted(NATIONAL.items()))
OFFICE = Calendar((HOURS,), DAYS, complete_years=frozenset({2025, 2026, 2027}))

MOMENTS = st.integers(0, 3 * 365 * 24 * 3600 - 1).map(
    lambda seconds: datetime(2025, 1, 1, tzinfo=WITA) + timedelta(seconds=seconds)
)
CLOSED = st.sets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20)
THOUSANDS = settings(max_examples=3000, deadline=None)
MANY = settings(max_examples=300, deadline=None)


def wita(text: str) -> datetime:
    return datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=WITA)


def closed(days: set[date], *, lunch: bool = False, clock: bool = False) -> Calendar:
    rows = tuple(ClosedDay(day, "", "") for day in days)
    return Calendar((HOURS,), rows, lunch_stops_clock=lunch, office_hours_only=not clock)


@pytest.mark.parametrize(
    ("received", "limit", "due"),
    [
        ("23 Dec 2026 15:30", "3 h", "28 Dec 2026 10:00"),
        ("23 Dec 2026 10:00", "3 h", "23 Dec 2026 13:00"),
        ("28 Nov 2026 09:00", "3 h", "30 Nov 2026 10:30"),
        ("28 Nov 2026 09:00", "5 wd", "04 Dec 2026 14:00"),
        ("17 Mar 2026 15:00", "3 h", "25 Mar 2026 09:30"),
        ("21 Dec 2026 08:00", "60 wd", "01 Apr 2027 16:00"),
    ],
)
def test_the_vectors_of_the_domain_page_hold(received: str, limit: str, due: str) -> None:
    result = due_at(wita(received), Limit.parse(limit), OFFICE)
    assert result == wita(due)
    assert result.tzinfo is UTC


@THOUSANDS
@given(received=MOMENTS, number=st.integers(1, 80), days=CLOSED)
def test_working_days_agree_with_numpy(received: datetime, number: int, days: set[date]) -> None:
    due = due_at(received, Limit(working_days=number), closed(days)).astimezone(WITA)
    expected = np.busday_offset(
        np.datetime64(received.date()),
        number,
        roll="backward",
        holidays=[np.datetime64(day) for day in days],
    )
    assert np.datetime64(due.date()) == expected
    assert due.time() == (time(14) if due.weekday() == 4 else time(16))


def open_minutes(start: datetime, end: datetime, calendar: Calendar) -> int:
    """The slow way: look at every minute."""
    minutes, moment = 0, start
    while moment < end:
        minutes += is_open(moment, calendar)
        moment += timedelta(minutes=1)
    return minutes


def is_open(moment: datetime, calendar: Calendar) -> bool:
    local = moment.astimezone(WITA)
    hours = HOURS.week[local.weekday()]
    if hours is None or local.date() in {row.date for row in calendar.days}:
        return False
    assert hours.break_starts
    assert hours.break_ends
    lunch = hours.break_starts <= local.time() < hours.break_ends
    return hours.opens <= local.time() < hours.closes and not (calendar.lunch_stops_clock and lunch)


@settings(max_examples=100, deadline=None)
@given(
    received=MOMENTS.map(lambda moment: moment.replace(second=0, microsecond=0)),
    hours=st.integers(1, 9),
    lunch=st.booleans(),
)
def test_hours_are_exactly_the_open_minutes_from_receipt(
    received: datetime, hours: int, lunch: bool
) -> None:
    calendar = closed({date(2026, 6, 1), date(2026, 6, 2)}, lunch=lunch)
    due = due_at(received, Limit(hours=hours), calendar)
    assert open_minutes(received, due, calendar) == hours * 60
    assert is_open(due - timedelta(minutes=1), calendar)


@MANY
@given(received=MOMENTS, hours=st.integers(1, 40), days=CLOSED, lunch=st.booleans())
def test_hours_never_end_outside_office_hours(
    received: datetime, hours: int, days: set[date], lunch: bool
) -> None:
    calendar = closed(days, lunch=lunch)
    due = due_at(received, Limit(hours=hours), calendar)
    spans = calendar.open_spans(due.astimezone(WITA).date())
    assert any(start < due <= end for start, end in spans)


LIMITS = st.one_of(
    st.integers(1, 40).map(lambda hours: Limit(hours=hours)),
    st.integers(1, 80).map(lambda days: Limit(working_days=days)),
)


@MANY
@given(first=MOMENTS, second=MOMENTS, limit=LIMITS, days=CLOSED, lunch=st.booleans())
def test_what_comes_later_is_never_due_earlier(
    first: datetime, second: datetime, limit: Limit, days: set[date], lunch: bool
) -> None:
    calendar = closed(days, lunch=lunch)
    early, late = sorted((first, second))
    assert due_at(early, limit, calendar) <= due_at(late, limit, calendar)


@MANY
@given(received=MOMENTS, days=CLOSED, lunch=st.booleans(), clock=st.booleans())
def test_a_stricter_tier_is_never_due_later(
    received: datetime, days: set[date], lunch: bool, clock: bool
) -> None:
    calendar = closed(days, lunch=lunch, clock=clock)
    promises = ("3 h", "3 wd", "5 wd", "14 wd", "60 wd")
    dues = [due_at(received, Limit.parse(promise), calendar) for promise in promises]
    assert dues == sorted(dues)


@MANY
@given(received=MOMENTS, hours=st.integers(1, 39), days=CLOSED)
def test_an_hour_more_is_due_later(received: datetime, hours: int, days: set[date]) -> None:
    calendar = closed(days)
    shorter = due_at(received, Limit(hours=hours), calendar)
    assert received < shorter < due_at(received, Limit(hours=hours + 1), calendar)


def test_lunch_stops_the_clock_only_where_the_office_says_so() -> None:
    received = wita("23 Dec 2026 10:00")
    calendar = Calendar((HOURS,), DAYS, lunch_stops_clock=True)
    assert due_at(received, Limit(hours=3), calendar) == wita("23 Dec 2026 13:45")


def test_clock_hours_run_through_the_night_where_the_office_says_so() -> None:
    received = wita("23 Dec 2026 23:30")
    calendar = Calendar((HOURS,), DAYS, office_hours_only=False)
    assert due_at(received, Limit(hours=3), calendar) == wita("24 Dec 2026 02:30")


def test_an_answer_due_at_closing_time_is_not_put_off_to_the_next_day() -> None:
    assert due_at(wita("23 Nov 2026 13:00"), Limit(hours=3), OFFICE) == wita("23 Nov 2026 16:00")


def test_ramadan_hours_hold_from_their_date_on() -> None:
    short = WorkDay(time(8), time(15), time(12), time(12, 30))
    ramadan = OfficeHours(date(2027, 2, 8), (short,) * 5 + (None, None))
    after = OfficeHours(date(2027, 3, 13), HOURS.week)
    calendar = Calendar((after, ramadan, HOURS), DAYS)
    assert due_at(wita("05 Feb 2027 10:00"), Limit(hours=3), calendar) == wita("08 Feb 2027 11:00")
    assert due_at(wita("15 Mar 2027 06:00"), Limit(hours=3), calendar) == wita("16 Mar 2027 10:30")


def test_the_earliest_hours_also_hold_before_their_date() -> None:
    assert due_at(wita("25 Feb 2025 08:00"), Limit(hours=3), OFFICE) == wita("25 Feb 2025 11:00")


def test_a_dispensation_day_stops_the_clock_only_where_the_office_says_so() -> None:
    galungan = ClosedDay(date(2026, 11, 18), "Galungan", "SE Gubernur", DayState.DISPENSATION)
    received, limit = wita("17 Nov 2026 15:00"), Limit(hours=3)
    assert due_at(received, limit, Calendar((HOURS,), (galungan,))) == wita("18 Nov 2026 09:30")
    stopping = Calendar((HOURS,), (galungan,), dispensation_stops_clock=True)
    assert due_at(received, limit, stopping) == wita("19 Nov 2026 09:30")


def test_the_later_of_two_rows_for_a_day_wins() -> None:
    day = date(2026, 12, 24)
    opened = ClosedDay(day, "Loket tetap buka", "Kabag", DayState.OPEN)
    calendar = Calendar((HOURS,), (*DAYS, opened))
    assert due_at(wita("23 Dec 2026 15:30"), Limit(hours=3), calendar) == wita("24 Dec 2026 10:00")


def test_a_saturday_opened_by_hand_has_the_hours_of_the_weeks_first_day() -> None:
    opened = ClosedDay(date(2026, 11, 28), "Loket Sabtu", "Kabag", DayState.OPEN)
    calendar = Calendar((HOURS,), (opened,))
    assert due_at(wita("27 Nov 2026 13:00"), Limit(working_days=1), calendar) == wita(
        "28 Nov 2026 16:00"
    )


def test_the_days_skipped_are_named_with_their_sources() -> None:
    received = wita("23 Dec 2026 15:30")
    skipped = skipped_days(received, due_at(received, Limit(hours=3), OFFICE), OFFICE)
    assert [(day.date.day, day.row and day.row.source) for day in skipped] == [
        (24, "SKB"),
        (25, "SKB"),
        (26, None),
        (27, None),
    ]
    assert skipped[0].row
    assert "Natal" in skipped[0].row.name


def test_a_dispensation_on_a_weekend_is_not_given_as_the_reason() -> None:
    kuningan = ClosedDay(date(2026, 11, 28), "Kuningan", "SE", DayState.DISPENSATION)
    calendar = Calendar((HOURS,), (kuningan,))
    skipped = skipped_days(wita("27 Nov 2026 15:00"), wita("30 Nov 2026 10:00"), calendar)
    assert [(day.date.day, day.row) for day in skipped] == [(28, None), (29, None)]


def test_a_deadline_into_a_year_without_decreed_leave_is_noticed() -> None:
    received = wita("01 Dec 2027 08:00")
    due = due_at(received, Limit(working_days=60), OFFICE)
    assert incomplete_years(received, due, OFFICE) == (2028,)
    assert incomplete_years(received, received, OFFICE) == ()


def test_the_version_changes_with_all_that_moves_a_deadline_and_with_nothing_else() -> None:
    changed = [
        Calendar((HOURS,), DAYS[1:]),
        Calendar((HOURS,), DAYS, lunch_stops_clock=True),
        Calendar((HOURS,), DAYS, office_hours_only=False),
        Calendar((HOURS,), DAYS, zone="Asia/Jakarta"),
        Calendar((OfficeHours(date(2027, 1, 1), HOURS.week), HOURS), DAYS),
    ]
    same = [Calendar((HOURS,), DAYS), Calendar((HOURS,), tuple(reversed(DAYS)))]
    assert len({calendar.version for calendar in [*changed, *same]}) == len(changed) + 1


@pytest.mark.parametrize("text", ["3 h", "14 wd", "60 wd"])
def test_a_limit_is_read_as_it_is_written(text: str) -> None:
    assert str(Limit.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "3", "0 h", "-1 wd", "3 days", "3 h 2 wd", "99999 h", "1.5 h"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limit.parse(text)


def test_a_limit_is_hours_or_working_days_never_both() -> None:
    for wrong in ({}, {"hours": 3, "working_days": 1}, {"hours": 0}):
        with pytest.raises(ValueError, match="limit"):
            Limit(**wrong)


def test_a_receipt_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due_at(datetime(2026, 11, 24, 9), Limit(hours=3), OFFICE)  # noqa: DTZ001 - the point


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: WorkDay(time(16), time(7)),
        lambda: WorkDay(time(7), time(16), time(12)),
        lambda: WorkDay(time(7), time(16), time(15), time(17)),
        lambda: OfficeHours(date(2026, 1, 1), (LONG,) * 6),
        lambda: OfficeHours(date(2026, 1, 1), (None,) * 7),
        lambda: Calendar(()),
    ],
)
def test_hours_that_cannot_be_are_refused(wrong: type) -> None:
    with pytest.raises(ValueError, match=r"opens|break|days|never|hours"):
        wrong()
