"""Clocks that run, and what people were told of them. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime

from classify.types import Kind, Medium, Tier
from store.types.cases import Status
from store.types.notices import NoticeRequest


@dataclass(frozen=True, slots=True)
class Running:
    """An open case whose clock has to be looked at: it is new, its deadline moved, or a stage is reached.

    ``stage`` is the last one that was settled, 0 where there is none.
    """

    number: str
    due_at: datetime
    limit: str
    stage: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """How far a clock has run: ``stage`` from 0 (nothing) to 3 (the deadline is over); see classify/stages.py.

    ``calendar`` is the version it was reckoned with, ``next_at`` when to look again. ``notices`` go out
    where this stage was not settled before.
    """

    running: Running
    stage: int
    next_at: datetime | None
    calendar: str
    notices: tuple[NoticeRequest, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case that owes an answer, as far as reminding goes. No content, no name of who wrote.

    ``stage`` was reached at ``stage_at``, as the daemon saw it. ``taken_by`` works on it: a name, an
    account or an address, as the log has it; empty where nobody does.
    """

    number: str
    due_at: datetime
    limit: str
    kind: Kind
    tier: Tier | None
    suggested: Tier | None
    certain: bool
    restricted: bool
    status: Status
    team: str
    medium: Medium
    channel: str
    entered_at: datetime
    stage: int = 0
    stage_at: datetime | None = None
    taken_by: str = ""


@dataclass(frozen=True, slots=True)
class Troubled:
    """What a person has to look at beside the cases.

    ``quarantined`` lie there now, ``newly`` of them came since a moment; ``undelivered`` are the cases
    of mails that were refused or came back since then.
    """

    quarantined: int
    newly: int
    undelivered: tuple[str, ...]
