"""The office's terms in years, and the daemon's look once a month."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import structlog

from store import Store
from store.types.retention import Cutoffs, Held

LOOKED = "retention.looked"  # the last month in which the daemon removed what was due
_NIGHT = range(1, 5)  # hours; the file of a database is written anew, and others wait
_PROGRAM = "muara"

log = structlog.get_logger()


def cutoffs(years: Mapping[Held, int], now: datetime) -> Cutoffs:
    """Return before when something was over that is to go now: the same date, so many years ago."""
    return {held: _ago(now, count) for held, count in years.items()}


def _ago(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # 29 February
        return now.replace(year=now.year - years, day=28)


class MonthlyPurge:
    """Removes what is due in the first night of a month; after a night that was missed, in the next."""

    def __init__(
        self,
        store: Store,
        years: Mapping[Held, int],
        zone: ZoneInfo,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._years = years
        self._zone = zone
        self._clock = clock

    def make(self) -> Mapping[Held, int] | None:
        """Return how much was removed, None where it was not the time. Raises StoreError."""
        now = self._clock()
        local = now.astimezone(self._zone)
        month = local.strftime("%Y-%m")
        if local.hour not in _NIGHT or (self._store.value(LOOKED) or "") >= month:
            return None
        removed = self._store.retention.purge(cutoffs(self._years, now), who=_PROGRAM, now=now)
        self._store.set_value(LOOKED, month)
        log.info("retention.purged", **{held.value: count for held, count in removed.items()})
        return removed
