"""How far the time for an answer has run: half of it, most of it, all of it; and how late an answer is. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import IntEnum
from itertools import count, islice

from classify.calendar import Calendar
from classify.deadline import Limit

ONE_DAY = timedelta(days=1)


class Stage(IntEnum):
    """What the clock of a case has reached last; a later one is greater."""

    NONE = 0
    HALF = 1
    SOON = 2
    PASSED = 3


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of the time, in percent, has run at HALF and at SOON. Raises ValueError unless they rise below 100."""

    half: int = 50
    soon: int = 80

    def __post_init__(self) -> None:
        if not 0 < self.half < self.soon < 100:  # noqa: PLR2004 - the whole of it
            raise ValueError(f"shares rise between 0 and 100 percent: {self.half}, {self.soon}")


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late: working days begun since the deadline's; minutes only on that day itself.

    Neither: that day is over, and the next working day has not begun.
    """

    working_days: int
    minutes: int


def reached_at(due: datetime, limit: Limit, percent: int, calendar: Calendar) -> datetime:
    """Return when so many percent of the time for an answer have run, in UTC; never after ``due``.

    It is reckoned back from the deadline, so that it is right for a deadline that another case or a
    changed calendar brought. Hours are those by which the deadline was reckoned: 3 h leave 90 minutes
    at half. Of working days it is the beginning (midnight) of the one in the course of which the share
    is used up: with 5 days half is the third, 80 % the fourth, so that there is that day left to act.
    """
    if limit.working_days is not None:
        used = -(-limit.working_days * percent // 100)
        return _start_of_day(due, limit.working_days - used, calendar)
    left = timedelta(hours=limit.hours or 0) * (100 - percent) / 100
    return _office_time_before(due, left, calendar) if calendar.office_hours_only else due - left


def stage_at(
    moment: datetime, due: datetime, limit: Limit, shares: Shares, calendar: Calendar
) -> Stage:
    """Return the last stage reached at this moment. All of them may be one moment, of short limits."""
    if moment >= due:
        return Stage.PASSED
    if moment >= reached_at(due, limit, shares.soon, calendar):
        return Stage.SOON
    half = reached_at(due, limit, shares.half, calendar)
    return Stage.HALF if moment >= half else Stage.NONE


def next_stage_at(
    moment: datetime, due: datetime, limit: Limit, shares: Shares, calendar: Calendar
) -> datetime | None:
    """Return when the next stage after this moment is reached; None where the deadline is over."""
    ahead = [reached_at(due, limit, share, calendar) for share in (shares.half, shares.soon)]
    return next((at for at in (*ahead, due) if at > moment), None)


def is_open(moment: datetime, calendar: Calendar) -> bool:
    """Whether the office is open, the break of a clock that stops for it apart."""
    day = calendar.local(moment).date()
    return any(start <= moment < end for start, end in calendar.open_spans(day))


def time_left(moment: datetime, due: datetime, calendar: Calendar) -> timedelta:
    """Return how much time is left for an answer, as hours are reckoned; nothing after the deadline."""
    if not calendar.office_hours_only:
        return max(due - moment, timedelta())
    first, last = calendar.local(moment).date(), calendar.local(due).date()
    days = (first + n * ONE_DAY for n in range((last - first).days + 1))
    spans = (span for day in days for span in calendar.open_spans(day))
    whole = ((max(start, moment), min(end, due)) for start, end in spans)
    return sum((end - start for start, end in whole if end > start), timedelta())


def lateness(due: datetime, moment: datetime, calendar: Calendar) -> Lateness | None:
    """Return how late ``moment`` is; None where it is in time. Working days begin at midnight."""
    if moment <= due:
        return None
    first, last = calendar.local(due).date(), calendar.local(moment).date()
    if first == last:
        return Lateness(0, -((due - moment) // timedelta(minutes=1)))
    since = (first + n * ONE_DAY for n in range(1, (last - first).days + 1))
    return Lateness(sum(calendar.work_day(day) is not None for day in since), 0)


def _start_of_day(due: datetime, days_before: int, calendar: Calendar) -> datetime:
    """The beginning of the deadline's day, or of the so manyth working day before it."""
    last = calendar.local(due).date()
    before = (last - n * ONE_DAY for n in count(1))
    working = (day for day in before if calendar.work_day(day))
    day = next(islice(working, days_before - 1, None)) if days_before else last
    return calendar.at(day, time())


def _office_time_before(due: datetime, left: timedelta, calendar: Calendar) -> datetime:
    """The moment from which on so much office time is left until the deadline."""
    day = calendar.local(due).date()
    if not left:
        return due
    while True:
        for start, end in reversed(list(calendar.open_spans(day))):
            until = min(end, due)
            if until - start >= left:
                return until - left
            left -= max(until - start, timedelta())
        day -= ONE_DAY
