"""How much legal time lies between two moments, counted like the deadlines are (classify/deadline.py)."""

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from classify.calendar import Calendar
from classify.deadline import Limit, due_at


class WorkTime:
    """Counts by one calendar. ``first`` and ``last`` are the earliest and the latest day it is asked about."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self._calendar = calendar
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self._working = [day for day in days if calendar.work_day(day)]
        self._open = lru_cache(maxsize=None)(self._seconds_open)

    def day(self, at: datetime) -> date:
        """Return the office's date of an aware moment."""
        return self._calendar.local(at).date()

    def due_at(self, received_at: datetime, limit: Limit) -> datetime:
        """Return the deadline of a limit."""
        return due_at(received_at, limit, self._calendar)

    def working_days(self, start: datetime, end: datetime) -> int:
        """Return how many working days lie after the day of ``start``, up to that of ``end``.

        The day of receipt is day 0: an answer on the day of its deadline took as many as were promised.
        """
        return max(self._until(self.day(end)) - self._until(self.day(start)), 0)

    def office_hours(self, start: datetime, end: datetime) -> float:
        """Return the hours of a deadline in hours that ran between two moments."""
        if end <= start:
            return 0.0
        if not self._calendar.office_hours_only:
            return (end - start) / timedelta(hours=1)
        first, last = self.day(start), self.day(end)
        whole = sum(self._open(first + timedelta(days=n)) for n in range((last - first).days))
        seconds = whole + self._seconds_until(end, last) - self._seconds_until(start, first)
        return seconds / 3600

    def _until(self, day: date) -> int:
        return bisect_right(self._working, day)

    def _seconds_open(self, day: date) -> float:
        spans = self._calendar.open_spans(day)
        return sum((end - start).total_seconds() for start, end in spans)

    def _seconds_until(self, at: datetime, day: date) -> float:
        at = at.astimezone(UTC)
        spans = self._calendar.open_spans(day)
        return sum(max((min(end, at) - start).total_seconds(), 0.0) for start, end in spans)
