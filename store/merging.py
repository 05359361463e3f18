"""Merging cases that tell the same complaint, and taking that back. Nothing is moved and nothing deleted.

A merged case keeps its arrivals, events and notices; it only says where it went, and what is shown of
the other case includes it (families.py). What a merge changes in the other case is its clock and who
may read it; both follow from what the cases were themselves, so merges can be undone in any order.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select, update

from store import chain, clocks
from store.bulk import insert_rows
from store.clocks import Own
from store.duplicate_models import MergeRow
from store.engine import Database
from store.lifecycle import NotAllowed, Step, after
from store.models import AnyRow, EventRow
from store.rows import Tokens
from store.splitting import hold_wholes, restrict_wholes
from store.types import NoticeRequest, Status
from store.working import change, locked, tell


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
            own, together = _joined(connection, case, into)
            row = _row(case, target, own) | {"at": now, "who": who, "why": why}
            insert_rows(connection, MergeRow, [row])
            secret = together.restricted
            change(connection, number, status=status, merged_into=target, restricted=secret)
            change(connection, target, **asdict(together))
            if secret:
                restrict_wholes(connection, (case, into), notices)
            tell(connection, target, notices, Tokens(self._domain), now)
            events = _merged(number, target, together, who=who, why=why, now=now)
            chain.append(connection, chain.STAFF, events)

    def unmerge(self, number: str, *, who: str, why: str, now: datetime) -> str:
        """Undo a merge; return the case it had been merged into.

        Both are as they would be without it. What was restricted stays so where the complainant wrote
        or the report changed in between: that may be why. Raises NotAllowed also while the other case
        is merged into a third or split: that has to be undone first.
        """
        with self._database.write() as connection:
            merge = _of(connection, number)
            target = str(merge.target)
            case, into = _both(connection, number, target)
            if Status(into.status).stood_for:
                raise NotAllowed(target, Step.UNMERGE, Status(into.status))
            left, alone = _apart(connection, merge, into)
            undone = {"undone_at": now, "undone_by": who, "undone_why": why}
            connection.execute(update(MergeRow).where(MergeRow.id == merge.id).values(undone))
            _part(connection, merge, into, left, alone)
            events = _parted(case, target, left, alone, who=who, why=why, now=now)
            chain.append(connection, chain.STAFF, events)
        return target


def any_restricted(connection: Connection, number: str) -> bool:
    """Whether any of those merged into a case is restricted by itself."""
    parts = clocks.members(connection, clocks.active(connection, number))
    return any(one.clock.restricted for one in parts)


def _joined(connection: Connection, case: AnyRow, into: AnyRow) -> tuple[Own, Own]:
    """What the other case is by itself, and what it is with a further one."""
    active = clocks.active(connection, into.number)
    parts = clocks.members(connection, active)
    own, _ = clocks.own(Own.of(into), active, parts)
    return own, clocks.together(own, [*(one.clock for one in parts), Own.of(case)])


def _apart(connection: Connection, merge: AnyRow, into: AnyRow) -> tuple[Own, Own]:
    """What a merged case is, and what the other one is without it."""
    active = clocks.active(connection, merge.target)
    parts = clocks.members(connection, active)
    own, _ = clocks.own(Own.of(into), active, parts)
    left = next(part.clock for part in parts if part.merge.id == merge.id)
    return left, clocks.together(own, [part.clock for part in parts if part.merge.id != merge.id])


def _part(connection: Connection, merge: AnyRow, into: AnyRow, left: Own, alone: Own) -> None:
    """Give both cases back what they are without each other."""
    numbers = (merge.number, into.number)
    kept = into.restricted and _news_since(connection, numbers, merge.at)
    was = Status(merge.before["status"])
    again = {"status": was, "merged_into": None, "restricted": left.restricted or kept}
    change(connection, merge.number, **asdict(left) | again)
    change(connection, into.number, **asdict(alone) | {"restricted": alone.restricted or kept})


def _merged(
    number: str, target: str, together: Own, *, who: str, why: str, now: datetime
) -> list[dict[str, Any]]:
    told = {"joined": number, "why": why, **clocks.told(together)}
    return [
        chain.event(number, "case.merged", who, {"into": target, "why": why}, now),
        chain.event(target, "case.joined", who, told, now),
    ]


def _parted(
    case: AnyRow, target: str, left: Own, alone: Own, *, who: str, why: str, now: datetime
) -> list[dict[str, Any]]:
    told = {"parted": case.number, "why": why, **clocks.told(alone)}
    events = [
        chain.event(case.number, "case.unmerged", who, {"left": target, "why": why}, now),
        chain.event(target, "case.parted", who, told, now),
    ]
    if left.due_at != case.due_at:
        moved = {"was_due": case.due_at.isoformat(), **clocks.told(left)}
        events.append(chain.event(case.number, "deadline.moved", who, moved, now))
    return events


def _both(connection: Connection, number: str, target: str) -> tuple[AnyRow, AnyRow]:
    """Lock two cases, always in the same order."""
    hold_wholes(connection, [number, target])
    rows = {one: locked(connection, one) for one in sorted({number, target})}
    return rows[number], rows[target]


def _of(connection: Connection, number: str) -> AnyRow:
    wanted = select(MergeRow).where(MergeRow.number == number, MergeRow.undone_at.is_(None))
    merge = connection.execute(wanted).one_or_none()
    if merge is None:
        row = locked(connection, number)
        because = "withdrawn" if row.merged_into else ""
        raise NotAllowed(number, Step.UNMERGE, Status(row.status), because)
    return merge


def _row(case: AnyRow, target: str, own: Own) -> dict[str, Any]:
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
