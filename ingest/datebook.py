"""The legal calendar in force: the configuration's, with the office's own table over it.

A change of the table is taken up without a restart, and so is a new year. Open cases follow: what was
reckoned by another calendar is reckoned anew, whether the table, the configuration or the known
holidays changed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Protocol

import structlog

from classify.calendar import Calendar
from ingest.put_off import PutOff, put_off
from ingest.redate import Changes, Promises, changes, redating, snapshot
from store import Store
from store.types import Moved, OfficeDay, Redating

PROGRAM = "muara"
SNAPSHOT = "calendar.snapshot"
LOOK_AGAIN = timedelta(
    minutes=1
)  # for cases that another process entered by the calendar of before

log = structlog.get_logger()


class MakeCalendar(Protocol):
    """Puts the layers together for the years around a moment."""

    def __call__(self, at: datetime, decided: Sequence[OfficeDay]) -> Calendar:
        """Return the calendar; ``decided`` is the office's own table."""
        ...


class DateBook:
    """``make`` puts a calendar together, ``promises`` are the office's limits. Methods raise StoreError.

    The calendars reach ``years_back`` before the present: what came in earlier keeps its deadline.
    """

    def __init__(
        self,
        store: Store,
        make: MakeCalendar,
        promises: Promises,
        clock: Callable[[], datetime],
        *,
        years_back: int,
    ) -> None:
        self._store = store
        self._make = make
        self._promises = promises
        self._clock = clock
        self._years_back = years_back
        self._seen = (-1, 0)
        self._decided: list[OfficeDay] = []
        self._calendar: Calendar | None = None
        self._looked: datetime | None = None

    def current(self) -> Calendar:
        """The calendar in force; read from the store where that was not done yet."""
        return self._calendar or self._read()

    def refresh(self) -> None:
        """Take up a changed table or a new year, and let open cases follow. The daemon's job."""
        now = self._clock()
        if self._seen != (self._store.office_days.last(), now.year):
            before, calendar = self._calendar, self._read()
            if before and before.version != calendar.version:
                log.info("calendar.changed", version=calendar.version)
            self._looked = None
        if self._looked is None or abs(now - self._looked) >= LOOK_AGAIN:
            self._looked = now
            self._follow(now)

    def decided(self) -> list[OfficeDay]:
        """The office's own table as it stands now."""
        self._read()
        return self._decided

    def preview(self, day: OfficeDay) -> list[Moved]:
        """Return the open cases that a decision would move."""
        self._read()
        return self._store.office_days.would_move(self._with(day))

    def put_off(self, moving: Iterable[Moved]) -> PutOff:
        """Return who learns of deadlines that a decision would put off."""
        return put_off(self._store, moving)

    def decide(self, day: OfficeDay) -> list[Moved]:
        """Put a decision in force; return the cases that moved. Raises Conflict if somebody else was faster.

        Complainants who were told a deadline by mail get a mail where it is later now.
        """
        self._read()
        seen, _ = self._seen
        moved = self._store.office_days.decide(day, self._telling(self._with(day)), seen=seen)
        self._read()
        return moved

    def behind(self) -> int:
        """How many open cases wait to be reckoned by the calendar in force."""
        return self._store.office_days.behind(self._redating(self.current(), {}))

    def _read(self) -> Calendar:
        now = self._clock()
        last, decided = self._store.office_days.decided()
        self._calendar = self._make(now, decided)
        self._decided, self._seen = decided, (last, now.year)
        return self._calendar

    def _with(self, day: OfficeDay) -> Redating:
        others = [one for one in self._decided if one.date != day.date]
        calendar = self._make(self._clock(), [*others, day] if day.state else others)
        return self._redating(calendar, {day.date: ("why", day.why)})

    def _follow(self, now: datetime) -> None:
        calendar = self.current()
        kept = self._store.value(SNAPSHOT) or ""
        if not self._store.office_days.behind(self._redating(calendar, {})):
            if kept != (as_it_is := snapshot(calendar)):
                self._store.set_value(SNAPSHOT, as_it_is)
            return
        changed = changes(kept, calendar) or self._latest()
        moved = self._store.office_days.redate(
            self._telling(self._redating(calendar, changed)), who=PROGRAM, now=now
        )
        log.info("deadlines.moved", version=calendar.version, count=len(moved))

    def _latest(self) -> Changes:
        """What was decided last: a case entered at that moment has the calendar of before."""
        latest = max(self._decided, key=lambda day: day.at, default=None)
        return {latest.date: ("why", latest.why)} if latest else {}

    def _telling(self, redating: Redating) -> Redating:
        moving = self._store.office_days.would_move(redating)
        return replace(redating, mails=self.put_off(moving).mails)

    def _redating(self, calendar: Calendar, changed: Changes) -> Redating:
        begins = date(self._clock().year - self._years_back, 1, 1)
        return redating(calendar, self._promises, changed, calendar.at(begins, time()))
