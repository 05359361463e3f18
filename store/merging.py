"""Merging cases that tell the same complaint, and taking that back. Nothing is moved and nothing deleted.

A merged case keeps its arrivals, events and notices; it only says where it went, and what is shown of
the other case includes it (families.py). What a merge changes in the other case is its clock and who
may read it; both follow from what the cases were themselves, so merges can be undone in any order.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, exists, select, update

from store import chain
from store.bulk import insert_rows
from store.duplicate_models import MergeRow
from store.engine import Database
from store.lifecycle import NotAllowed, Step, after
from store.models import AnyRow, CaseRow, EventRow
from store.rows import Tokens
from store.types import NoticeRequest, Status
from store.working import change, locked, tell


@dataclass(frozen=True, slots=True)
class _Own:
    """What a case is without those merged into it. ``due_at`` is None where nothing is owed."""

    due_at: datetime | None
    promise: str
    calendar: str
    restricted: bool

    @classmethod
    def of(cls, row: AnyRow) -> "_Own":
        return cls(row.due_at, row.promise, row.calendar, row.restricted)

    @classmethod
    def stored(cls, value: dict[str, Any]) -> "_Own":
        due = value["due_at"]
        at = datetime.fromisoformat(due).astimezone(UTC) if due else None
        return cls(at, value["promise"], value["calendar"], value["restricted"])

    def json(self) -> dict[str, Any]:
        due = self.due_at.isoformat() if self.due_at else None
        return {
            "due_at": due,
            "promise": self.promise,
            "calendar": self.calendar,
            "restricted": self.restricted,
        }


class Merging:
    """Decisions of people. Both methods raise LookupError if there is no such case, and NotAllowed."""

    def __init__(self, database: Database, message_domain: str) -> None:
        self._database = database
        self._domain = message_domain

    def merge(
        self,
        number: str,
        target: str,
        notices: Sequence[NoticeRequest],
        *,
        who: str,
        why: str,
        now: datetime,
    ) -> None:
        """Let ``target`` stand for ``number`` too. ``notices`` are about ``target``.

        The earlier deadline counts, and both are restricted if either is.
        """
        if number == target:
            raise ValueError(f"{number} cannot be merged into itself")
        with self._database.write() as connection:
            case, into = _both(connection, number, target)
            after(target, Step.MERGE, Status(into.status))
            status = after(number, Step.MERGE, Status(case.status))
            active = _active(connection, target)
            own = _own(connection, into, active)
            insert_rows(
                connection,
                MergeRow,
                [_row(case, target, own) | {"at": now, "who": who, "why": why}],
            )
            together = _together(own, [*_members(connection, active), _Own.of(case)])
            change(
                connection, number,
                status=status, merged_into=target, restricted=together.restricted,
            )  # fmt: skip
            change(connection, target, **asdict(together))
            tell(connection, target, notices, Tokens(self._domain), now)
            told = {"joined": number, "why": why, **_clock(together)}
            events = [
                chain.event(number, "case.merged", who, {"into": target, "why": why}, now),
                chain.event(target, "case.joined", who, told, now),
            ]
            chain.append(connection, chain.STAFF, events)

    def unmerge(self, number: str, *, who: str, why: str, now: datetime) -> str:
        """Undo a merge; return the case it had been merged into.

        Both are as they would be without it. What was restricted stays so where the complainant wrote
        or the report changed in between: that may be why. Raises NotAllowed also while the other case
        is merged into a third: that has to be undone first.
        """
        with self._database.write() as connection:
            merge = _of(connection, number)
            target = str(merge.target)
            _, into = _both(connection, number, target)
            if into.status == Status.MERGED:
                raise NotAllowed(target, Step.UNMERGE, Status.MERGED)
            alone = _without(connection, merge, into)
            undone = {"undone_at": now, "undone_by": who, "undone_why": why}
            connection.execute(update(MergeRow).where(MergeRow.id == merge.id).values(undone))
            kept = into.restricted and _news_since(connection, (number, target), merge.at)
            was = Status(merge.before["status"])
            secret = merge.before["restricted"] or kept
            change(connection, number, status=was, merged_into=None, restricted=secret)
            change(connection, target, **asdict(alone) | {"restricted": alone.restricted or kept})
            told = {"parted": number, "why": why, **_clock(alone)}
            events = [
                chain.event(number, "case.unmerged", who, {"left": target, "why": why}, now),
                chain.event(target, "case.parted", who, told, now),
            ]
            chain.append(connection, chain.STAFF, events)
        return target


def any_restricted(connection: Connection, number: str) -> bool:
    """Whether any of those merged into a case is restricted by itself."""
    return any(one.restricted for one in _members(connection, _active(connection, number)))


def _without(connection: Connection, merge: AnyRow, into: AnyRow) -> _Own:
    """What a case is without one of those merged into it."""
    active = _active(connection, merge.target)
    own = _own(connection, into, active)
    return _together(own, _members(connection, [one for one in active if one.id != merge.id]))


def _both(connection: Connection, number: str, target: str) -> tuple[AnyRow, AnyRow]:
    """Lock two cases, always in the same order."""
    rows = {one: locked(connection, one) for one in sorted({number, target})}
    return rows[number], rows[target]


def _of(connection: Connection, number: str) -> AnyRow:
    wanted = select(MergeRow).where(MergeRow.number == number, MergeRow.undone_at.is_(None))
    merge = connection.execute(wanted).one_or_none()
    if merge is None:
        raise NotAllowed(number, Step.UNMERGE, Status(locked(connection, number).status))
    return merge


def _active(connection: Connection, target: str) -> Sequence[AnyRow]:
    """The merges into a case that are in force, the first one first."""
    wanted = select(MergeRow).where(MergeRow.target == target, MergeRow.undone_at.is_(None))
    return connection.execute(wanted.order_by(MergeRow.id)).all()


def _members(connection: Connection, active: Sequence[AnyRow]) -> list[_Own]:
    """What the merged cases are themselves."""
    restricted = {merge.number: merge.before["restricted"] for merge in active}
    rows = connection.execute(select(CaseRow).where(CaseRow.number.in_(restricted))).all()
    return [_Own(row.due_at, row.promise, row.calendar, restricted[row.number]) for row in rows]


def _own(connection: Connection, row: AnyRow, active: Sequence[AnyRow]) -> _Own:
    """What a case is without those merged into it; what a person decided since counts as its own."""
    now = _Own.of(row)
    if not active:
        return now
    stored = _Own.stored(active[0].before["own"])
    expected = _together(stored, _members(connection, active))
    clock = stored if expected.due_at == now.due_at else now
    restricted = stored if expected.restricted == now.restricted else now
    return _Own(clock.due_at, clock.promise, clock.calendar, restricted.restricted)


def _together(own: _Own, members: Sequence[_Own]) -> _Own:
    """The earliest deadline of all counts: of equal tiers that is the earliest receipt's."""
    due = [one for one in (own, *members) if one.due_at]
    clock = min(due, key=lambda one: one.due_at or datetime.max.replace(tzinfo=UTC), default=own)
    restricted = any(one.restricted for one in (own, *members))
    return _Own(clock.due_at, clock.promise, clock.calendar, restricted)


def _row(case: AnyRow, target: str, own: _Own) -> dict[str, Any]:
    before = {"status": case.status, "restricted": case.restricted, "own": own.json()}
    return {
        "number": case.number,
        "target": target,
        "before": before,
        "undone_at": None,
        "undone_by": "",
        "undone_why": "",
    }


def _news_since(connection: Connection, numbers: tuple[str, ...], since: datetime) -> bool:
    news = ("complainant.replied", "report.updated")
    found = exists().where(
        EventRow.number.in_(numbers), EventRow.what.in_(news), EventRow.at >= since
    )
    return bool(connection.scalar(select(found)))


def _clock(own: _Own) -> dict[str, str]:
    """What an event says about a deadline; see crosscheck.py."""
    return {"limit": own.promise, "due_at": own.due_at.isoformat() if own.due_at else ""}
