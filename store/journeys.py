"""When cases passed the stations of their way, read from their log and their mails."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from classify.types import Medium
from store import families
from store.engine import Database
from store.models import AnyRow, CaseRow, EventRow, NoticeRow
from store.types import Journey, NoticeKind, NoticeState, Status

_TOLD = ("complainant.told", "receipt.made")
_TOLD_LATER = ("complainant.told",)  # of a slip in the box nobody was there to take the receipt
_CONFIRMED = ("case.confirmed", "complaint.reclassified", "case.split", "part.opened")
_ROUTED = ("complaint.routed", "case.assigned", "complaint.reclassified")
_STATIONS = {
    "case.taken": "taken_at",
    "answer.recorded": "answered_at",
    "case.closed": "closed_at",
}
_READ = {*_TOLD, *_CONFIRMED, *_ROUTED, *_STATIONS, "case.reopened"}
_NUMBER_OF_MAIL = (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.PARTS)
_ROWS = select(
    CaseRow.number,
    CaseRow.received_at,
    CaseRow.status,
    CaseRow.certain,
    CaseRow.split_from,
    CaseRow.medium,
)


class Journeys:
    """Looks only. The number of statements does not grow with the number of cases."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, numbers: Collection[str]) -> dict[str, Journey]:
        """Return how far each of these cases has come."""
        if not numbers:
            return {}
        with self._database.read() as connection:
            rows = connection.execute(_ROWS.where(CaseRow.number.in_(numbers))).all()
            split = [row.number for row in rows if row.status == Status.SPLIT]
            parts = families.parts(connection, split) if split else ()
            found = _alone(connection, [*rows, *parts])
        for number in split:
            own = [found[part.number] for part in parts if part.split_from == number]
            found[number] = _together(found[number], own)
        return {number: found[number] for number in numbers if number in found}


def _alone(connection: Connection, rows: Sequence[AnyRow]) -> dict[str, Journey]:
    numbers = {row.number for row in rows} | {row.split_from for row in rows if row.split_from}
    mailed = _mailed(connection, numbers)
    wanted = (
        select(EventRow.number, EventRow.what, EventRow.at)
        .where(EventRow.number.in_(numbers), EventRow.what.in_(_READ))
        .order_by(EventRow.id)
    )
    events: dict[str, list[AnyRow]] = {}
    for event in connection.execute(wanted):
        events.setdefault(event.number, []).append(event)
    found = {}
    for row in rows:
        start = Journey(row.received_at, told_at=_told(row, mailed, events))
        found[row.number] = _walked(start, row, events.get(row.number, ()))
    return found


def _mailed(connection: Connection, numbers: Collection[str]) -> dict[str, datetime]:
    """When the mail server took the mail that told somebody their number; it did not come back."""
    wanted = select(NoticeRow.number, func.min(NoticeRow.sent_at).label("at")).where(
        NoticeRow.number.in_(numbers),
        NoticeRow.kind.in_(_NUMBER_OF_MAIL),
        NoticeRow.state == NoticeState.SENT,
    )
    rows = connection.execute(wanted.group_by(NoticeRow.number))
    return {row.number: row.at for row in rows}


def _told(
    row: AnyRow, mailed: Mapping[str, datetime], events: Mapping[str, list[AnyRow]]
) -> datetime | None:
    """The first time the complainant was told the number: of a part, also the whole's."""
    numbers = [number for number in (row.number, row.split_from) if number]
    telling = _TOLD_LATER if row.medium == Medium.BOX else _TOLD
    times = [mailed[number] for number in numbers if number in mailed]
    times += [e.at for number in numbers for e in events.get(number, ()) if e.what in telling]
    return min(times, default=None)


def _walked(journey: Journey, row: AnyRow, events: Iterable[AnyRow]) -> Journey:
    for event in events:
        if event.what in _CONFIRMED and (row.certain or row.status == Status.SPLIT):
            journey = replace(journey, confirmed_at=event.at)
        if event.what in _ROUTED:
            journey = replace(journey, routed_at=event.at)
        if event.what in _STATIONS:
            journey = replace(journey, **{_STATIONS[event.what]: event.at})
        if event.what == "case.reopened":
            journey = replace(
                journey, reopened_at=event.at, taken_at=None, answered_at=None, closed_at=None
            )
    return journey


def _together(whole: Journey, parts: Sequence[Journey]) -> Journey:
    """A complaint that was split: under way with the first of its parts, answered with the last."""
    return replace(
        whole,
        routed_at=min((part.routed_at for part in parts if part.routed_at), default=None),
        taken_at=min((part.taken_at for part in parts if part.taken_at), default=None),
        answered_at=_last([part.answered_at or part.closed_at for part in parts]),
        closed_at=_last([part.closed_at for part in parts]),
    )


def _last(times: Sequence[datetime | None]) -> datetime | None:
    """The last of these times, None while one of them is missing."""
    known = [time for time in times if time]
    return max(known) if known and len(known) == len(times) else None
