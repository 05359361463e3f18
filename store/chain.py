"""The hash chain of the event log: any change made behind the program's back breaks it.

Every event belongs to a chain and carries the hash of its content and of the event before it. There is
one chain for each kind of writer (a channel, the staff, the outbox), and a transaction writes to one
only: several channels commit side by side, and no two transactions wait for each other's chain.
The heads stand in their own table, so that events cut off at the end are missed too. Who can rewrite
all hashes and heads can still forge; keep the digest of `heads` elsewhere against that.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
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


def verify(connection: Connection) -> list[Damage]:
    """Walk every chain and return what does not fit; an empty list is a sound log."""
    heads = {head.name: head for head in connection.execute(select(ChainRow))}
    named = set(connection.scalars(select(EventRow.chain).distinct()))
    damage = [Damage(name, 0, "", "no_head") for name in sorted(named - set(heads))]
    for name, head in sorted(heads.items()):
        damage += _walk(connection, name, head)
    return damage


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
    for entry in events:
        seq += 1
        details = canonical(entry["details"])
        previous = _hash(previous, chain, seq, entry, details)
        rows.append({**entry, "details": details, "chain": chain, "seq": seq, "hash": previous})
    return rows


def _hash(previous: str, chain: str, seq: int, entry: Mapping[str, Any], details: str) -> str:
    """Every column goes in; the details as canonical JSON, whatever the database made of them."""
    at = utc_text(entry["at"]) or ""
    about = (previous, chain, str(seq), entry["number"], at, entry["what"], entry["who"], details)
    content = "\0".join(about)  # no stored text has a NUL
    return hashlib.sha256(content.encode()).hexdigest()


def _walk(connection: Connection, name: str, head: AnyRow) -> Iterator[Damage]:
    seq, previous = 0, _START
    dialect = connection.dialect
    for row in _events(connection, name):
        seq += 1
        if row["seq"] != seq:
            yield Damage(name, seq, row["number"], "missing")
            seq = row["seq"]
        elif _hash(previous, name, seq, row, _told(row, dialect)) != row["hash"]:
            yield Damage(name, seq, row["number"], "changed")
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
