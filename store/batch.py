"""Everything one transaction is going to write, kept back so that few statements do it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update

from store import case_rows, chain, families, fulltext, outbox, raw
from store.bulk import insert_rows
from store.columns import key
from store.errors import NumberTaken
from store.guest_models import GuestRow
from store.models import ArrivalRow, Base, CaseRow, ComplainantRow, NoticeRow, RawPart
from store.purging import spent
from store.staff_models import StaffMailRow
from store.types import Intake, NoticeRequest, Status

# Always in this order and sorted, so that transactions of two channels never wait in a circle.
_ORDER: tuple[type[Base], ...] = (ComplainantRow, ArrivalRow, NoticeRow, StaffMailRow, GuestRow)
_CHANGING = (
    "status",
    "restricted",
    "subject",
    "text",
    "reply_text",
    "later_text",
    "platform_status",
    "followups",
    "attachments",
    "location",
    "category",
    "due_at",
    "promise",
    "calendar",
    "clock_from",
    "first_due_at",
)
_CHANGE = (
    update(CaseRow)
    .where(CaseRow.number == bindparam("which"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_TAKEN = select(CaseRow.number).where(CaseRow.number.in_(bindparam("numbers", expanding=True)))
_TOUCHED = (
    select(CaseRow)
    .where(
        or_(
            CaseRow.identity.in_(bindparam("identities", expanding=True)),
            CaseRow.number.in_(bindparam("numbers", expanding=True)),
        )
    )
    .order_by(CaseRow.number)
    .with_for_update()
)


class Batch:
    """The rows of one transaction. `write` them once everything is decided."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self._rows: dict[type[Base], list[dict[str, Any]]] = {model: [] for model in _ORDER}
        self._raw: dict[str, bytes] = {}
        self._once: list[dict[str, Any]] = []
        self._withheld: list[tuple[str, Sequence[NoticeRequest]]] = []

    def add(self, model: type[Base], *rows: dict[str, Any]) -> None:
        """Keep rows for one of the tables."""
        self._rows[model].extend(rows)

    def pending(self, model: type[Base], number: str) -> dict[str, Any] | None:
        """Return a row of a case that is not written yet, to be changed in place."""
        return next((row for row in self._rows[model] if row["number"] == number), None)

    def add_once(self, notice: dict[str, Any]) -> None:
        """Keep a notice with a key, which is not written a second time."""
        self._once.append(notice)

    def add_raw(self, name: str, content: bytes) -> None:
        """Keep an arrival's bytes under their SHA-256."""
        self._raw[name] = content

    def withhold(self, number: str, notices: Sequence[NoticeRequest]) -> None:
        """Take a case's content from waiting mails to all but the readers of ``notices``."""
        self._withheld.append((number, notices))

    def write(self, connection: Connection, cases: "Cases", chain_name: str) -> None:
        """Write all rows; the events last, because they hold the chain until the commit."""
        parts = [part for name in sorted(self._raw) for part in raw.rows(name, self._raw[name])]
        insert_rows(connection, RawPart, parts, skip_known=True)
        cases.write(connection)
        for model in _ORDER:
            insert_rows(connection, model, self._rows[model])
        insert_rows(connection, NoticeRow, self._once, skip_known=True)
        for number, notices in self._withheld:
            outbox.withhold(connection, number, notices)
        chain.append(connection, chain_name, self.events)


class Cases:
    """The cases a batch may touch: loaded at once, locked, and kept current while deciding."""

    def __init__(self, connection: Connection, intakes: Iterable[Intake]) -> None:
        intakes = list(intakes)
        self._dialect = connection.dialect
        identities = {key(entry.identity) for entry in intakes if entry.identity}
        identities |= {spent(self._dialect, one) for one in identities}
        joined = {entry.joins for entry in intakes if entry.joins}
        self._in_use = _taken(connection, {entry.number for entry in intakes if entry.number})
        self._by_number = {row["number"]: row for row in _load(connection, identities, joined)}
        self._by_identity = {row["identity"]: row for row in self._by_number.values()}
        self._changed: set[str] = set()
        self._new: dict[str, dict[str, Any]] = {}

    def by_identity(self, identity: str) -> dict[str, Any] | None:
        """Return the case of this identity; an empty one is nobody's."""
        return self._by_identity.get(key(identity)) if identity else None

    def purged(self, identity: str) -> dict[str, Any] | None:
        """Return the case that had this identity until its content was removed."""
        return self._by_identity.get(spent(self._dialect, key(identity))) if identity else None

    def by_number(self, number: str) -> dict[str, Any]:
        """Return a joined case, or the one it was merged into. Raises LookupError."""
        return self.above(self._by_number[number])[-1]

    def above(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Return a case, what it was merged into, what that was merged into, and so on."""
        found = [row]
        while target := found[-1].get("merged_into"):
            found.append(self._by_number[target])
        return found

    def parts(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the cases this one was split into and still is, in their order."""
        number = row["number"]
        named = [one for one in self._by_number.values() if one.get("split_from") == number]
        parts = [one for one in named if one["merged_into"] != number]
        return sorted(parts, key=lambda one: int(one["id"]))

    def worked_on(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the cases that stand for this one: itself, or its parts or what those were merged into."""
        if row["status"] != Status.SPLIT:
            return [row]
        return [self.above(part)[-1] for part in self.parts(row)]

    def open(self, row: dict[str, Any]) -> None:
        """Add a new case. Raises NumberTaken."""
        number, identity = row["number"], row["identity"]
        if number in self._in_use or number in self._new:
            raise NumberTaken(frozenset(self._in_use | {number}))
        self._new[number] = self._by_number[number] = row
        if identity:
            self._by_identity[identity] = row

    def change(self, row: dict[str, Any], **values: Any) -> None:
        """Change a case's columns."""
        row.update(values)
        if row["number"] not in self._new:
            self._changed.add(row["number"])

    def write(self, connection: Connection) -> None:
        """Write the new cases, and the changes of those that existed before."""
        if self._new:
            new = sorted(self._new.values(), key=lambda row: row["identity"] or "")
            case_rows.insert(connection, new)
        rows = [self._by_number[number] for number in sorted(self._changed)]
        if rows:
            changes = [{name: row[name] for name in _CHANGING} for row in rows]
            for row, change in zip(rows, changes, strict=True):
                change["which"] = row["number"]
            connection.execute(_CHANGE, changes)
            fulltext.put(connection, rows)


def _taken(connection: Connection, numbers: set[str]) -> set[str]:
    if not numbers:
        return set()
    return set(connection.scalars(_TAKEN, {"numbers": list(numbers)}))


def _load(connection: Connection, identities: set[str], numbers: set[str]) -> list[dict[str, Any]]:
    if not identities and not numbers:
        return []
    sought = {"identities": list(identities), "numbers": list(numbers)}
    rows = [dict(row) for row in connection.execute(_TOUCHED, sought).mappings()]
    known = {row["number"] for row in rows}
    also = {row["merged_into"] for row in rows if row["merged_into"]}
    split = [row["number"] for row in rows if row["status"] == Status.SPLIT]
    also |= {part.number for part in families.parts(connection, split)} if split else set()
    more = _load(connection, set(), also - known)
    return rows + [row for row in more if row["number"] not in known]
