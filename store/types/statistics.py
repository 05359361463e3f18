"""What the monthly evaluation is made of. Nothing here names or quotes anybody. All times are aware UTC."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from classify.types import Kind, Medium, Tier
from store.types.cases import Status

AnswerTime = tuple[datetime, datetime]  # receipt and first answer


class Standing(StrEnum):
    """How a case stands with its promise, by the first answer. One that was reopened had its answer."""

    IN_TIME = "in_time"  # answered at or before the deadline
    LATE = "late"  # answered or closed after it, or past it and still without an answer
    PENDING = "pending"  # without an answer, and not due yet
    CLOSED = "closed"  # closed without an answer, before it was due


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case without its content. ``received_at`` is the earliest of those merged into it, too.

    ``answered_at`` is the first answer recorded, on it or on one of those. ``closed_at`` is given only
    where it was closed without any. ``due_at`` is the deadline in force for the first answer, None for
    praise and spam; ``due_again_at`` that of what was written after it, where something was.
    """

    number: str
    channel: str
    medium: Medium
    kind: Kind
    tier: Tier | None
    certain: bool
    status: Status
    team: str
    received_at: datetime
    due_at: datetime | None
    due_again_at: datetime | None
    limit: str
    answered_at: datetime | None
    closed_at: datetime | None
    rules_digest: str

    def overdue(self, now: datetime) -> bool:
        """Return whether an answer is owed at a moment, the first or a later one, and its deadline is over."""
        due = self.due_again_at if self.answered_at else self.due_at
        return self.status.open and due is not None and due < now

    def standing(self, now: datetime) -> Standing:
        """Return how it stands at a moment."""
        due = self.due_at or datetime.max.replace(tzinfo=UTC)
        if self.answered_at:
            return Standing.IN_TIME if self.answered_at <= due else Standing.LATE
        if self.status.open:
            return Standing.PENDING if now <= due else Standing.LATE
        return Standing.LATE if self.closed_at and self.closed_at > due else Standing.CLOSED


@dataclass(frozen=True, slots=True)
class Tally:
    """How many cases of a span that want an answer stand how; see Standing."""

    received: int = 0
    answered: int = 0
    in_time: int = 0
    late: int = 0
    pending: int = 0
    closed: int = 0

    @classmethod
    def of(cls, cases: Iterable[CaseFacts], now: datetime) -> Self:
        """Count cases as they stand at a moment; praise and spam do not count."""
        counted = [case for case in cases if case.kind.wants_answer]
        stand = Counter(case.standing(now).value for case in counted)
        answered = sum(case.answered_at is not None for case in counted)
        return cls(received=len(counted), answered=answered, **stand)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            *(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True))
        )


class OutageKind(StrEnum):
    """What kept a channel from being heard."""

    DOWN = "down"  # it could not be read
    SILENT = "silent"  # it could be read, but nothing came for too long
    CANARY_LOST = "canary_lost"  # a mail to itself did not come back


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch of trouble with a channel that people were told of; ``ended_at`` is None while it lasts."""

    channel: str
    kind: OutageKind
    began_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Correction:
    """How often people decided ``person`` where the program had said ``program``, surely or as a guess."""

    program: Tier | None
    certain: bool
    person: Tier | None
    count: int


@dataclass(frozen=True, slots=True)
class Span:
    """What to look at: ``starts`` of consecutive months, oldest first, and the ``end`` of the last one.

    ``now`` is the moment as of which cases are late or not.
    """

    starts: Sequence[datetime]
    end: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Statistics:
    """What the database says about a span, all at one moment.

    ``cases`` are those of its last month, ``answers_before`` the times of the month before it, and
    ``tallies`` stand by the start of their month. ``open`` are cases received before the end that owe an
    answer. ``corrections`` and ``outages`` are of the last month of the span. ``outages_since`` is
    from when on outages are recorded, None where that was so from the beginning.
    """

    cases: tuple[CaseFacts, ...]
    answers_before: tuple[AnswerTime, ...]
    tallies: Mapping[datetime, Tally]
    open: tuple[CaseFacts, ...]
    corrections: tuple[Correction, ...]
    channels: tuple[str, ...]
    outages: tuple[Outage, ...]
    outages_since: datetime | None
