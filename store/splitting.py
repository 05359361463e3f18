"""Splitting a complaint with several matters into cases of their own, and taking that back.

Nothing is moved and nothing deleted: the complaint keeps its arrivals, events and notices; its parts are
new cases that say what they are parts of, with the complainant's name and addresses, and a clock that
runs from the same receipt. Taken back, a part is a merged case of the one it came from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, or_, select

from store import case_rows, chain, families, outbox
from store.bulk import insert_rows
from store.engine import Database
from store.errors import NumberTaken
from store.lifecycle import NotAllowed, Step, after
from store.models import AnyRow, Base, CaseRow, ComplainantRow, EventRow, LabelRow, NoticeRow
from store.rows import Tokens, verdict_columns
from store.types import NewPart, Notice, NoticeKind, NoticeRequest, Status
from store.working import change, locked, tell

PART_OF = "part"  # why a part is not split again
BUSY = "busy"  # why parts that somebody worked on stay
SPLIT, OPENED = "case.split", "part.opened"
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
_TO_COMPLAINANT = (
    NoticeKind.ACKNOWLEDGEMENT, NoticeKind.PROMISE, NoticeKind.PARTS, NoticeKind.ANSWER,
)  # fmt: skip
_OWN = (
    "id",
    "merged_into",
    "first_due_at",
    "answered_at",
)  # a part has these for itself, as it has what `_case` gives it


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
            _open(connection, row, parts, received_at, now)
            insert_rows(connection, LabelRow, _labels(parts, who, why, now))
            change(connection, number, status=status)
            if any(part.restricted for part in parts):
                restrict(connection, number, _readers(parts))
            tokens = Tokens(self._domain)
            for told, about in (
                (notices, number),
                *((part.notices, part.number) for part in parts),
            ):
                tell(connection, about, told, tokens, now)
            chain.append(connection, chain.STAFF, list(_split_events(row, parts, who, why, now)))

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
                secret = row.restricted or part.restricted
                change(
                    connection, part.number,
                    status=Status.MERGED, merged_into=number, restricted=secret,
                )  # fmt: skip
            tell(connection, number, notices, Tokens(self._domain), now)
            told = {"parts": _numbers(parts), "status": was, "why": why}
            events = [chain.event(number, "case.unsplit", who, told, now)]
            events += [
                chain.event(part.number, "part.withdrawn", who, {"of": number, "why": why}, now)
                for part in parts
            ]
            chain.append(connection, chain.STAFF, events)
        return was

    def mails(self, number: str) -> list[Notice]:
        """Return the mails to the complainant of a case, and of the complaint it is a part of, oldest first."""
        with self._database.read() as connection:
            return mails(connection, number)


def mails(connection: Connection, number: str) -> list[Notice]:
    """Return the mails to the complainant of a case, and of the complaint it is a part of, oldest first."""
    whole = select(CaseRow.split_from).where(CaseRow.number == number).scalar_subquery()
    wanted = select(NoticeRow).where(
        or_(NoticeRow.number == number, NoticeRow.number == whole),
        NoticeRow.kind.in_(_TO_COMPLAINANT),
    )
    return [outbox.notice(row) for row in connection.execute(wanted.order_by(NoticeRow.id))]


def restrict(connection: Connection, number: str, readers: Sequence[NoticeRequest]) -> None:
    """Make a case, and what was merged into it, for the examiners only; ``readers`` keep waiting mails."""
    for one in families.family(connection, number):
        change(connection, one, restricted=True)
        outbox.withhold(connection, one, readers)


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


def _open(
    connection: Connection,
    row: AnyRow,
    parts: Sequence[NewPart],
    received_at: datetime,
    now: datetime,
) -> None:
    shared = _columns(CaseRow, row)
    case_rows.insert(connection, [shared | _case(row, part, received_at, now) for part in parts])
    wanted = select(ComplainantRow).where(ComplainantRow.number == row.number)
    person = _columns(ComplainantRow, connection.execute(wanted).one())
    insert_rows(connection, ComplainantRow, [person | {"number": part.number} for part in parts])


def _columns(model: type[Base], row: AnyRow) -> dict[str, Any]:
    names = (column.name for column in model.__table__.columns)
    return {name: getattr(row, name) for name in names if name not in _OWN}


def _case(row: AnyRow, part: NewPart, received_at: datetime, now: datetime) -> dict[str, Any]:
    """What a part has for itself. Files may be about any matter: named only to who may read all of it."""
    return {
        **verdict_columns(part.verdict),
        "number": part.number,
        "identity": None,
        "split_from": row.number,
        "status": Status.ROUTED,
        "team": part.team,
        "restricted": part.restricted,
        "subject": part.subject,
        "text": part.text,
        "reply_text": part.text,
        "later_text": "",
        "received_at": received_at,
        "entered_at": now,
        "due_at": part.due_at,
        "promise": part.limit,
        "calendar": part.calendar,
        "attachments": row.attachments if part.restricted or not row.restricted else [],
        "followups": [],
        "platform_status": "",
    }


def _labels(parts: Iterable[NewPart], who: str, why: str, now: datetime) -> list[dict[str, Any]]:
    """What a person decided otherwise than the rules did, to mend them by."""
    return [
        {
            "number": part.number,
            "at": now,
            "who": who,
            "why": why,
            "kind": part.verdict.kind,
            "tier": part.verdict.tier,
            "was_kind": part.ruled.kind,
            "was_tier": part.ruled.tier,
            "was_certain": part.ruled.certain,
            "was_suggested": part.ruled.suggested,
            "rules_digest": part.ruled.rules_digest,
        }
        for part in parts
        if part.ruled
    ]


def _split_events(
    row: AnyRow, parts: Sequence[NewPart], who: str, why: str, now: datetime
) -> Iterator[dict[str, Any]]:
    """What happened, on both sides. What a part says of itself is what a case says that came in."""
    told = {"parts": _numbers(parts), "status": row.status, "why": why}
    yield chain.event(row.number, SPLIT, who, told, now)
    for part in parts:
        # Why it was split may tell of matters that are not for who reads this part.
        opened = {"of": row.number, "extent": part.extent}
        yield chain.event(part.number, OPENED, who, opened, now)
        verdict = part.verdict
        classified = {
            "kind": verdict.kind,
            "tier": verdict.tier or "",
            "certain": "yes" if verdict.certain else "no",
            "suggested": verdict.suggested or "",
            "rules": verdict.rules_digest,
        }
        yield chain.event(part.number, "complaint.classified", who, classified, now)
        routed = {
            "team": part.team,
            "limit": part.limit,
            "due_at": part.due_at.isoformat() if part.due_at else "",
            "calendar": part.calendar,
        }
        yield chain.event(part.number, "complaint.routed", who, routed, now)


def _untouched(connection: Connection, part: AnyRow) -> None:
    """Raises NotAllowed where somebody worked on a part, or the complainant wrote about it."""
    row = locked(connection, part.number)
    done = exists().where(EventRow.number == part.number, EventRow.what.in_(_WORK))
    if row.merged_into or connection.scalar(select(done)):
        raise NotAllowed(part.number, Step.UNSPLIT, Status(row.status), BUSY)


def _before(connection: Connection, number: str) -> Status:
    """The status a complaint had when it was split."""
    wanted = select(EventRow.details).where(EventRow.number == number, EventRow.what == SPLIT)
    details: Mapping[str, str] = connection.execute(
        wanted.order_by(EventRow.id.desc()).limit(1)
    ).scalar_one()
    return Status(details["status"])


def _readers(parts: Iterable[NewPart]) -> list[NoticeRequest]:
    return [one for part in parts if part.restricted for one in part.notices]


def _numbers(parts: Iterable[Any]) -> str:
    return ", ".join(part.number for part in parts)
