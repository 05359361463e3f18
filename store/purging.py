"""Taking out of cases that are over what says who somebody is or what they wrote; figures stay.

A case keeps its number, dates, tier, kind, channel, team and status. Its ledger rows stay, so that nothing is
fetched again; what they were known by becomes a hash. Its events stay links of the log (chain.py) with those
of their details that are codes, times and numbers of ours.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Dialect,
    bindparam,
    delete,
    func,
    or_,
    select,
    update,
)

from store import chain, fulltext
from store.answer_models import AnswerFileRow, AnswerRow
from store.duplicate_models import CaseKeyRow, MergeRow, SuggestionRow
from store.guest_models import GuestRow
from store.models import (
    AnyRow,
    ArrivalRow,
    Base,
    CaseRow,
    ComplainantRow,
    EventRow,
    LabelRow,
    NoticeRow,
    RawPart,
)
from store.sealing import keyring_of
from store.staff_models import StaffMailRow

_LEFT = {  # of an event's details; every other event keeps none
    "complaint.received": ("medium", "channel"),
    "complaint.classified": ("kind", "tier", "certain", "suggested", "rules"),
    "complaint.routed": ("team", "limit", "due_at", "calendar"),
    "complaint.reclassified": ("was", "suggested", "tier", "kind", "team", "limit", "due_at"),
    "arrival.merged": ("channel",),
    "case.assigned": ("was_team", "team"),
    "case.confirmed": ("tier", "kind"),
    "case.taken": ("status",),
    "case.closed": ("status",),
    "case.reopened": ("status",),
    "case.merged": ("into",),
    "case.joined": ("joined", "limit", "due_at"),
    "case.unmerged": ("left",),
    "case.parted": ("parted", "limit", "due_at"),
    "case.split": ("parts", "status"),
    "case.unsplit": ("parts", "status"),
    "case.language_set": ("language",),
    "part.opened": ("of",),
    "part.withdrawn": ("of",),
    "deadline.moved": ("was_due", "limit", "due_at", "days", "calendar"),
    "deadline.passed": ("limit", "due_at"),
    "clock.restarted": ("limit", "due_at", "calendar"),
    "promise.corrected": ("due_at",),
    "answer.recorded": ("way",),
    "answer.redirected": ("way", "was_way"),
    "answer.delivered": ("how",),
    "call.made": ("reached",),
    "notice.sent": ("kind",),
    "notice.failed": ("kind",),
    "notice.undelivered": ("kind",),
    "duplicate.dismissed": ("other",),
    "guest.recorded": ("guest",),
}
_ALWAYS = ("via",)
_EMPTY: dict[type[Base], dict[str, Any]] = {
    ComplainantRow: dict.fromkeys(("name", "email", "phone", "address"), ""),
    LabelRow: {"why": ""},
    NoticeRow: {"recipient": "", "recipient_key": "", "key": None, "error": "", "details": {}},
    AnswerRow: {"text": ""},
    StaffMailRow: {"who": "", "address": "", "text": "", "details": {}},
    GuestRow: dict.fromkeys(("name", "agency", "purpose", "meets", "phone"), ""),
}
_CASE = {
    **dict.fromkeys(("subject", "text", "reply_text", "later_text", "message_id"), ""),
    **dict.fromkeys(("external_id", "external_url", "location", "category", "platform_status"), ""),
    **{name: [] for name in ("hits", "attachments", "followups")},
}
_ARRIVAL: dict[str, Any] = {"error": "", "sender": "", "subject": "", "sha256": None}
_NAMES = {LabelRow: "labels", NoticeRow: "notices", AnswerRow: "answers", GuestRow: "guests"}


def spent(dialect: Dialect, identity: str) -> str:
    """Return what is kept of an identity: who does not know it cannot make it out."""
    keyring = keyring_of(dialect)
    hashed = keyring.hashed(identity) if keyring else hashlib.sha256(identity.encode()).hexdigest()
    return f"purged:{hashed}"


def bare(dialect: Dialect, row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the ledger row of what came again about a case whose content is gone."""
    known = spent(dialect, row["identity"]) if row["identity"] else None
    return {**row, **_ARRIVAL, "identity": known, "purged_at": now}


def empty(
    connection: Connection, rows: Sequence[AnyRow], *, who: str, now: datetime
) -> dict[str, int]:
    """Empty cases that are locked, with an event each; return how many rows of what were emptied."""
    numbers = [row.number for row in rows]
    counts = _arrivals(connection, numbers, now)
    per_case = _counted(connection, numbers)
    for model, values in _EMPTY.items():
        found = _update(connection, model, numbers, values)
        if model in _NAMES:
            counts[_NAMES[model]] = found
    counts["files"] = _files(connection, numbers)
    _pairs(connection, numbers, [row.id for row in rows])
    _cases(connection, rows, now)
    counts["events"] = _links(connection, numbers)
    left = chain.leftovers(connection, numbers)
    events = []
    for number in numbers:
        told = {**per_case[number], chain.LEFT: left.digest(number)}
        events.append(chain.event(number, chain.PURGED, who, told, now))
    chain.append(connection, chain.RETENTION, events)
    return counts


def bytes_of(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    """Take the bytes from arrivals, and their sender and subject, which are what the bytes say."""
    _forget(connection, ArrivalRow.id.in_(ids), now)


def guests(connection: Connection, ids: Sequence[int]) -> None:
    """Empty entries of the guest book."""
    connection.execute(update(GuestRow).where(GuestRow.id.in_(ids)).values(_EMPTY[GuestRow]))


def notices(connection: Connection, ids: Sequence[int]) -> None:
    """Empty notices about no case."""
    connection.execute(update(NoticeRow).where(NoticeRow.id.in_(ids)).values(_EMPTY[NoticeRow]))


def _counted(connection: Connection, numbers: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the events of a purge say was there."""
    found: dict[str, dict[str, str]] = {number: {} for number in numbers}
    for name, model in (("arrivals", ArrivalRow), ("notices", NoticeRow), ("answers", AnswerRow)):
        counted = select(model.number, func.count()).where(model.number.in_(numbers))
        for number, count in connection.execute(counted.group_by(model.number)):
            found[number or ""][name] = str(count)
    return found


def _update(
    connection: Connection, model: type[Any], numbers: Sequence[str], values: dict[str, Any]
) -> int:
    done: CursorResult[Any] = connection.execute(
        update(model).where(model.number.in_(numbers)).values(values)
    )
    return done.rowcount


def _arrivals(connection: Connection, numbers: Sequence[str], now: datetime) -> dict[str, int]:
    dialect = connection.dialect
    mine = select(ArrivalRow.id, ArrivalRow.identity).where(ArrivalRow.number.in_(numbers))
    rows = connection.execute(mine).all()
    known = [(row.id, {"identity": spent(dialect, row.identity)}) for row in rows if row.identity]
    _change(connection, ArrivalRow, known)
    _forget(connection, ArrivalRow.number.in_(numbers), now)
    return {"arrivals": len(rows)}


def _forget(connection: Connection, which: Any, now: datetime) -> None:
    wanted = select(ArrivalRow.sha256).where(which, ArrivalRow.sha256.is_not(None))
    names = connection.scalars(wanted).all()
    connection.execute(update(ArrivalRow).where(which).values(**_ARRIVAL, purged_at=now))
    _drop(connection, [name for name in names if name])


def _files(connection: Connection, numbers: Sequence[str]) -> int:
    mine = select(AnswerRow.id).where(AnswerRow.number.in_(numbers))
    wanted = select(AnswerFileRow.sha256).where(AnswerFileRow.answer_id.in_(mine))
    names = connection.scalars(wanted).all()
    connection.execute(delete(AnswerFileRow).where(AnswerFileRow.answer_id.in_(mine)))
    _drop(connection, names)
    return len(names)


def _drop(connection: Connection, names: Sequence[str]) -> None:
    """Remove bytes that nothing refers to any more: equal ones are stored once."""
    used: set[str | None] = set()
    for model in (ArrivalRow, AnswerFileRow):
        used |= set(connection.scalars(select(model.sha256).where(model.sha256.in_(names))))
    connection.execute(delete(RawPart).where(RawPart.sha256.in_(set(names) - used)))


def _pairs(connection: Connection, numbers: Sequence[str], ids: Sequence[int]) -> None:
    """What cases had in common with others."""
    alike = or_(SuggestionRow.number.in_(numbers), SuggestionRow.other.in_(numbers))
    connection.execute(delete(SuggestionRow).where(alike))
    connection.execute(delete(CaseKeyRow).where(CaseKeyRow.case_id.in_(ids)))
    merged = or_(MergeRow.number.in_(numbers), MergeRow.target.in_(numbers))
    connection.execute(update(MergeRow).where(merged).values(why="", undone_why=""))


def _cases(connection: Connection, rows: Sequence[AnyRow], now: datetime) -> None:
    dialect = connection.dialect
    known = [(row.id, {"identity": spent(dialect, row.identity)}) for row in rows if row.identity]
    _change(connection, CaseRow, known)
    emptied = update(CaseRow).where(CaseRow.id.in_([row.id for row in rows]))
    connection.execute(emptied.values(**_CASE, purged_at=now))
    fulltext.index(connection, [row.number for row in rows])


def _links(connection: Connection, numbers: Sequence[str]) -> int:
    wanted = select(EventRow.id, EventRow.what, EventRow.details).where(
        EventRow.number.in_(numbers), EventRow.what != chain.PURGED
    )
    links = [
        (row.id, {"details": _left(row), "purged": True}) for row in connection.execute(wanted)
    ]
    _change(connection, EventRow, links)
    return len(links)


def _left(row: AnyRow) -> dict[str, Any]:
    names = (*_LEFT.get(row.what, ()), *_ALWAYS)
    return {name: text for name, text in row.details.items() if name in names}


def _change(
    connection: Connection, model: type[Any], changes: Sequence[tuple[int, dict[str, Any]]]
) -> None:
    """Give each of these rows, named by its id, values of its own; with one statement for all."""
    if changes:
        put = update(model).where(model.id == bindparam("which"))
        put = put.values({name: bindparam(name) for name in changes[0][1]})
        connection.execute(put, [{"which": which, **values} for which, values in changes])
