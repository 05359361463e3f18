"""How long to wait after failures: one pure function for channels and notices."""

from datetime import timedelta
from random import uniform

CHANNEL_CAP = timedelta(minutes=15)
NOTICE_FIRST = timedelta(seconds=5)
NOTICE_CAP = timedelta(minutes=30)
SERVER_CAP = timedelta(minutes=5)
SPREAD = 0.2


def delay(failures: int, first: timedelta, cap: timedelta) -> timedelta:
    """Return ``first`` doubled for each further failure, at most ``cap``, spread by a fifth either way.

    The spread keeps many channels that failed together from coming back together.
    """
    times = float(2 ** min(max(failures - 1, 0), 30))
    return min(first * times, cap) * uniform(1 - SPREAD, 1 + SPREAD)  # noqa: S311 - no secret
