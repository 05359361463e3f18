"""The figures of a month, from what the database says. Pure."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from classify.deadline import Limit
from classify.types import Kind
from report.downtime import downtimes
from report.spread import Spread
from report.values import (
    AGES,
    APART,
    DESKS,
    INFORMATION,
    KINDS,
    TIERS,
    UNCERTAIN,
    Age,
    Before,
    Group,
    LateCase,
    MonthlyReport,
    Period,
    RuleRecord,
)
from report.worktime import WorkTime
from store.types.statistics import AnswerTime, CaseFacts, Correction, Standing, Statistics, Tally


def report(
    period: Period, found: Statistics, rules: Sequence[RuleRecord], time: WorkTime
) -> MonthlyReport:
    """Return the figures of a month."""
    counted = [case for case in found.cases if case.kind.wants_answer]
    late = [case for case in counted if case.standing(period.now) is Standing.LATE]
    named = {case.number for case in late}
    backlog = [c for c in found.open if c.overdue(period.now) and c.number not in named]
    until = min(period.end, period.now)
    since = max(period.start, found.outages_since or period.start)
    grouping = _Grouping(counted, period, time)
    tallies = tuple(found.tallies.values())
    return MonthlyReport(
        month=period.months[-1],
        now=period.now,
        unfinished=period.now < period.end,
        total=grouping.all(),
        tiers=grouping.by(tier_of, TIERS),
        kinds=grouping.by(lambda case: case.kind.value, KINDS),
        channels=grouping.by(channel_of, _channels(counted, period)),
        apart={name: sum(case.kind == name for case in found.cases) for name in APART},
        informed=sum(_informed(case, period.information, time) for case in counted),
        before=_before(tallies[-2], found.answers_before, time),
        months=tuple(zip(period.months, tallies, strict=True)),
        ages=_ages(found.open, period.now, time),
        late=_listed(late, period.now, time),
        backlog=_listed(backlog, period.now, time),
        corrections=_ranked(found.corrections),
        rules=tuple(rules),
        downtimes=downtimes(found.outages, _read(found, period), since, until),
        outages_since=found.outages_since,
        digests=dict(Counter(case.rules_digest for case in found.cases).most_common()),
        cases=found.cases,
    )


def tier_of(case: CaseFacts) -> str:
    """Return the row of a case among the tiers; requests for information have a promise of their own."""
    if case.kind is Kind.PERMINTAAN_INFORMASI:
        return INFORMATION
    return case.tier.value if case.certain and case.tier else UNCERTAIN


def channel_of(case: CaseFacts) -> str:
    """Return the channel, for what was typed in the way the person came."""
    return case.medium.value if case.medium.typed_in else case.channel


class _Grouping:
    """Puts the cases of a month into groups."""

    def __init__(self, cases: Sequence[CaseFacts], period: Period, time: WorkTime) -> None:
        self._cases = cases
        self._period = period
        self._time = time

    def all(self) -> Group:
        return self._group("total", self._cases)

    def by(self, key: Callable[[CaseFacts], str], names: Sequence[str]) -> tuple[Group, ...]:
        members: dict[str, list[CaseFacts]] = {name: [] for name in names}
        for case in self._cases:
            members[key(case)].append(case)
        return tuple(self._group(name, cases) for name, cases in members.items())

    def _group(self, name: str, cases: Sequence[CaseFacts]) -> Group:
        in_hours = name in self._period.hourly
        measure = self._time.office_hours if in_hours else self._time.working_days
        times = [(case.received_at, case.answered_at) for case in cases if case.answered_at]
        return Group(
            name=name,
            tally=Tally.of(cases, self._period.now),
            in_hours=in_hours,
            work=Spread.of(measure(start, end) for start, end in times),
            days=Spread.of(max((end - start) / timedelta(days=1), 0.0) for start, end in times),
        )


def _channels(cases: Iterable[CaseFacts], period: Period) -> tuple[str, ...]:
    """The ways into the office, those that brought nothing too; gone ones where they brought something."""
    found = sorted({channel_of(case) for case in cases})
    return tuple(dict.fromkeys((*period.channels, *DESKS, *found)))


def _read(found: Statistics, period: Period) -> tuple[str, ...]:
    """Channels that were read: configured ones, and those that had an outage."""
    known = [name for name in found.channels if name in period.channels]
    return tuple(dict.fromkeys((*known, *(outage.channel for outage in found.outages))))


def _informed(case: CaseFacts, limit: Limit, time: WorkTime) -> bool:
    if case.kind is not Kind.PERMINTAAN_INFORMASI or not case.answered_at:
        return False
    return case.answered_at <= time.due_at(case.received_at, limit)


def _before(tally: Tally, times: Iterable[AnswerTime], time: WorkTime) -> Before:
    return Before(tally, Spread.of(time.working_days(start, end) for start, end in times))


def _ages(cases: Iterable[CaseFacts], now: datetime, time: WorkTime) -> tuple[Age, ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for case in cases:
        age = time.working_days(case.received_at, now)
        counts[bisect_left(AGES, age), _open_state(case, now)] += 1
    ages = zip((0, *(limit + 1 for limit in AGES)), (*AGES, None), strict=True)
    states = ("pending", "overdue", "reopened")
    return tuple(
        Age(since, until, *(counts[place, state] for state in states))
        for place, (since, until) in enumerate(ages)
    )


def _open_state(case: CaseFacts, now: datetime) -> str:
    if case.overdue(now):
        return "overdue"
    return "reopened" if case.answered_at else "pending"


def _listed(cases: Iterable[CaseFacts], now: datetime, time: WorkTime) -> tuple[LateCase, ...]:
    """Cases for a list, those that still wait first, and of them the latest ones."""
    late = (_late_case(case, now, time) for case in cases)
    return tuple(
        sorted(late, key=lambda one: (one.done_at is not None, -one.late_days, one.due_at))
    )


def _late_case(case: CaseFacts, now: datetime, time: WorkTime) -> LateCase:
    waits = case.overdue(now)
    due = (case.due_again_at if waits and case.answered_at else case.due_at) or now
    done = None if waits else case.answered_at or case.closed_at
    return LateCase(
        number=case.number,
        tier=tier_of(case),
        kind=case.kind.value,
        channel=channel_of(case),
        team=case.team,
        received_at=case.received_at,
        due_at=due,
        done_at=done,
        answered=case.answered_at is not None,
        late_days=time.working_days(due, done or now),
        late_hours=time.office_hours(due, done or now),
    )


def _ranked(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Where the program was wrong, most frequent first, and then where it was right."""

    def order(one: Correction) -> tuple[bool, int, str, str]:
        return one.program == one.person, -one.count, one.program or "", one.person or ""

    return tuple(sorted(corrections, key=order))
