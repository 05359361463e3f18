"""A complaint that was split, seen from either side: its parts, and what a part is a part of."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, select

from classify.types import Tier
from store import chain, families
from store.models import AnyRow, CaseRow, EventRow
from store.types import Event, Part, Status, Ticket

_LATER = ("complainant.replied", "report.updated")  # said about the complaint as a whole


def placed(connection: Connection, row: AnyRow, whole: Ticket) -> Ticket:
    """Return a case with its parts, or as the part it is.

    Who may read a part, but not all of the complaint, must not learn which complaint it is from: that
    one's tier would be told of somebody whose name stands here.
    """
    if row.status == Status.SPLIT:
        return replace(whole, parts=tuple(of(connection, row.number)))
    if not row.split_from:
        return whole
    if not source(connection, row.number):
        return replace(whole, part=True, events=tuple(_sourceless(whole.events)))
    said = _said_since(connection, row)
    events = sorted((*whole.events, *said), key=lambda event: event.at)
    return replace(whole, part=True, part_of=row.split_from, events=tuple(events))


def source(connection: Connection, number: str) -> list[str]:
    """Return the complaint a case is a part of, where who may read the part may know it; else nothing."""
    wanted = select(CaseRow.split_from, CaseRow.restricted).where(CaseRow.number == number)
    row = connection.execute(wanted).one_or_none()
    if row is None or not row.split_from:
        return []
    whole = select(CaseRow.restricted).where(CaseRow.number == row.split_from)
    hidden = connection.scalar(whole) and not row.restricted
    return [] if hidden else families.family(connection, row.split_from)


def concerning(connection: Connection, number: str) -> list[str]:
    """Return the cases whose log tells of this one: those merged into it, and the whole where that may be known."""
    return [*families.family(connection, number), *source(connection, number)]


def of(connection: Connection, number: str) -> list[Part]:
    """Return the parts of a complaint, in their order."""
    return [_part(row, _worked_on(connection, row)) for row in families.parts(connection, [number])]


def any_restricted(connection: Connection, number: str) -> bool:
    """Whether any part of a complaint is restricted."""
    return any(row.restricted for row in families.parts(connection, [number]))


def _worked_on(connection: Connection, row: AnyRow) -> AnyRow:
    return (families.worked_on(connection, row.merged_into) if row.merged_into else row) or row


def _part(row: AnyRow, worked_on: AnyRow) -> Part:
    return Part(
        number=row.number,
        status=Status(worked_on.status),
        tier=Tier(row.tier) if row.tier else None,
        certain=row.certain,
        suggested=Tier(row.suggested) if row.suggested else None,
        team=worked_on.team,
        due_at=worked_on.due_at,
        restricted=row.restricted,
        subject="" if row.restricted else row.subject,
    )


def _sourceless(events: Sequence[Event]) -> list[Event]:
    return [
        replace(event, details={n: v for n, v in event.details.items() if n != "of"})
        for event in events
    ]


def _said_since(connection: Connection, row: AnyRow) -> list[Event]:
    """What came in about the complaint as a whole since it was split: a part's team has to know it."""
    wanted = select(EventRow).where(
        EventRow.number == row.split_from, EventRow.what.in_(_LATER), EventRow.at >= row.entered_at
    )
    return [
        Event(said.at, said.what, said.who, {**chain.told(said.details), "case": said.number})
        for said in connection.execute(wanted.order_by(EventRow.id))
    ]
