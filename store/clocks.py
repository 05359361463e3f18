"""The clock of a case and of those merged into it: each part by itself, and what follows from them together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Connection, select

from store.duplicate_models import MergeRow
from store.models import AnyRow, CaseRow

# Of a case, what its clock follows from: nothing that would have to be unsealed.
WANTED = select(
    CaseRow.number,
    CaseRow.received_at,
    CaseRow.clock_from,
    CaseRow.due_at,
    CaseRow.promise,
    CaseRow.calendar,
    CaseRow.restricted,
    CaseRow.kind,
    CaseRow.tier,
    CaseRow.certain,
    CaseRow.plausible,
)


@dataclass(frozen=True, slots=True)
class Own:
    """What a case is without those merged into it. ``due_at`` is None where nothing is owed."""

    due_at: datetime | None
    promise: str
    calendar: str
    restricted: bool

    @classmethod
    def of(cls, row: AnyRow) -> Self:
        """What a case's row says now."""
        return cls(row.due_at, row.promise, row.calendar, row.restricted)

    @classmethod
    def stored(cls, value: dict[str, Any]) -> Self:
        """What `json` made a value of."""
        due = value["due_at"]
        at = datetime.fromisoformat(due).astimezone(UTC) if due else None
        return cls(at, value["promise"], value["calendar"], value["restricted"])

    def json(self) -> dict[str, Any]:
        """As it is kept with a merge."""
        due = self.due_at.isoformat() if self.due_at else None
        return {
            "due_at": due,
            "promise": self.promise,
            "calendar": self.calendar,
            "restricted": self.restricted,
        }


@dataclass(frozen=True, slots=True)
class Member:
    """A merged case: its row as it was left, the merge, and its clock by the calendar in force since."""

    row: AnyRow
    merge: AnyRow
    clock: Own


def active(connection: Connection, target: str) -> Sequence[AnyRow]:
    """The merges into a case that are in force, the first one first."""
    wanted = select(MergeRow).where(MergeRow.target == target, MergeRow.undone_at.is_(None))
    return connection.execute(wanted.order_by(MergeRow.id)).all()


def members(connection: Connection, merges: Sequence[AnyRow]) -> list[Member]:
    """What the merged cases are themselves."""
    by_number = {merge.number: merge for merge in merges}
    rows = connection.execute(WANTED.where(CaseRow.number.in_(by_number))).all()
    return [Member(row, by_number[row.number], _left(row, by_number[row.number])) for row in rows]


def own(now: Own, merges: Sequence[AnyRow], parts: Sequence[Member]) -> tuple[Own, bool]:
    """What a case is without those merged into it, and whether a person decided its clock since the merge.

    ``now`` is what it is with them. What a person decided since counts as its own.
    """
    if not merges:
        return now, False
    before = stored(merges[0])
    expected = together(before, [part.clock for part in parts])
    decided = expected.due_at != now.due_at
    clock = now if decided else before
    restricted = before if expected.restricted == now.restricted else now
    return Own(clock.due_at, clock.promise, clock.calendar, restricted.restricted), decided


def stored(merge: AnyRow) -> Own:
    """What the other case was by itself when this merge was made, by the calendar in force since."""
    return Own.stored(_redated(merge).get("own") or merge.before["own"])


def together(own: Own, others: Sequence[Own]) -> Own:
    """The earliest deadline of all counts: of equal tiers that is the earliest receipt's."""
    due = [one for one in (own, *others) if one.due_at]
    clock = min(due, key=lambda one: one.due_at or datetime.max.replace(tzinfo=UTC), default=own)
    restricted = any(one.restricted for one in (own, *others))
    return Own(clock.due_at, clock.promise, clock.calendar, restricted)


def told(clock: Own) -> dict[str, str]:
    """What an event says about a deadline; see crosscheck.py."""
    return {"limit": clock.promise, "due_at": clock.due_at.isoformat() if clock.due_at else ""}


def _left(row: AnyRow, merge: AnyRow) -> Own:
    """A merged case's row stays as it was; what a calendar changed since stands with the merge."""
    since = _redated(merge).get("member")
    clock = Own.stored(since) if since else Own.of(row)
    return Own(clock.due_at, clock.promise, clock.calendar, merge.before["restricted"])


def _redated(merge: AnyRow) -> dict[str, Any]:
    return merge.redated or {}
