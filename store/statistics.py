"""Figures for the monthly evaluation. The number of statements is always the same.

A complaint counts once: a case merged into another is not counted, the other one has the earliest receipt
and the first answer of both. A case that was split is not counted, its parts are.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute

from classify.types import Kind, Medium, Tier
from store import families, outages
from store.engine import Database
from store.models import AnyRow, CaseRow, ChannelRow, EventRow, LabelRow
from store.types import Status
from store.types.statistics import AnswerTime, CaseFacts, Correction, Span, Statistics, Tally

_Time = ColumnElement[Any] | InstrumentedAttribute[Any]

_WANTS_ANSWER = [kind for kind in Kind if kind.wants_answer]
_MEDIUMS = {
    medium.value: medium for medium in Medium
}  # thousands of rows: Medium(...) takes longer
_KINDS = {kind.value: kind for kind in Kind}
_TIERS = {tier.value: tier for tier in Tier}
_STATUSES = {status.value: status for status in Status}
_OPEN = [status for status in Status if status.open]
_STOOD_FOR = [status for status in Status if status.stood_for]
_DUE_AT = func.coalesce(CaseRow.first_due_at, CaseRow.due_at)  # of the first answer
_CLOSED_AT = (
    select(func.max(EventRow.at))
    .where(EventRow.number == CaseRow.number, EventRow.what == "case.closed")
    .correlate(CaseRow)
    .scalar_subquery()
)
_CLOSED = case(
    (and_(CaseRow.status == Status.CLOSED, CaseRow.answered_at.is_(None)), _CLOSED_AT)
).label("closed_at")
_TARGETS = select(CaseRow.merged_into).where(CaseRow.merged_into.is_not(None))
_COUNTED = CaseRow.status.not_in(_STOOD_FOR)
_ALONE = and_(_COUNTED, CaseRow.number.not_in(_TARGETS))


class StatisticsReader:
    """Reads what a report is made of."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def read(self, span: Span) -> Statistics:
        """Return the figures of a span, all from one state of the database."""
        with self._database.read() as connection:
            return _statistics(connection, span)


def _statistics(connection: Connection, span: Span) -> Statistics:
    month, joined = span.starts[-1], _standing_for_others(connection, span)
    received = [one for one in joined if month <= one.received_at < span.end]
    before = [one for one in joined if span.starts[-2] <= one.received_at < month]
    owing = [one for one in joined if one.status.open and one.kind.wants_answer]
    names = connection.scalars(select(ChannelRow.name).order_by(ChannelRow.name))
    return Statistics(
        cases=(*_received(connection, span), *received),
        answers_before=(*_answers(connection, span.starts[-2], month), *_times(before)),
        tallies=_tallies(connection, span, joined),
        open=(*_owing(connection, span), *owing),
        corrections=_corrections(connection, month, span.end),
        channels=tuple(names),
        outages=outages.between(connection, month, span.end),
        outages_since=outages.recorded_since(connection),
    )


def _received(connection: Connection, span: Span) -> list[CaseFacts]:
    """Cases of the span's last month that stand for no others."""
    wanted = _facts(CaseRow.received_at, CaseRow.answered_at).where(
        _ALONE, CaseRow.received_at >= span.starts[-1], CaseRow.received_at < span.end
    )
    return _read(connection, wanted)


def _answers(connection: Connection, start: datetime, end: datetime) -> list[AnswerTime]:
    """Receipt and first answer of the cases of a month that want one and stand for no others."""
    wanted = select(CaseRow.received_at, CaseRow.answered_at).where(
        _ALONE,
        CaseRow.kind.in_(_WANTS_ANSWER),
        CaseRow.received_at >= start,
        CaseRow.received_at < end,
        CaseRow.answered_at.is_not(None),
    )
    return [(row.received_at, row.answered_at) for row in connection.execute(wanted)]


def _times(cases: Iterable[CaseFacts]) -> Iterator[AnswerTime]:
    for one in cases:
        if one.answered_at and one.kind.wants_answer:
            yield one.received_at, one.answered_at


def _owing(connection: Connection, span: Span) -> list[CaseFacts]:
    """Cases that owe an answer and stand for no others."""
    wanted = _facts(CaseRow.received_at, CaseRow.answered_at).where(
        _ALONE,
        CaseRow.status.in_(_OPEN),
        CaseRow.kind.in_(_WANTS_ANSWER),
    )
    # Not in SQL: SQLite would walk through all cases by their receipt to find the few open ones.
    return [one for one in _read(connection, wanted) if one.received_at < span.end]


def _standing_for_others(connection: Connection, span: Span) -> list[CaseFacts]:
    """Cases that others were merged into: received in the span, or before it and still open."""
    whole = _families()
    received = whole.c.received_at
    wanted = (
        _facts(received, whole.c.answered_at)
        .join(whole, whole.c.root == CaseRow.number)
        .where(received < span.end)
        .where(or_(received >= span.starts[0], CaseRow.status.in_(_OPEN)))
    )
    return _read(connection, wanted)


def _families() -> Subquery:
    """For each case that others were merged into, the earliest receipt and the first answer of all."""
    tree = families.tree(select(CaseRow.number).where(CaseRow.number.in_(_TARGETS), _COUNTED))
    return (
        select(
            tree.c.root,
            func.min(CaseRow.received_at).label("received_at"),
            func.min(CaseRow.answered_at).label("answered_at"),
        )
        .join(CaseRow, CaseRow.number == tree.c.number)
        .group_by(tree.c.root)
        .subquery()
    )


def _facts(received: _Time, answered: _Time) -> Select[*tuple[Any, ...]]:
    return select(
        CaseRow.number,
        CaseRow.channel,
        CaseRow.medium,
        CaseRow.kind,
        CaseRow.tier,
        CaseRow.certain,
        CaseRow.status,
        CaseRow.team,
        received.label("received_at"),
        _DUE_AT.label("due_at"),
        case((CaseRow.first_due_at.is_not(None), CaseRow.due_at)).label("due_again_at"),
        CaseRow.promise,
        answered.label("answered_at"),
        _CLOSED,
        CaseRow.rules_digest,
    )


def _read(connection: Connection, wanted: Select[*tuple[Any, ...]]) -> list[CaseFacts]:
    return [_case(row) for row in connection.execute(wanted)]


def _case(row: AnyRow) -> CaseFacts:
    return CaseFacts(
        number=row.number,
        channel=row.channel,
        medium=_MEDIUMS[row.medium],
        kind=_KINDS[row.kind],
        tier=_tier(row.tier),
        certain=row.certain,
        status=_STATUSES[row.status],
        team=row.team,
        received_at=row.received_at,
        due_at=row.due_at,
        due_again_at=row.due_again_at,
        limit=row.promise,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        rules_digest=row.rules_digest,
    )


def _tallies(
    connection: Connection, span: Span, joined: Sequence[CaseFacts]
) -> dict[datetime, Tally]:
    """Count in the database; the few cases that stand for others come as they are."""
    counted = {row.month: Tally(*row[1:]) for row in connection.execute(_counting(span))}
    tallies = {}
    for place, (start, end) in enumerate(
        zip(span.starts, (*span.starts[1:], span.end), strict=True)
    ):
        within = [one for one in joined if start <= one.received_at < end]
        tallies[start] = counted.get(place, Tally()) + Tally.of(within, span.now)
    return tallies


def _counting(span: Span) -> Select[*tuple[Any, ...]]:
    """The same as Standing, in SQL. The order of the columns is Tally's."""
    places = [(CaseRow.received_at >= start, place) for place, start in enumerate(span.starts)]
    months = (
        select(
            case(*reversed(places)).label("month"),
            _DUE_AT.label("due_at"),
            CaseRow.status.in_(_OPEN).label("open"),
            CaseRow.answered_at,
            _CLOSED,
        )
        .where(_ALONE, CaseRow.kind.in_(_WANTS_ANSWER))
        .where(CaseRow.received_at >= span.starts[0], CaseRow.received_at < span.end)
        .cte("months")
        .prefix_with("MATERIALIZED")  # or SQLite looks for the closing each time it is named below
    ).c
    due, answered = months.due_at, months.answered_at
    unanswered, done = answered.is_(None), func.coalesce(answered, months.closed_at)
    late = or_(done > due, and_(done.is_(None), months.open, due < span.now))
    in_time = and_(answered.is_not(None), or_(due.is_(None), answered <= due))
    pending = and_(unanswered, months.open, or_(due.is_(None), due >= span.now))
    closed = and_(
        unanswered,
        months.open.is_(False),
        or_(done.is_(None), due.is_(None), done <= due),
    )
    counts = (answered.is_not(None), in_time, late, pending, closed)
    return select(
        months.month, func.count(), *(func.count(case((one, 1))) for one in counts)
    ).group_by(months.month)


def _corrections(connection: Connection, start: datetime, end: datetime) -> tuple[Correction, ...]:
    """What people decided first about each case: what they decide later corrects people, not the program."""
    first = select(func.min(LabelRow.id)).group_by(LabelRow.number)
    program = func.coalesce(LabelRow.was_tier, LabelRow.was_suggested)
    columns = (program.label("program"), LabelRow.was_certain, LabelRow.tier)
    wanted = (
        select(*columns, func.count().label("count"))
        .where(LabelRow.at >= start, LabelRow.at < end, LabelRow.id.in_(first))
        .group_by(*columns)
    )
    return tuple(
        Correction(_tier(row.program), row.was_certain, _tier(row.tier), row[-1])
        for row in connection.execute(wanted)
    )


def _tier(stored: str | None) -> Tier | None:
    return _TIERS[stored] if stored else None
