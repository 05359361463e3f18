"""A case's way from receipt to its end, and what it is split into. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime

from classify.types import Verdict
from store.types.notices import NoticeRequest


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline for a case, the promise it follows from (``14 wd``), and the calendar's version."""

    number: str
    starts_at: datetime
    due_at: datetime
    limit: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Journey:
    """When a case passed each station; None for those it has not reached, or left again.

    ``told_at``: the complainant was told the number. ``confirmed_at``: a person looked at tier and kind.
    A case that was reopened has its later stations still before it.
    """

    received_at: datetime
    told_at: datetime | None = None
    confirmed_at: datetime | None = None
    routed_at: datetime | None = None
    taken_at: datetime | None = None
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    reopened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewPart:
    """One matter of a complaint, as a case of its own.

    ``extent`` says which sentences it is made of, where they were picked by number. ``verdict`` is in
    force; ``ruled`` is what the rules said where a person decided otherwise, else None.
    """

    number: str
    subject: str
    text: str
    extent: str
    verdict: Verdict
    team: str
    due_at: datetime | None
    limit: str
    calendar: str
    restricted: bool
    notices: tuple[NoticeRequest, ...] = ()
    ruled: Verdict | None = None
