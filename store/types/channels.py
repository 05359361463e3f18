"""The channels' rows. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.types.notices import NoticeState


class ChannelHealth(StrEnum):
    """State of a channel as people see it."""

    NEW = "new"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    DOWN = "down"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Canary:
    """A channel's last mail to itself: when it was made, handed to the server, and found in the inbox."""

    made_at: datetime
    state: NoticeState
    sent_at: datetime | None
    back_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel's row: the schedule is data. ``failures`` counts in a row since the last success.

    ``silent_since`` and ``canary_lost_at`` are when people were told so, None while there is nothing
    to tell. ``canary_sent_at`` and ``canary_back_at`` are of the last test mail that came back.
    """

    name: str
    health: ChannelHealth
    failures: int
    last_success: datetime | None
    last_arrival: datetime | None
    next_due: datetime
    error: str
    arrivals: int
    told_down: bool
    known_since: datetime | None = None
    silent_since: datetime | None = None
    canary_sent_at: datetime | None = None
    canary_back_at: datetime | None = None
    canary_lost_at: datetime | None = None
