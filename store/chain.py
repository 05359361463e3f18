"""The hash chain of the event log: any change made behind the program's back breaks it.

Every event belongs to a chain and carries the hash of its content and of the event before it. There is
one chain for each kind of writer (a channel, the staff, the outbox), and a transaction writes to one
only: several channels commit side by side, and no two transactions wait for each other's chain.
The heads stand in their own table, so that events cut off at the end are missed too. Who can rewrite
all hashes and heads can still forge; keep the digest of `heads` elsewhere against that.

What somebody wrote goes at the end of its term (purging.py), the links stay: the hash of such a link is
kept as it was, and an event of its case, a link like others, holds a digest of all that is left of those
links. So neither hashes nor what is left can be changed, nor another link be passed off as purged. Details
have salt, which goes with them: nobody can try out on a hash that is left what they once said.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Dialect, bindparam, select, type_coerce, update

from store.bulk import insert_rows
from store.columns import canonical, clean, utc_text
from store.engine import VIA
from store.errors import SealBroken
from store.models import AnyRow, ChainRow, EventRow
from store.sealing import AsStored, SealedJson
from store.types import Damage

STAFF = "staff"
OUTBOX = "outbox"
CLOCK = "clock"
RETENTION = "retention"
PURGED = "case.purged"
LEFT = "remains"  # of such an event: the digest of what is left of the links before it
_SALT = "salt"
_SALT_BYTES = 12
_START = ""
_PAGE = 1000
_DETAILS = SealedJson("events.details")
_EVENT = (
    *(column for column in EventRow.__table__.c if column.name != "details"),
    type_coerce(EventRow.details, AsStored()).label("stored"),
)
_HEAD = (
    select(ChainRow.seq, ChainRow.hash).where(ChainRow.name == bindparam("chain")).with_for_update()
)
_MOVE = (
    update(ChainRow)
    .where(ChainRow.name == bindparam("chain"))
    .values(seq=bindparam("last_seq"), hash=bindparam("last_hash"))
)


def event(
    number: str, what: str, who: str, details: Mapping[str, str], at: datetime
) -> dict[str, Any]:
    """Return a row for `append`; empty details are left out."""
    told = {name: text for name, text in details.items() if text}
    return {"number": number, "what": what, "who": clean(who), "details": told, "at": at}


def append(connection: Connection, chain: str, events: Sequence[Mapping[str, Any]]) -> None:
    """Add events at the end of a chain, as the last thing a transaction does: it holds the head."""
    if not events:
        return
    seq, last = _head(connection, chain)
    rows = _linked(chain, seq, last, _marked(connection, events))
    insert_rows(connection, EventRow, rows)
    end = {"chain": chain, "last_seq": rows[-1]["seq"], "last_hash": rows[-1]["hash"]}
    connection.execute(_MOVE, end)


def _marked(
    connection: Connection, events: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """The events, with the way they came about where the transaction has one."""
    via = connection.get_execution_options().get(VIA)
    if not via:
        return events
    return [{**one, "details": {**one["details"], "via": via}} for one in events]


def told(details: Mapping[str, str]) -> dict[str, str]:
    """Return an event's details as they were given."""
    return {name: text for name, text in details.items() if name != _SALT}


def verify(connection: Connection) -> list[Damage]:
    """Walk every chain and return what does not fit; an empty list is a sound log."""
    heads = {head.name: head for head in connection.execute(select(ChainRow))}
    named = set(connection.scalars(select(EventRow.chain).distinct()))
    damage = [Damage(name, 0, "", "no_head") for name in sorted(named - set(heads))]
    purged = Leftovers()
    for name, head in sorted(heads.items()):
        damage += _walk(connection, name, head, purged)
    return damage + list(purged.damage())


class Leftovers:
    """What is left of purged links, by case, in the order of chains and within them; and what was said of it."""

    def __init__(self) -> None:
        self._digests: dict[str, Any] = {}
        self._first: dict[str, tuple[str, int]] = {}
        self._said: dict[str, str] = {}

    def add(self, row: Mapping[str, Any], details: str) -> None:
        """Take in a purged link."""
        number = row["number"]
        self._first.setdefault(number, (row["chain"], row["seq"]))
        digest = self._digests.setdefault(number, hashlib.sha256())
        left = _content(row["hash"], row["chain"], row["seq"], row, details)
        digest.update(hashlib.sha256(left).digest())

    def say(self, row: Mapping[str, Any], details: Mapping[str, str]) -> None:
        """Take in the event of a purge."""
        self._said[row["number"]] = details.get(LEFT, "")

    def digest(self, number: str) -> str:
        """Return the digest of what was taken in of a case."""
        return str(self._digests.get(number, hashlib.sha256()).hexdigest())

    def damage(self) -> Iterator[Damage]:
        """Yield cases of which links are marked as purged that nobody purged, or not as they are now."""
        for number, (name, seq) in sorted(self._first.items()):
            if self._said.get(number) != self.digest(number):
                yield Damage(name, seq, number, "purged_otherwise")


def leftovers(connection: Connection, numbers: Sequence[str]) -> Leftovers:
    """Return what is left of these cases' purged links."""
    found = Leftovers()
    wanted = select(*_EVENT).where(EventRow.number.in_(numbers), EventRow.purged)
    rows = [dict(row) for row in connection.execute(wanted).mappings()]
    # Not in SQL: databases do not agree on the order of names.
    for row in sorted(rows, key=lambda one: (one["chain"], one["seq"])):
        found.add(row, _told(row, connection.dialect))
    return found


def heads(connection: Connection) -> dict[str, tuple[int, str]]:
    """Return the length and last hash of every chain, to be kept elsewhere as a witness."""
    return {head.name: (head.seq, head.hash) for head in connection.execute(select(ChainRow))}


def _head(connection: Connection, chain: str) -> tuple[int, str]:
    """Return where a chain ends, and keep others from adding to it until this transaction is over."""
    head = connection.execute(_HEAD, {"chain": chain}).one_or_none()
    if head is None:
        first = {"name": chain, "seq": 0, "hash": _START}
        insert_rows(connection, ChainRow, [first], skip_known=True)
        head = connection.execute(_HEAD, {"chain": chain}).one()
    return head.seq, head.hash


def _linked(
    chain: str, seq: int, previous: str, events: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    rows = []
    for entry, salt in zip(events, _salts(len(events)), strict=True):
        seq += 1
        details = canonical({**entry["details"], _SALT: salt} if entry["details"] else {})
        previous = _hash(previous, chain, seq, entry, details)
        rows.append({**entry, "details": details, "chain": chain, "seq": seq, "hash": previous})
    return rows


def _salts(count: int) -> Iterable[str]:
    """Ask the system for randomness once."""
    drawn, width = secrets.token_hex(count * _SALT_BYTES), 2 * _SALT_BYTES
    return (drawn[start : start + width] for start in range(0, len(drawn), width))


def _hash(previous: str, chain: str, seq: int, entry: Mapping[str, Any], details: str) -> str:
    """Every column goes in; the details as canonical JSON, whatever the database made of them."""
    return hashlib.sha256(_content(previous, chain, seq, entry, details)).hexdigest()


def _content(previous: str, chain: str, seq: int, entry: Mapping[str, Any], details: str) -> bytes:
    at = utc_text(entry["at"]) or ""
    about = (previous, chain, str(seq), entry["number"], at, entry["what"], entry["who"], details)
    return "\0".join(about).encode()  # no stored text has a NUL


def _walk(connection: Connection, name: str, head: AnyRow, purged: Leftovers) -> Iterator[Damage]:
    seq, previous = 0, _START
    dialect = connection.dialect
    for row in _events(connection, name):
        seq += 1
        details = _told(row, dialect)
        if row["seq"] != seq:
            yield Damage(name, seq, row["number"], "missing")
            seq = row["seq"]
        elif not row["purged"] and _hash(previous, name, seq, row, details) != row["hash"]:
            yield Damage(name, seq, row["number"], "changed")
        if row["purged"]:
            purged.add(row, details)
        elif row["what"] == PURGED:
            purged.say(row, json.loads(details or "{}"))
        previous = row["hash"]
    if (seq, previous) != (head.seq, head.hash):
        yield Damage(name, head.seq, "", "missing" if seq < head.seq else "head_changed")


def _told(row: Mapping[str, Any], dialect: Dialect) -> str:
    """The details as canonical JSON; what cannot be unsealed is as good as changed."""
    try:
        return canonical(_DETAILS.process_result_value(row["stored"], dialect))
    except SealBroken:
        return ""


def _events(connection: Connection, name: str) -> Iterator[dict[str, Any]]:
    after = -(2**62)
    while True:
        page = connection.execute(
            select(*_EVENT)
            .where(EventRow.chain == name, EventRow.seq > after)
            .order_by(EventRow.seq)
            .limit(_PAGE)
        ).all()
        for row in page:
            yield dict(row._mapping)  # noqa: SLF001 - the public name of a row's mapping
        if len(page) < _PAGE:
            return
        after = page[-1].seq
