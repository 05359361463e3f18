"""Splitting a complaint with several matters into cases of their own, and taking that back.

Nothing is moved and nothing deleted: the complaint keeps its arrivals, events and notices; its parts are
new cases that say what they are parts of, with the complainant's name and addresses, and a clock that
runs from the same receipt. Taken back, a part is a merged case of the one it came from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, or_, select

from store import chain, families, new_parts, outbox
from store.engine import Database
from store.errors import NumberTaken
from store.lifecycle import NotAllowed, Step, after
from store.models import AnyRow, CaseRow, EventRow, NoticeRow
from store.rows import Tokens
from store.types import NewPart, Notice, NoticeKind, NoticeRequest, Status
from store.working import change, locked, tell

PART_OF = "part"  # why a part is not split again
BUSY = "busy"  # why parts that somebody worked on stay
_WORK = (
    "answer.recorded",
    "case.assigned",
    "case.closed",
    "case.joined",
    "case.merged",
    "case.taken",
    "complainant.replied",
    "complaint.reclassified",
    "staff.noted",
)
TO_COMPLAINANT = (
    NoticeKind.ACKNOWLEDGEMENT, NoticeKind.PROMISE, NoticeKind.PARTS, NoticeKind.ANSWER,
)  # fmt: skip


class Splitting:
    """Decisions of people. `split` and `unsplit` raise LookupError if there is no such case, and NotAllowed."""

    def __init__(self, database: Database, message_domain: str) -> None:
        self._database = database
        self._domain = message_domain

    def split(
        self,
        number: str,
        parts: Sequence[NewPart],
        notices: Sequence[NoticeRequest],
        *,
        who: str,
        why: str,
        received_at: datetime,
        now: datetime,
    ) -> None:
        """Open a case for each part. ``notices`` are about ``number``, those of the parts about them.

        ``received_at`` is the receipt from which their clocks run. The complaint as a whole is
        restricted if any of its parts is. Raises NumberTaken.
        """
        with self._database.write() as connection:
            row = locked(connection, number)
            status = after(number, Step.SPLIT, Status(row.status))
            if row.split_from:
                raise NotAllowed(number, Step.SPLIT, Status(row.status), PART_OF)
            _free(connection, [part.number for part in parts])
            new_parts.insert(connection, row, parts, received_at=received_at, now=now)
            new_parts.label(connection, row, parts, who=who, why=why, now=now)
            change(connection, number, status=status)
            if any(part.restricted for part in parts):
                restrict(connection, number, _readers(parts))
            tokens = Tokens(self._domain)
            tell(connection, number, notices, tokens, now)
            for part in parts:
                tell(connection, part.number, part.notices, tokens, now)
            events = new_parts.events(row, parts, who=who, why=why, now=now)
            chain.append(connection, chain.STAFF, list(events))

    def unsplit(
        self,
        number: str,
        notices: Sequence[NoticeRequest],
        *,
        who: str,
        why: str,
        now: datetime,
    ) -> Status:
        """Let a complaint be one case again; return its status. Raises NotAllowed once a part was worked on."""
        with self._database.write() as connection:
            row = locked(connection, number)
            after(number, Step.UNSPLIT, Status(row.status))
            parts = families.parts(connection, [number])
            for part in parts:
                _untouched(connection, part)
            was = _before(connection, number)
            change(connection, number, status=was)
            for part in parts:
                _withdraw(connection, part, row)
            tell(connection, number, notices, Tokens(self._domain), now)
            events = _unsplit_events(number, parts, was, who=who, why=why, now=now)
            chain.append(connection, chain.STAFF, list(events))
        return was

    def mails(self, number: str) -> list[Notice]:
        """Return the mails to the complainant of a case, and of the complaint it is a part of, oldest first."""
        with self._database.read() as connection:
            return mails(connection, number)


def mails(connection: Connection, number: str) -> list[Notice]:
    """Return the mails to the complainant of a case, and of the complaint it is a part of, oldest first.

    Those of the complaint name no part that is for the examiners.
    """
    named = (CaseRow.number == number, CaseRow.restricted.is_(False))
    whole = select(CaseRow.split_from).where(*named).scalar_subquery()
    wanted = select(NoticeRow).where(
        or_(NoticeRow.number == number, NoticeRow.number == whole),
        NoticeRow.kind.in_(TO_COMPLAINANT),
    )
    return [outbox.notice(row) for row in connection.execute(wanted.order_by(NoticeRow.id))]


def restrict(connection: Connection, number: str, readers: Sequence[NoticeRequest]) -> None:
    """Make a case, and what was merged into it, for the examiners only; ``readers`` keep waiting mails."""
    for one in families.family(connection, number):
        change(connection, one, restricted=True)
        outbox.withhold(connection, one, readers)


def hold_wholes(connection: Connection, numbers: Sequence[str]) -> None:
    """Lock the complaints that these are parts of, always before the parts: nobody waits in a circle."""
    wanted = select(CaseRow.split_from).where(CaseRow.number.in_(numbers))
    for whole in sorted(filter(None, connection.scalars(wanted).all())):
        locked(connection, whole)


def restrict_wholes(
    connection: Connection, rows: Iterable[AnyRow], readers: Sequence[NoticeRequest]
) -> None:
    """Make the complaints that these are parts of restricted: their text holds what the parts hold."""
    for whole in sorted({row.split_from for row in rows if row.split_from}):
        restrict(connection, whole, readers)


def _free(connection: Connection, numbers: Sequence[str]) -> None:
    taken = connection.scalars(select(CaseRow.number).where(CaseRow.number.in_(numbers))).all()
    if taken:
        raise NumberTaken(frozenset(taken))


def _untouched(connection: Connection, part: AnyRow) -> None:
    """Raises NotAllowed where somebody worked on a part, or the complainant wrote about it."""
    row = locked(connection, part.number)
    done = exists().where(EventRow.number == part.number, EventRow.what.in_(_WORK))
    if row.merged_into or connection.scalar(select(done)):
        raise NotAllowed(part.number, Step.UNSPLIT, Status(row.status), BUSY)


def _withdraw(connection: Connection, part: AnyRow, whole: AnyRow) -> None:
    """Let the whole stand for a part again; both are as restricted as either was."""
    values = {"merged_into": whole.number, "restricted": whole.restricted or part.restricted}
    change(connection, part.number, status=Status.MERGED, **values)


def _unsplit_events(
    number: str, parts: Sequence[AnyRow], was: Status, *, who: str, why: str, now: datetime
) -> Iterator[dict[str, Any]]:
    told = {"parts": new_parts.numbers(parts), "status": was, "why": why}
    yield chain.event(number, "case.unsplit", who, told, now)
    for part in parts:
        withdrawn = {"of": number, "why": why}
        yield chain.event(part.number, "part.withdrawn", who, withdrawn, now)


def _before(connection: Connection, number: str) -> Status:
    """The status a complaint had when it was split."""
    wanted = select(EventRow.details).where(
        EventRow.number == number, EventRow.what == new_parts.SPLIT
    )
    details: Mapping[str, str] = connection.execute(
        wanted.order_by(EventRow.id.desc()).limit(1)
    ).scalar_one()
    return Status(details["status"])


def _readers(parts: Iterable[NewPart]) -> list[NoticeRequest]:
    return [one for part in parts if part.restricted for one in part.notices]
