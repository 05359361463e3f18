"""The rows of a complaint's parts: cases like others, with what they share with the whole they come from."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from classify.types import Verdict
from store import case_rows, chain
from store.bulk import insert_rows
from store.models import AnyRow, Base, CaseRow, ComplainantRow, LabelRow
from store.rows import verdict_columns
from store.types import NewPart, Status

SPLIT, OPENED = "case.split", "part.opened"
_OWN = ("id", "merged_into", "first_due_at", "answered_at")
"""Not the whole's, as little as what `_case` gives a part."""


def insert(
    connection: Connection,
    row: AnyRow,
    parts: Sequence[NewPart],
    *,
    received_at: datetime,
    now: datetime,
) -> None:
    """Open a case for each part of the one in ``row``, with who wrote."""
    shared = _columns(CaseRow, row)
    case_rows.insert(connection, [shared | _case(row, part, received_at, now) for part in parts])
    wanted = select(ComplainantRow).where(ComplainantRow.number == row.number)
    person = _columns(ComplainantRow, connection.execute(wanted).one())
    insert_rows(connection, ComplainantRow, [person | {"number": part.number} for part in parts])


def label(
    connection: Connection,
    row: AnyRow,
    parts: Sequence[NewPart],
    *,
    who: str,
    why: str,
    now: datetime,
) -> None:
    """Keep what a person decided otherwise than the rules did, to mend them by."""
    secret = row.restricted or any(part.restricted for part in parts)
    insert_rows(
        connection,
        LabelRow,
        [
            _label(part, part.ruled)
            | {"at": now, "who": who, "why": why if part.restricted or not secret else ""}
            for part in parts
            if part.ruled
        ],
    )


def events(
    row: AnyRow, parts: Sequence[NewPart], *, who: str, why: str, now: datetime
) -> Iterator[dict[str, Any]]:
    """Yield what happened, on both sides. What a part says of itself is what a case says that came in."""
    told = {"parts": numbers(parts), "status": row.status, "why": why}
    yield chain.event(row.number, SPLIT, who, told, now)
    for part in parts:
        # Why it was split may tell of matters that are not for who reads this part.
        opened = {"of": row.number, "extent": part.extent}
        yield chain.event(part.number, OPENED, who, opened, now)
        yield chain.event(part.number, "complaint.classified", who, _classified(part.verdict), now)
        yield chain.event(part.number, "complaint.routed", who, _routed(part), now)


def numbers(parts: Iterable[Any]) -> str:
    """Return the numbers of parts as one text."""
    return ", ".join(part.number for part in parts)


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


def _label(part: NewPart, ruled: Verdict) -> dict[str, Any]:
    return {
        "number": part.number,
        "kind": part.verdict.kind,
        "tier": part.verdict.tier,
        "was_kind": ruled.kind,
        "was_tier": ruled.tier,
        "was_certain": ruled.certain,
        "was_suggested": ruled.suggested,
        "rules_digest": ruled.rules_digest,
    }


def _classified(verdict: Verdict) -> dict[str, str]:
    return {
        "kind": verdict.kind,
        "tier": verdict.tier or "",
        "certain": "yes" if verdict.certain else "no",
        "suggested": verdict.suggested or "",
        "rules": verdict.rules_digest,
    }


def _routed(part: NewPart) -> dict[str, str]:
    return {
        "team": part.team,
        "limit": part.limit,
        "due_at": part.due_at.isoformat() if part.due_at else "",
        "calendar": part.calendar,
    }
