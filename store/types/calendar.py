"""The office's own days, and the deadlines that follow a calendar. Plain values; times are aware UTC."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from classify.types import Kind, Tier


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """What somebody of the office decided about a date.

    ``state`` is closed, open or dispensation; empty takes back what was decided before. ``why`` is the
    reason or the decree.
    """

    date: date
    state: str
    name: str
    why: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """What a deadline follows from: receipt, the promise that was made, and what is known of the tier."""

    number: str
    received_at: datetime
    limit: str
    due_at: datetime
    kind: Kind
    tier: Tier | None
    certain: bool
    plausible: tuple[Tier, ...]


@dataclass(frozen=True, slots=True)
class Redated:
    """A deadline by another calendar; ``told`` is what the event says about the reason."""

    limit: str
    due_at: datetime
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """An open case whose deadline moves."""

    number: str
    restricted: bool
    was_due: datetime
    due_at: datetime
    limit: str


@dataclass(frozen=True, slots=True)
class Redating:
    """How deadlines follow a calendar of this ``version``.

    ``since`` is where the calendar begins: what was received before keeps its deadline.
    ``snapshot`` is kept, so that the next change can be told from what was in force before.
    ``mails`` are the addresses, by the number of a case, where its new deadline is told.
    """

    version: str
    since: datetime
    snapshot: str
    rule: Callable[[Owed], Redated]
    mails: Mapping[str, str] = field(default_factory=dict)
