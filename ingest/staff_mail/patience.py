"""Whether an answer's time to be cancelled is over.

Counted by the monotonic clock, from when its echo was sent; the wall clock only says how much of it had
passed before this process began. The mailbox must have been read to its end after that, so that no
cancellation that came in time lies unread.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from time import monotonic

from store.types import StaffMail


class Patience:
    """``channels`` are the mailboxes that are read; what came by another is not waited for."""

    def __init__(self, channels: Collection[str]) -> None:
        self._channels = frozenset(channels)
        self._ends: dict[int, float] = {}
        self._polls: dict[str, float] = {}

    def polled(self, channel: str, began: float) -> None:
        """Note that a mailbox was read to its end, beginning at ``began`` by the monotonic clock."""
        self._polls[channel] = began

    def over(self, one: StaffMail, sent_at: datetime, now: datetime) -> bool:
        """Whether an answer whose echo went out at ``sent_at`` cannot be cancelled any more."""
        if one.id not in self._ends:
            left = min(max(one.window - (now - sent_at), timedelta()), one.window)
            self._ends[one.id] = monotonic() + left.total_seconds()
        end = self._ends[one.id]
        if monotonic() < end:
            return False
        return one.channel not in self._channels or self._polls.get(one.channel, 0.0) >= end

    def forget(self, which: int) -> None:
        """An answer is settled."""
        self._ends.pop(which, None)
