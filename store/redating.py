"""Deadlines of open cases by another calendar. What is answered, closed or merged keeps its own.

Of a case that others were merged into, each part is reckoned anew by itself, so that merges can
still be undone; a merged case's row stays as it was left (clocks.py).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select, update

from classify.types import Kind, Tier
from store import chain, clocks, families, values
from store.bulk import insert_rows
from store.clocks import Own
from store.duplicate_models import MergeRow
from store.models import AnyRow, CaseRow, NoticeRow
from store.rows import Tokens, notice_row
from store.types import Moved, NoticeKind, Owed, Redated, Redating, Status
from store.working import change

SNAPSHOT = "calendar.snapshot"
MOVED = "deadline.moved"
CALENDAR = "calendar"  # why a complainant is told another deadline
_OPEN = [status for status in Status if status.open]
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class _New:
    """A case's row, its clock by the new calendar, and what goes with the merges into it."""

    row: AnyRow
    clock: Own
    told: Mapping[str, str]
    merges: tuple[tuple[int, dict[str, Any]], ...] = ()

    @property
    def moves(self) -> bool:
        return (self.clock.due_at, self.clock.promise) != (self.row.due_at, self.row.promise)


def behind(connection: Connection, redating: Redating) -> int:
    """Return how many open cases have a deadline by another calendar."""
    wanted = _stale(select(func.count()), redating)
    return connection.scalar(wanted) or 0


def would_move(connection: Connection, redating: Redating) -> list[Moved]:
    """Return the open cases whose deadline moves."""
    rows = connection.execute(_stale(clocks.WANTED, redating).order_by(CaseRow.id)).all()
    return [_moved(new) for new in _all(connection, rows, redating) if new.moves]


def redate(
    connection: Connection, redating: Redating, tokens: Tokens, *, who: str, now: datetime
) -> list[Moved]:
    """Put the new deadlines in force, with an event for each case whose deadline moves, and its mail."""
    wanted = _stale(clocks.WANTED, redating).order_by(CaseRow.id).with_for_update()
    found = list(_all(connection, connection.execute(wanted).all(), redating))
    for new in found:
        for merge, kept in new.merges:
            connection.execute(update(MergeRow).where(MergeRow.id == merge).values(redated=kept))
    moving = [new for new in found if new.moves]
    for new in moving:
        change(connection, new.row.number, due_at=new.clock.due_at, promise=new.clock.promise)
    _note_version(connection, [new.row.number for new in found], redating.version)
    values.put(connection, SNAPSHOT, redating.snapshot)
    chain.append(connection, chain.STAFF, [_event(new, redating, who, now) for new in moving])
    told = [new.row.number for new in moving if new.row.number in redating.mails]
    insert_rows(connection, NoticeRow, [_mail(one, redating, tokens, now) for one in told])
    return [_moved(new) for new in moving]


def _stale(wanted: Select[*tuple[Any, ...]], redating: Redating) -> Select[*tuple[Any, ...]]:
    return wanted.where(
        CaseRow.status.in_(_OPEN),
        CaseRow.due_at.is_not(None),
        CaseRow.calendar != redating.version,
        CaseRow.received_at >= redating.since,
    )


def _all(connection: Connection, rows: Sequence[AnyRow], redating: Redating) -> Iterator[_New]:
    joined = select(MergeRow.target).where(MergeRow.undone_at.is_(None)).distinct()
    targets = set(connection.scalars(joined))
    for row in rows:
        if row.number in targets:
            yield _family(connection, row, Own.of(row), redating)
        else:
            yield _alone(row, Own.of(row), redating)


def _alone(row: AnyRow, clock: Own, redating: Redating) -> _New:
    new = _reckoned(row, clock, row.clock_from or row.received_at, redating)
    if new is None:
        return _New(row, clock, {})
    return _New(row, _at(clock, new, redating), new.told)


def _family(connection: Connection, row: AnyRow, now: Own, redating: Redating) -> _New:
    """A case others were merged into: the parts by themselves, then together; or as a person decided since."""
    merges = clocks.active(connection, row.number)
    parts = clocks.members(connection, merges)
    own, decided = clocks.own(now, merges, parts)
    below = [_family(connection, part.row, part.clock, redating) for part in parts]
    first = _first_receipt(connection, row.number) if decided else row.received_at
    first = row.clock_from or first
    mine = _New(row, own, {})
    if (new := _reckoned(row, own, first, redating)) is not None:
        mine = _New(row, _at(own, new, redating), new.told)
    kept = _kept(merges, parts, below, row, redating)
    whole = mine if decided else _earliest(row, [mine, *below])
    return replace(whole, merges=(*kept, *(k for one in below for k in one.merges)))


def _earliest(row: AnyRow, parts: Sequence[_New]) -> _New:
    clock = clocks.together(parts[0].clock, [one.clock for one in parts[1:]])
    told = next((one.told for one in parts if one.clock.due_at == clock.due_at), {})
    return _New(row, clock, told)


def _kept(
    merges: Sequence[AnyRow],
    parts: Sequence[clocks.Member],
    below: Sequence[_New],
    row: AnyRow,
    redating: Redating,
) -> Iterator[tuple[int, dict[str, Any]]]:
    """What each merge remembers: the other case by itself, and the merged one, both by the new calendar."""
    of_member = {part.merge.id: new.clock for part, new in zip(parts, below, strict=True)}
    for merge in merges:
        stored = clocks.stored(merge)
        new = _reckoned(row, stored, row.received_at, redating)
        own = _at(stored, new, redating) if new else stored
        yield merge.id, {"own": own.json(), "member": of_member[merge.id].json()}


def _reckoned(row: AnyRow, clock: Own, received_at: datetime, redating: Redating) -> Redated | None:
    if clock.due_at is None:
        return None
    owed = Owed(
        number=row.number,
        received_at=received_at,
        limit=clock.promise,
        due_at=clock.due_at,
        kind=Kind(row.kind),
        tier=Tier(row.tier) if row.tier else None,
        certain=row.certain,
        plausible=tuple(map(Tier, row.plausible)),
    )
    return redating.rule(owed)


def _at(clock: Own, new: Redated, redating: Redating) -> Own:
    return Own(new.due_at, new.limit, redating.version, clock.restricted)


def _first_receipt(connection: Connection, number: str) -> datetime:
    everyone = families.family(connection, number)
    first: datetime = connection.execute(
        select(func.min(CaseRow.received_at)).where(CaseRow.number.in_(everyone))
    ).scalar_one()
    return first


def _note_version(connection: Connection, numbers: Sequence[str], version: str) -> None:
    for start in range(0, len(numbers), _CHUNK):
        some = numbers[start : start + _CHUNK]
        connection.execute(update(CaseRow).where(CaseRow.number.in_(some)).values(calendar=version))


def _event(new: _New, redating: Redating, who: str, now: datetime) -> dict[str, Any]:
    told = {
        "was_due": new.row.due_at.isoformat(),
        **clocks.told(new.clock),
        **new.told,
        "calendar": redating.version,
    }
    return chain.event(new.row.number, MOVED, who, told, now)


def _mail(number: str, redating: Redating, tokens: Tokens, now: datetime) -> dict[str, Any]:
    kind = NoticeKind.PROMISE
    row = notice_row(kind, redating.mails[number], tokens.message_id(number.lower(), kind), now)
    return row | {"number": number, "details": {"cause": CALENDAR}}


def _moved(new: _New) -> Moved:
    assert new.clock.due_at is not None  # noqa: S101 - what owes nothing is not looked at
    row = new.row
    return Moved(row.number, row.restricted, row.due_at, new.clock.due_at, new.clock.promise)
