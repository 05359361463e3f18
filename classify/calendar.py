"""The office's calendar: when it is open, and why not. Values only; they are built from configuration."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from zoneinfo import ZoneInfo


class DayState(StrEnum):
    """What a row of the calendar says about its day."""

    CLOSED = "closed"
    OPEN = "open"
    DISPENSATION = "dispensation"  # staff may stay away for a ceremony; the office is open


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day with something to say about it, and who said it.

    ``source`` is the decree, library or person it comes from. An open one reopens what an earlier
    row closed.
    """

    date: date
    name: str
    source: str
    state: DayState = DayState.CLOSED


@dataclass(frozen=True, slots=True)
class WorkDay:
    """Opening hours of one weekday, local time. Raises ValueError when they do not follow each other."""

    opens: time
    closes: time
    break_starts: time | None = None
    break_ends: time | None = None

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError(f"a day opens at {self.opens} and closes at {self.closes}")
        if (self.break_starts is None) != (self.break_ends is None):
            raise ValueError("a break needs both its start and its end")
        if self.break_starts and self.break_ends:
            edges = [self.opens, self.break_starts, self.break_ends, self.closes]
            if edges != sorted(set(edges)):
                raise ValueError(
                    f"the break {self.break_starts} to {self.break_ends} does not fit the day"
                )

    def spans(self, *, with_break: bool) -> tuple[tuple[time, time], ...]:
        """Stretches of the day during which the clock runs."""
        if with_break and self.break_starts and self.break_ends:
            return (self.opens, self.break_starts), (self.break_ends, self.closes)
        return ((self.opens, self.closes),)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """Weekly hours from ``since`` on; seven days, Monday first, None where the office is closed.

    Raises ValueError unless there are seven days, one of them open.
    """

    since: date
    week: tuple[WorkDay | None, ...]

    def __post_init__(self) -> None:
        if len(self.week) != 7:  # noqa: PLR2004 - days of a week
            raise ValueError(f"a week has seven days, not {len(self.week)}")
        if not any(self.week):
            raise ValueError(f"the office hours since {self.since} never open")


@dataclass(frozen=True)
class Calendar:
    """All that legal time depends on.

    ``hours`` may stand in any order; the earliest ones also hold before their date. Of two rows in
    ``days`` for one date the later one wins. ``complete_years`` are those whose national holidays
    and *cuti bersama* are all decreed. Raises ValueError without any hours, and
    zoneinfo.ZoneInfoNotFoundError for an unknown zone.
    """

    hours: tuple[OfficeHours, ...]
    days: tuple[ClosedDay, ...] = ()
    zone: str = "Asia/Makassar"
    lunch_stops_clock: bool = False
    dispensation_stops_clock: bool = False
    office_hours_only: bool = True
    complete_years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.hours:
            raise ValueError("a calendar needs office hours")
        ZoneInfo(self.zone)

    @cached_property
    def version(self) -> str:
        """Digest of everything above: it changes whenever a deadline could."""
        hours = sorted(self.hours, key=lambda hours: hours.since)
        days = [self._by_date[day] for day in sorted(self._by_date)]
        switches = (self.lunch_stops_clock, self.dispensation_stops_clock, self.office_hours_only)
        whole = repr((self.zone, hours, days, switches, sorted(self.complete_years)))
        return sha256(whole.encode()).hexdigest()[:12]

    def local(self, moment: datetime) -> datetime:
        """Convert an aware moment to the calendar's zone. Raises ValueError for a naive one."""
        if moment.utcoffset() is None:
            raise ValueError(f"{moment} has no time zone")
        return moment.astimezone(self._zone)

    def closing_row(self, day: date) -> ClosedDay | None:
        """Return the row that stops the clock on this date, whatever the weekly hours say."""
        row = self._by_date.get(day)
        if row and row.state is DayState.DISPENSATION:
            return row if self.dispensation_stops_clock else None
        return row if row and row.state is DayState.CLOSED else None

    def work_day(self, day: date) -> WorkDay | None:
        """Return the hours of a working day; None when the clock does not run on it."""
        if self.closing_row(day):
            return None
        week = self.week(day)
        row = self._by_date.get(day)
        if row and row.state is DayState.OPEN:
            # Opened by hand on a day without hours of its own: those of the week's first stand in.
            return week[day.weekday()] or next(filter(None, week))
        return week[day.weekday()]

    def open_spans(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of this date during which hours count, in UTC."""
        hours = self.work_day(day)
        for start, end in hours.spans(with_break=self.lunch_stops_clock) if hours else ():
            yield self.at(day, start), self.at(day, end)

    def at(self, day: date, clock: time) -> datetime:
        """Return the moment of this local date and time, in UTC."""
        return datetime.combine(day, clock, self._zone).astimezone(UTC)

    def week(self, day: date) -> tuple[WorkDay | None, ...]:
        """Return the weekly hours in force on a date, Monday first."""
        begun = [hours for hours in self.hours if hours.since <= day]
        if begun:
            return max(begun, key=lambda hours: hours.since).week
        return min(self.hours, key=lambda hours: hours.since).week

    def hours_from(self, first: date, last: date) -> list[date]:
        """Return the first date, and those up to the last on which other weekly hours begin."""
        begins = sorted(hours.since for hours in self.hours if first < hours.since <= last)
        return [first, *begins]

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @cached_property
    def _by_date(self) -> dict[date, ClosedDay]:
        return {row.date: row for row in self.days}
