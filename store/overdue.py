"""What is past its term: which cases are over for long enough, and which mails and guests are old enough."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, or_, select

from classify.types import Kind, Tier
from store.duplicate_models import MergeRow
from store.guest_models import GuestRow
from store.models import AnyRow, ArrivalRow, CaseRow, EventRow, NoticeRow
from store.staff_models import StaffMailRow
from store.types import Fate, NoticeState, Status
from store.types.retention import Cutoffs, Due, Held

KEPT, RELEASED = "case.kept", "case.released"
RAW_PURGED = "raw.purged"
_LOOKS = ("case.viewed", "case.revealed", "identity.viewed", "guest.revealed")
_IDLE = (*_LOOKS, KEPT, RELEASED, RAW_PURGED)
"""What does not make a case younger: who looks at old cases must not keep them for ever."""
_ASKED = [kind for kind in Kind if kind.wants_answer]
_OPEN = [status for status in Status if status.open]
_CASE = select(
    CaseRow.number,
    CaseRow.merged_into,
    CaseRow.split_from,
    or_(CaseRow.restricted, CaseRow.tier == Tier.BERKADAR).label("examined"),
    (CaseRow.status.not_in(_OPEN) | CaseRow.kind.not_in(_ASKED)).label("over"),
).where(CaseRow.purged_at.is_(None))
_LAST = select(
    EventRow.number,
    func.max(case((EventRow.what.not_in(_IDLE), EventRow.at))).label("at"),
    func.max(case((EventRow.what == KEPT, EventRow.id))).label("kept"),
    func.max(case((EventRow.what == RELEASED, EventRow.id))).label("released"),
).group_by(EventRow.number)
_NO_CASE = (Fate.QUARANTINED, Fate.MACHINE)
_PURGED = select(CaseRow.number).where(CaseRow.purged_at.is_not(None))
_MERGES = select(MergeRow.number, MergeRow.target)
OF_CASES = (Held.CASES, Held.EXAMINED)
MAIL, NOTICE = "mail", "notice"

_CASES, _PAGE = 50, 500  # of one transaction

_Ended = tuple[Any, datetime]
_Family = list[tuple[AnyRow, datetime]]


def due(connection: Connection, cutoffs: Cutoffs) -> list[Due]:
    """Return what is past its term, by sort; a sort of which nothing is, is left out."""
    families = list(cases_due(connection, cutoffs).values())
    found = {held: _ends(connection, held, cutoffs, families) for held in cutoffs}
    return [_summed(held, cutoffs[held], ends) for held, ends in found.items() if ends]


def pages(connection: Connection, cutoffs: Cutoffs) -> list[tuple[Held, list[Any]]]:
    """Return what is to be removed together; families stay whole, under the sort of their first case."""
    work: list[tuple[Held, list[Any]]] = []
    batches: dict[Held, list[str]] = {}
    for family in cases_due(connection, cutoffs).values():
        held = _held(family[0][0])
        batch = batches.get(held)
        if batch is None or len(batch) >= _CASES:
            batch = batches[held] = []
            work.append((held, batch))
        batch += [row.number for row, _ in family]
    for held in [held for held in cutoffs if held not in OF_CASES]:
        found = [which for which, _ in _rows(connection, held, cutoffs)]
        work += [(held, found[at : at + _PAGE]) for at in range(0, len(found), _PAGE)]
    return work


def _ends(
    connection: Connection, held: Held, cutoffs: Cutoffs, families: Sequence[_Family]
) -> list[_Ended]:
    if held in OF_CASES:
        every = (one for family in families for one in family)
        return [(row.number, at) for row, at in every if _held(row) is held]
    return _rows(connection, held, cutoffs)


def _summed(held: Held, before: datetime, found: Sequence[_Ended]) -> Due:
    times = [at for _, at in found]
    numbers = tuple(sorted(which for which, _ in found)) if held in OF_CASES else ()
    return Due(held, before, len(found), min(times), max(times), numbers)


def _held(row: AnyRow) -> Held:
    return Held.EXAMINED if row.examined else Held.CASES


def cases_due(
    connection: Connection, cutoffs: Cutoffs, only: Sequence[str] = ()
) -> dict[str, _Family]:
    """Return families of cases all of which are past their terms, by their first number."""
    if not any(held in cutoffs for held in OF_CASES):
        return {}
    rows, last = _lives(connection, only)
    busy = _busy(connection)
    past = {
        number
        for number, row in rows.items()
        if number not in busy and number in last and _is_past(row, last[number], cutoffs)
    }
    return {
        family[0]: [(rows[number], last[number].at) for number in family]
        for family in _families(connection, rows.values())
        if past.issuperset(family)
    }


def _lives(
    connection: Connection, only: Sequence[str] = ()
) -> tuple[dict[str, AnyRow], dict[str, AnyRow]]:
    """Cases that are not purged, all or these, and what happened to them last."""
    cases, events = _CASE, _LAST
    if only:
        cases, events = (
            cases.where(CaseRow.number.in_(only)),
            events.where(EventRow.number.in_(only)),
        )
    rows = {row.number: row for row in connection.execute(cases)}
    return rows, {row.number: row for row in connection.execute(events)}


def _is_past(row: AnyRow, last: AnyRow, cutoffs: Cutoffs) -> bool:
    before = cutoffs.get(_held(row))
    return bool(row.over and before and last.at and last.at < before and not _is_kept(last))


def _is_kept(last: AnyRow) -> bool:
    return bool(last.kept and last.kept > (last.released or 0))


def _busy(connection: Connection) -> set[str]:
    """Cases about which something is on its way."""
    waiting = select(NoticeRow.number).where(NoticeRow.state == NoticeState.WAITING)
    asked = select(StaffMailRow.number).where(StaffMailRow.settled_at.is_(None))
    numbers = [*connection.scalars(waiting), *connection.scalars(asked)]
    return {number for number in numbers if number}


def _families(connection: Connection, rows: Iterable[AnyRow]) -> Iterator[list[str]]:
    """Cases that were ever merged, and wholes with their parts, belong together; the others are alone."""
    root: dict[str, str] = {}

    def top(number: str) -> str:
        while root.setdefault(number, number) != number:
            root[number] = number = root[root[number]]
        return number

    pairs = [(one.number, other) for one in rows for other in (one.merged_into, one.split_from)]
    pairs += [(row.number, row.target) for row in connection.execute(_MERGES)]
    numbers = {number for number, _ in pairs}
    for number, other in pairs:
        root[top(number)] = top(other or number)
    found: dict[str, list[str]] = {}
    for number in sorted(numbers | set(root)):
        found.setdefault(top(number), []).append(number)
    yield from found.values()


def _rows(connection: Connection, held: Held, cutoffs: Cutoffs) -> list[tuple[Any, datetime]]:
    before = cutoffs[held]
    if held is Held.GUESTS:
        told = (GuestRow.name, GuestRow.agency, GuestRow.purpose, GuestRow.meets, GuestRow.phone)
        wanted = select(GuestRow.id, GuestRow.came_at, GuestRow.number).where(
            GuestRow.came_at < before, or_(*(column != "" for column in told))
        )
        return _released(connection, connection.execute(wanted).all())
    if held is Held.RAW:
        return raw(connection, before)
    mails = select(ArrivalRow.id, ArrivalRow.entered_at).where(
        or_(ArrivalRow.number.is_(None), ArrivalRow.number.in_(_PURGED)),
        ArrivalRow.fate.in_(_NO_CASE),
        ArrivalRow.purged_at.is_(None),
        ArrivalRow.entered_at < before,
    )
    about = select(NoticeRow.id, NoticeRow.created_at).where(
        NoticeRow.number.is_(None),
        NoticeRow.state != NoticeState.WAITING,
        NoticeRow.recipient != "",
        NoticeRow.created_at < before,
    )
    found = [((MAIL, row.id), row[1]) for row in connection.execute(mails)]
    return found + [((NOTICE, row.id), row[1]) for row in connection.execute(about)]


def _released(connection: Connection, rows: Sequence[AnyRow]) -> list[_Ended]:
    """Without what belongs to cases that are kept."""
    held = kept(connection)
    return [(row[0], row[1]) for row in rows if row.number not in held]


def kept(connection: Connection) -> set[str]:
    """Return the cases of which nothing may be removed."""
    noted = _LAST.where(EventRow.what.in_((KEPT, RELEASED)))
    return {row.number for row in connection.execute(noted) if _is_kept(row)}


def raw(connection: Connection, before: datetime) -> list[tuple[Any, datetime]]:
    """Return arrivals with bytes of cases that were over before then, and when those were.

    Cases for the examiners keep theirs as long as the rest.
    """
    cases, last = _lives(connection)
    old = {
        number: last[number].at
        for number, row in cases.items()
        if row.over
        and not row.examined
        and number in last
        and last[number].at
        and last[number].at < before
        and not _is_kept(last[number])
    }
    wanted = select(ArrivalRow.id, ArrivalRow.number).where(
        ArrivalRow.sha256.is_not(None), ArrivalRow.number.is_not(None)
    )
    return [(row.id, old[row.number]) for row in connection.execute(wanted) if row.number in old]
