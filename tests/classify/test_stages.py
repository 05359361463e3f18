"""When people are reminded, by what officials count with: the third of five days, ninety minutes of three hours."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count, islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.deadline import Calendar, ClosedDay, Limit, OfficeHours, WorkDay, due_at
from classify.stages import (
    Lateness,
    Shares,
    Stage,
    is_open,
    lateness,
    next_stage_at,
    reached_at,
    stage_at,
    time_left,
)

WITA = ZoneInfo("Asia/Makassar")
LONG = WorkDay(time(7, 30), time(16), time(12), time(12, 45))
FRIDAY = WorkDay(time(7), time(14), time(11), time(11, 30))
HOURS = OfficeHours(date(2026, 3, 1), (LONG, LONG, LONG, LONG, FRIDAY, None, None))
CHRISTMAS = tuple(ClosedDay(date(2026, 12, day), "Natal", "SKB") for day in (24, 25))
OFFICE = Calendar((HOURS,), CHRISTMAS)
SHARES = Shares()
MANY = settings(max_examples=300, deadline=None)

MOMENTS = st.integers(0, 365 * 24 * 60 - 1).map(
    lambda minutes: datetime(2026, 3, 1, tzinfo=WITA) + timedelta(minutes=minutes)
)
LIMITS = st.one_of(
    st.integers(1, 12).map(lambda n: Limit(hours=n)),
    st.integers(1, 70).map(lambda n: Limit(working_days=n)),
)
PERCENTS = st.integers(1, 99)
CALENDARS = st.builds(
    lambda days, lunch, clock: Calendar(
        (HOURS,),
        tuple(ClosedDay(day, "", "") for day in days),
        lunch_stops_clock=lunch,
        office_hours_only=not clock,
    ),
    st.sets(st.dates(date(2026, 3, 1), date(2027, 5, 31)), max_size=25),
    st.booleans(),
    st.booleans(),
)


def wita(text: str) -> datetime:
    return datetime.strptime(text, "%d %b %Y %H:%M").replace(tzinfo=WITA)


@pytest.mark.parametrize(
    ("received", "limit", "half", "soon"),
    [
        ("24 Nov 2026 08:00", "3 h", "24 Nov 2026 09:30", "24 Nov 2026 10:24"),
        ("24 Nov 2026 15:30", "3 h", "25 Nov 2026 08:30", "25 Nov 2026 09:24"),
        ("23 Dec 2026 15:30", "3 h", "28 Dec 2026 08:30", "28 Dec 2026 09:24"),
        ("23 Nov 2026 10:00", "5 wd", "26 Nov 2026 00:00", "27 Nov 2026 00:00"),
        ("21 Nov 2026 10:00", "5 wd", "25 Nov 2026 00:00", "26 Nov 2026 00:00"),
        ("23 Nov 2026 10:00", "14 wd", "02 Dec 2026 00:00", "09 Dec 2026 00:00"),
        ("21 Dec 2026 10:00", "3 wd", "23 Dec 2026 00:00", "28 Dec 2026 00:00"),
        ("23 Nov 2026 10:00", "1 wd", "24 Nov 2026 00:00", "24 Nov 2026 00:00"),
    ],
)
def test_people_are_reminded_when_half_and_most_of_the_time_has_run(
    received: str, limit: str, half: str, soon: str
) -> None:
    promise = Limit.parse(limit)
    due = due_at(wita(received), promise, OFFICE)
    reached = [reached_at(due, promise, percent, OFFICE) for percent in (50, 80)]
    assert reached == [wita(half), wita(soon)]


@given(MOMENTS, LIMITS, PERCENTS, PERCENTS, CALENDARS)
@MANY
def test_a_larger_share_is_never_reached_earlier_and_none_after_the_deadline(
    received: datetime, limit: Limit, one: int, other: int, calendar: Calendar
) -> None:
    due = due_at(received, limit, calendar)
    first, second = (reached_at(due, limit, share, calendar) for share in sorted((one, other)))
    assert first <= second <= due


@given(MOMENTS, MOMENTS, LIMITS, PERCENTS, CALENDARS)
@MANY
def test_who_came_later_is_never_reminded_of_earlier(
    one: datetime, other: datetime, limit: Limit, percent: int, calendar: Calendar
) -> None:
    first, second = (
        reached_at(due_at(received, limit, calendar), limit, percent, calendar)
        for received in sorted((one, other))
    )
    assert first <= second


@given(MOMENTS, st.integers(1, 70), PERCENTS, CALENDARS)
@MANY
def test_of_working_days_it_is_the_day_in_which_the_share_is_used_up(
    received: datetime, number: int, percent: int, calendar: Calendar
) -> None:
    limit = Limit(working_days=number)
    reached = reached_at(due_at(received, limit, calendar), limit, percent, calendar)
    first = received.astimezone(WITA).date()
    working = (d for n in count(1) if calendar.work_day(d := first + timedelta(days=n)))
    day = next(islice(working, -(-number * percent // 100) - 1, None))
    assert reached == datetime.combine(day, time(), WITA)
    assert reached > received or day == first


@given(MOMENTS, st.integers(1, 12), PERCENTS, CALENDARS)
@MANY
def test_of_hours_the_rest_of_the_time_is_left_and_the_office_is_open(
    received: datetime, number: int, percent: int, calendar: Calendar
) -> None:
    limit = Limit(hours=number)
    due = due_at(received, limit, calendar)
    reached = reached_at(due, limit, percent, calendar)
    left = timedelta(hours=number) * (100 - percent) / 100
    assert time_left(reached, due, calendar) == left
    if not calendar.office_hours_only:
        return
    assert is_open(reached, calendar)
    assert reached >= received


@given(MOMENTS, LIMITS, MOMENTS, CALENDARS)
@MANY
def test_the_next_stage_is_the_one_after_the_present(
    received: datetime, limit: Limit, moment: datetime, calendar: Calendar
) -> None:
    due = due_at(received, limit, calendar)
    now = stage_at(moment, due, limit, SHARES, calendar)
    ahead = next_stage_at(moment, due, limit, SHARES, calendar)
    if ahead is None:
        assert now is Stage.PASSED
        return
    assert stage_at(ahead, due, limit, SHARES, calendar) > now
    assert stage_at(ahead - timedelta(seconds=1), due, limit, SHARES, calendar) is now


def test_a_case_goes_through_every_stage() -> None:
    limit = Limit(hours=3)
    due = wita("24 Nov 2026 11:00")
    moments = ("08:00", "09:29", "09:30", "10:23", "10:24", "10:59", "11:00", "16:00")
    stages = [
        stage_at(wita(f"24 Nov 2026 {clock}"), due, limit, SHARES, OFFICE) for clock in moments
    ]
    assert stages == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.mark.parametrize(("half", "soon"), [(0, 80), (80, 80), (80, 50), (50, 100)])
def test_shares_rise_below_the_whole(half: int, soon: int) -> None:
    with pytest.raises(ValueError, match="percent"):
        Shares(half, soon)


@pytest.mark.parametrize(
    ("due", "moment", "late"),
    [
        ("24 Nov 2026 16:00", "24 Nov 2026 16:00", None),
        ("24 Nov 2026 16:00", "24 Nov 2026 16:01", Lateness(0, 1)),
        ("24 Nov 2026 10:00", "24 Nov 2026 13:30", Lateness(0, 210)),
        ("24 Nov 2026 16:00", "25 Nov 2026 00:00", Lateness(1, 0)),
        ("27 Nov 2026 14:00", "29 Nov 2026 20:00", Lateness(0, 0)),
        ("27 Nov 2026 14:00", "30 Nov 2026 07:00", Lateness(1, 0)),
        ("23 Dec 2026 16:00", "29 Dec 2026 09:00", Lateness(2, 0)),
    ],
)
def test_lateness_counts_working_days_and_on_the_day_itself_minutes(
    due: str, moment: str, late: Lateness | None
) -> None:
    assert lateness(wita(due), wita(moment), OFFICE) == late


@given(MOMENTS, MOMENTS, MOMENTS, CALENDARS)
@MANY
def test_lateness_only_grows(
    due: datetime, one: datetime, other: datetime, calendar: Calendar
) -> None:
    first, second = (lateness(due, moment, calendar) for moment in sorted((one, other)))
    if first:
        assert second
        assert second.working_days >= first.working_days
        assert second.working_days > 0 or second.minutes >= first.minutes or second.minutes == 0


@pytest.mark.parametrize(
    ("moment", "due", "minutes"),
    [
        ("24 Nov 2026 08:00", "24 Nov 2026 09:30", 90),
        ("24 Nov 2026 15:30", "25 Nov 2026 08:30", 90),
        ("27 Nov 2026 13:00", "30 Nov 2026 07:45", 75),
        ("24 Nov 2026 20:00", "25 Nov 2026 07:45", 15),
        ("24 Nov 2026 10:00", "24 Nov 2026 09:00", 0),
    ],
)
def test_the_time_left_is_office_time(moment: str, due: str, minutes: int) -> None:
    assert time_left(wita(moment), wita(due), OFFICE) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("moment", "is_so"),
    [
        ("24 Nov 2026 07:29", False),
        ("24 Nov 2026 07:30", True),
        ("24 Nov 2026 12:15", True),
        ("24 Nov 2026 15:59", True),
        ("24 Nov 2026 16:00", False),
        ("27 Nov 2026 14:30", False),
        ("28 Nov 2026 10:00", False),
        ("25 Dec 2026 10:00", False),
    ],
)
def test_the_office_is_open_in_its_hours(moment: str, is_so: bool) -> None:
    assert is_open(wita(moment).astimezone(UTC), OFFICE) is is_so
