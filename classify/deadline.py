"""Legal time: from receipt and promise to the moment an answer is due.

Hours and working days are different units. Hours run while the office is open, from receipt or the
next opening. Of working days, the day of receipt is day 0, whatever day it is; the answer is due at
closing time of the Nth after it. The clock never pauses.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from typing import Self

from classify.calendar import Calendar, ClosedDay, DayState, OfficeHours, WorkDay

__all__ = [
    "Calendar",
    "ClosedDay",
    "DayState",
    "Limit",
    "OfficeHours",
    "Skipped",
    "WorkDay",
    "due_at",
    "incomplete_years",
    "skipped_days",
]

_LIMIT = re.compile(r"([1-9][0-9]{0,3}) ?(h|wd)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Limit:
    """How soon an answer is promised: so many hours or so many working days, never both.

    Raises ValueError unless exactly one of them is given and positive.
    """

    hours: int | None = None
    working_days: int | None = None

    def __post_init__(self) -> None:
        given = [value for value in (self.hours, self.working_days) if value is not None]
        if len(given) != 1 or given[0] < 1:
            raise ValueError(f"a limit is hours or working days, at least 1: {self!r}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``3 h`` or ``14 wd``, as ``str`` writes them. Raises ValueError."""
        match = _LIMIT.fullmatch(text.strip())
        if not match:
            raise ValueError(f"not a limit such as '3 h' or '14 wd': {text!r}")
        number = int(match[1])
        return cls(hours=number) if match[2] == "h" else cls(working_days=number)

    def __str__(self) -> str:
        return f"{self.hours} h" if self.hours is not None else f"{self.working_days} wd"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A date on which the clock did not run; without a row, the weekly hours close it."""

    date: date
    row: ClosedDay | None


def due_at(received_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """Return the moment the answer is due, in UTC.

    ``received_at`` is aware: raises ValueError if not, and OverflowError past the year 9999.
    """
    received = calendar.local(received_at)
    if limit.working_days is not None:
        return _after_working_days(received.date(), limit.working_days, calendar)
    hours = timedelta(hours=limit.hours or 0)
    if not calendar.office_hours_only:
        return received.astimezone(UTC) + hours
    return _after_office_hours(received, hours, calendar)


def skipped_days(received_at: datetime, due: datetime, calendar: Calendar) -> tuple[Skipped, ...]:
    """Return the dates from receipt to due on which the clock did not run, with their reasons."""
    first, last = calendar.local(received_at).date(), calendar.local(due).date()
    dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(
        Skipped(day, calendar.closing_row(day)) for day in dates if not calendar.work_day(day)
    )


def incomplete_years(received_at: datetime, due: datetime, calendar: Calendar) -> tuple[int, ...]:
    """Return the years between receipt and due whose *cuti bersama* may still be decreed."""
    first, last = calendar.local(received_at).year, calendar.local(due).year
    return tuple(year for year in range(first, last + 1) if year not in calendar.complete_years)


def _after_working_days(received: date, number: int, calendar: Calendar) -> datetime:
    days = (received + timedelta(days=n) for n in count(1))
    working = ((day, hours) for day in days if (hours := calendar.work_day(day)))
    day, hours = next(islice(working, number - 1, None))
    return calendar.at(day, hours.closes)


def _after_office_hours(received: datetime, hours: timedelta, calendar: Calendar) -> datetime:
    moment, remaining, day = received.astimezone(UTC), hours, received.date()
    while True:
        for start, end in calendar.open_spans(day):
            begin = max(start, moment)
            if end - begin >= remaining:
                return begin + remaining
            remaining -= max(end - begin, timedelta())
        day += timedelta(days=1)
