"""What a month's report is made of. Plain values; all times are aware."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from classify.deadline import Limit
from classify.types import Kind, Medium, Tier
from report.downtime import Downtime
from report.spread import Spread
from store.types.statistics import CaseFacts, Correction, Tally

UNCERTAIN, INFORMATION = "uncertain", Kind.PERMINTAAN_INFORMASI.value  # beside the tiers
TIERS = (*(tier.value for tier in Tier), UNCERTAIN, INFORMATION)
KINDS = tuple(kind.value for kind in Kind if kind.wants_answer)
APART = tuple(kind.value for kind in Kind if not kind.wants_answer)
DESKS = tuple(medium.value for medium in Medium if medium.typed_in)
AGES = (5, 14, 30, 60)  # working days; what is older than the last comes after it


@dataclass(frozen=True, slots=True)
class Group:
    """Cases that have something in common: ``name`` is what.

    ``work`` is the time to the first answer in working days, in office hours where ``in_hours``;
    ``days`` the same in plain days. Both are of those that were answered, None where none was.
    """

    name: str
    tally: Tally
    in_hours: bool
    work: Spread | None
    days: Spread | None


@dataclass(frozen=True, slots=True)
class Age:
    """Open cases from ``since`` to ``until`` working days old; None: and older."""

    since: int
    until: int | None
    pending: int = 0
    overdue: int = 0
    reopened: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return self.pending + self.overdue + self.reopened


@dataclass(frozen=True, slots=True)
class LateCase:
    """A case that was not answered in time: by ``late_days`` working days and ``late_hours`` office hours.

    Both are from its deadline until now where it still waits. ``done_at`` is when it was answered or, where it never was, closed.
    """

    number: str
    tier: str
    kind: str
    channel: str
    team: str
    received_at: datetime
    due_at: datetime
    done_at: datetime | None
    answered: bool
    late_days: int
    late_hours: float


@dataclass(frozen=True, slots=True)
class RuleRecord:
    """A rule that spoke for another tier than people decided: how often, and how often it was right."""

    name: str
    meaning: str
    wrong: int
    right: int


@dataclass(frozen=True, slots=True)
class Before:
    """The month before, to compare with."""

    tally: Tally
    work: Spread | None


@dataclass(frozen=True, slots=True)
class MonthlyReport:
    """Everything a month's evaluation says, as of ``now``. ``late`` were received in the month.

    ``backlog`` are all others that are past a deadline and still owe an answer. ``months`` are the past
    twelve. ``informed`` are the requests for information that were answered within the limit for such.
    ``digests`` counts the cases each rule set classified; ``unfinished``: the month is not over.
    """

    month: date
    now: datetime
    unfinished: bool
    total: Group
    tiers: tuple[Group, ...]
    kinds: tuple[Group, ...]
    channels: tuple[Group, ...]
    apart: Mapping[str, int]
    informed: int
    before: Before
    months: tuple[tuple[date, Tally], ...]
    ages: tuple[Age, ...]
    late: tuple[LateCase, ...]
    backlog: tuple[LateCase, ...]
    corrections: tuple[Correction, ...]
    rules: tuple[RuleRecord, ...]
    downtimes: tuple[Downtime, ...]
    outages_since: datetime | None
    digests: Mapping[str, int]
    cases: tuple[CaseFacts, ...]


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about: ``months`` are the twelve that end with it, and ``end`` is when it ends.

    ``hourly`` names the tiers that are promised in hours, ``information`` is the limit for requests for
    information; ``channels`` are those of the configuration.
    """

    months: Sequence[date]
    start: datetime
    end: datetime
    now: datetime
    hourly: frozenset[str]
    information: Limit
    channels: Sequence[str]
