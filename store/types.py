"""What the store hands out: plain values, no sessions behind them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels.types import Attachment, FollowUp
from classify.types import Hit, Kind, Medium, Tier


class Status(StrEnum):
    """Where a case stands in its life."""

    RECEIVED = "received"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who wrote (pelapor). Kept apart from the case; every field may be empty."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    anonymous: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a case's log, only ever added to. ``at`` is aware UTC."""

    at: datetime
    what: str
    who: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One case as people see it (pengaduan). All times are aware UTC.

    ``tier`` is None while it is uncertain or none applies; ``suggested`` is then the classifier's
    proposal. ``due_at`` is None for praise and spam. ``limit`` is the promise it was computed from,
    such as ``3 h`` or ``14 wd``.
    """

    number: str
    channel: str
    medium: Medium
    kind: Kind
    tier: Tier | None
    certain: bool
    suggested: Tier | None
    restricted: bool
    status: Status
    team: str
    subject: str
    text: str
    reply_text: str
    received_at: datetime
    entered_at: datetime
    due_at: datetime | None
    limit: str
    complainant: Complainant
    hits: tuple[Hit, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    followups: tuple[FollowUp, ...] = ()
    events: tuple[Event, ...] = ()
    external_id: str = ""
    external_url: str = ""
    location: str = ""
    forwarded: bool = False
    truncated: bool = False
