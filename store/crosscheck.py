"""Cases against their log: what the events say must be what the case shows."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, exists, not_, select

from store.chain import PURGED
from store.models import AnyRow, CaseRow, EventRow
from store.types import Damage, Status

_PAGE = 500
_CLASSIFIED, _ROUTED, _RECLASSIFIED = (
    "complaint.classified",
    "complaint.routed",
    "complaint.reclassified",
)
_ANSWERED = "answer.recorded"
_MERGED, _PARTED = "case.merged", "case.unmerged"
_SPLIT, _WHOLE_AGAIN, _WITHDRAWN = "case.split", "case.unsplit", "part.withdrawn"
_SAYS = {  # the columns an event settles, and the names of its details (empty ones are left out)
    _CLASSIFIED: {"kind": "kind", "tier": "tier"},
    _ROUTED: {"team": "team", "promise": "limit", "due_at": "due_at"},
    _RECLASSIFIED: {
        "kind": "kind",
        "tier": "tier",
        "team": "team",
        "promise": "limit",
        "due_at": "due_at",
    },
    "case.assigned": {"team": "team"},
    "case.joined": {"promise": "limit", "due_at": "due_at"},
    "case.parted": {"promise": "limit", "due_at": "due_at"},
    "case.language_set": {"language": "language"},
    "deadline.moved": {"promise": "limit", "due_at": "due_at"},
    "clock.restarted": {"promise": "limit", "due_at": "due_at"},
}
_COLUMNS = (
    CaseRow.id,
    CaseRow.number,
    CaseRow.kind,
    CaseRow.tier,
    CaseRow.team,
    CaseRow.promise,
    CaseRow.due_at,
    CaseRow.status,
    CaseRow.language,
    CaseRow.answered_at,
    CaseRow.purged_at,
)
_STATUS_AFTER = {
    _ANSWERED: Status.ANSWERED,
    "case.reopened": Status.ROUTED,
    "case.taken": Status.IN_PROGRESS,
    "case.assigned": Status.ROUTED,
    "case.closed": Status.CLOSED,
    _MERGED: Status.MERGED,
    _SPLIT: Status.SPLIT,
    _WITHDRAWN: Status.MERGED,
}


def crosscheck(connection: Connection) -> Iterator[Damage]:
    """Yield cases that are gone, that have no log, and that are not as their log says."""
    yield from (Damage("", 0, number, "case_gone") for number in _gone(connection))
    for page in _pages(connection):
        said = _said(connection, [row.number for row in page])
        for row in page:
            if row.number not in said:
                yield Damage("", 0, row.number, "case_unlogged")
            elif fields := _differing(row, said[row.number]):
                yield Damage("", 0, row.number, "case_differs", ", ".join(fields))


def _gone(connection: Connection) -> Sequence[str]:
    there = exists().where(CaseRow.number == EventRow.number)
    return connection.scalars(select(EventRow.number).where(not_(there)).distinct()).all()


def _pages(connection: Connection) -> Iterator[Sequence[AnyRow]]:
    wanted = select(*_COLUMNS).order_by(CaseRow.id).limit(_PAGE)
    last = 0
    while page := connection.execute(wanted.where(CaseRow.id > last)).all():
        yield page
        last = page[-1].id


def _said(connection: Connection, numbers: Sequence[str]) -> dict[str, dict[str, str]]:
    """What the log says about each of these cases: the last word on every column."""
    said: dict[str, dict[str, str]] = {}
    before: dict[str, str] = {}  # they were merged or split
    wanted = select(EventRow.number, EventRow.what, EventRow.details, EventRow.at)
    for number, what, details, at in connection.execute(
        wanted.where(EventRow.number.in_(numbers)).order_by(EventRow.id)
    ):
        columns = _SAYS.get(what, {})
        case = said.setdefault(number, {"status": "", "answered_at": "", "purged_at": ""})
        case.update((column, details.get(name, "")) for column, name in columns.items())
        if what == _ANSWERED and not case["answered_at"]:
            case["answered_at"] = at.isoformat()
        if what == PURGED:
            case["purged_at"] = at.isoformat()
        if what in (_MERGED, _SPLIT):
            before[number] = case["status"]
        elif what in (_PARTED, _WHOLE_AGAIN):
            case["status"] = before.get(number, "")
        if what != _ANSWERED or case["status"] != Status.MERGED:  # who is merged stays so
            case["status"] = _STATUS_AFTER.get(what, case["status"])
    return said


def _differing(row: AnyRow, said: Mapping[str, str]) -> list[str]:
    columns = [name for name, value in said.items() if not _agree(name, getattr(row, name), value)]
    # Only what takes a case off the list of those that owe an answer is checked.
    return columns if not Status(row.status).open else [c for c in columns if c != "status"]


def _agree(column: str, value: Any, said: str) -> bool:
    if column in ("due_at", "answered_at", "purged_at") and value and said:
        at: datetime = value
        return at == datetime.fromisoformat(said).astimezone(UTC)
    return str(value or "") == said
