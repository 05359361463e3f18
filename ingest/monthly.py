"""Last month's evaluation, written by the daemon on the first working day of a month."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import structlog

from classify.calendar import Calendar
from store import Store
from store.types import NoticeKind

WRITTEN = "report.written"  # the last month whose report was written

log = structlog.get_logger()
Write = Callable[[date, datetime], Mapping[str, str]]


class MonthlyReport:
    """Once a month, ``write`` makes the report of the month before, and the ``readers`` are told.

    ``write`` returns what the mail says. Where it is new, it does not look back: the first report is of
    the month it began in.
    """

    def __init__(
        self,
        store: Store,
        calendar: Callable[[], Calendar],
        write: Write,
        readers: Sequence[str],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._calendar = calendar
        self._write = write
        self._readers = readers
        self._clock = clock

    def make(self) -> date | None:
        """Return the month whose report was written now, None where none was due. Raises StoreError, OSError."""
        now = self._clock()
        month = due_month(now, self._calendar())
        written = self._store.value(WRITTEN)
        if month is None or (written is not None and written >= month.isoformat()):
            return None
        if written is not None:
            self._tell(month, self._write(month, now), now)
        self._store.set_value(WRITTEN, month.isoformat())
        return month if written is not None else None

    def _tell(self, month: date, details: Mapping[str, str], now: datetime) -> None:
        for reader in self._readers:
            self._store.add_notice(
                NoticeKind.REPORT_WRITTEN, reader, details, f"report:{month.isoformat()}", now
            )
        log.info("report.written", month=month.isoformat(), told=len(self._readers))


def due_month(now: datetime, calendar: Calendar) -> date | None:
    """Return the month whose report is due: last month's from the first opening of this one on.

    Before that, it is the one before last month's.
    """
    first = calendar.local(now).date().replace(day=1)
    days = (first + timedelta(days=n) for n in range(31))
    opening = next(((day, hours) for day in days if (hours := calendar.work_day(day))), None)
    if opening is None:
        return None
    last = (first - timedelta(days=1)).replace(day=1)
    if now >= calendar.at(opening[0], opening[1].opens):
        return last
    return (last - timedelta(days=1)).replace(day=1)
