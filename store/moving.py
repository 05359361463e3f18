"""Move an installation into another database, SQLite or PostgreSQL: page by page, to go on where it was cut off.

How far it got stands in the target, in the transaction of the page itself. Until the last page was
verified the target is no database to work with, and from then on the source is not: two databases that
both take in mail would split the cases between them. See `refuse_half_moved`.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, text, tuple_

from store import chain, fulltext, lock, values
from store.backup import Progress, no_progress
from store.columns import canonical
from store.crosscheck import crosscheck
from store.engine import Database
from store.errors import AlreadyMoved, HalfMoved, MovedWrongly, TargetInUse
from store.models import Base, SealRow, ValueRow
from store.sealing import SealedBytes

MOVED_TO = "moving.to"  # in the source, once it is over
_FROM = "moving.from"  # in the target: the state of the source that is being moved
_DONE = "moving.done."  # in the target, for each table: the key of the last row
_OURS = "moving."
_PAGE, _BIG_PAGE = 500, 8  # rows; those with whole mails are megabytes
_EVENTS = ("chains", "events")


def refuse_half_moved(database: Database) -> None:
    """Raise HalfMoved for a target that was not finished, AlreadyMoved for a source that was."""
    with database.read() as connection:
        found = select(ValueRow.key, ValueRow.value).where(ValueRow.key.in_((MOVED_TO, _FROM)))
        kept = {row.key: row.value for row in connection.execute(found)}
    if MOVED_TO in kept:
        raise AlreadyMoved(to=kept[MOVED_TO])
    if _FROM in kept:
        raise HalfMoved


def move(source: Database, target: Database, progress: Progress = no_progress) -> dict[str, int]:
    """Copy every row, verify all of it, and put the target in the source's place; return rows by table.

    Both are at this version. Raises AlreadyRunning where either is in use, AlreadyMoved, TargetInUse for
    a target with cases of its own or from another state of the source, MovedWrongly.
    """
    with ExitStack() as held:
        held.enter_context(lock.exclusive(source))
        held.enter_context(lock.exclusive(target))
        _refuse_moved_elsewhere(source, target)
        _claim(target, _state(source))
        sizes = _sizes(source)
        done, total = 0, sum(sizes.values())
        for table in _tables():
            for count in _copy(source, target, table):
                done += count
                progress(done, total)
        fulltext.index_all(target)  # no table of the models: each database has its own kind
        _verify(source, target)
        _close(source, target)
        _open(target)
    return sizes


def _refuse_moved_elsewhere(source: Database, target: Database) -> None:
    """A source that was closed for this very target, which is not open yet, was cut off at the last step."""
    found, begun = _value(source, MOVED_TO), _value(target, _FROM)
    if found is not None and not (begun and found == _name(target)):
        raise AlreadyMoved(to=found)


def _value(database: Database, key: str) -> str | None:
    with database.read() as connection:
        return connection.scalar(select(ValueRow.value).where(ValueRow.key == key))


def _name(database: Database) -> str:
    return database.url.render_as_string(hide_password=True)


def _tables() -> list[Table]:
    """All tables but the one that says how a database is sealed: each has its own."""
    return [t for t in Base.metadata.sorted_tables if t.name != SealRow.__tablename__]


def _state(source: Database) -> str:
    """What tells one state of a database from another: its chains' heads and its tables' sizes."""
    with source.read() as connection:
        heads = chain.heads(connection)
    said = canonical(
        {"heads": {name: list(head) for name, head in heads.items()}, "sizes": _sizes(source)}
    )
    return hashlib.sha256(said.encode()).hexdigest()


def _sizes(database: Database) -> dict[str, int]:
    with database.read() as connection:
        return {table.name: _size(connection, table) for table in _tables()}


def _size(connection: Connection, table: Table) -> int:
    return connection.scalar(_rows(select(func.count()).select_from(table), table)) or 0


def _rows(wanted: Select[Any], table: Table) -> Select[Any]:
    """All rows of a table but our own notes."""
    return wanted.where(~table.c.key.startswith(_OURS)) if _is_kept(table) else wanted


def _is_kept(table: Table) -> bool:
    return table.name == ValueRow.__tablename__


def _claim(target: Database, state: str) -> None:
    """Take an empty target, or go on with one that was begun from the same state."""
    with target.write() as connection:
        begun = connection.scalar(select(ValueRow.value).where(ValueRow.key == _FROM))
        if begun == state:
            return
        if begun is not None or any(
            _size(connection, table) for table in _tables() if not _is_kept(table)
        ):
            raise TargetInUse
        connection.execute(delete(ValueRow))  # a new database notes since when it records what
        values.put(connection, _FROM, state)


def _copy(source: Database, target: Database, table: Table) -> Iterator[int]:
    """Copy the pages of a table that are not there yet; yield how many rows each has, known ones first."""
    key = list(table.primary_key.columns)
    last = _last(target, table)
    if last is not None:
        with target.read() as connection:
            yield _size(connection, table)
    while page := _page(source, table, key, last):
        last = [page[-1][column.name] for column in key]
        with target.write() as connection:
            connection.execute(insert(table), page)
            values.put(connection, _DONE + table.name, json.dumps(last))
        yield len(page)


def _last(target: Database, table: Table) -> list[Any] | None:
    kept = _value(target, _DONE + table.name)
    return None if kept is None else list(json.loads(kept))


def _page(
    source: Database, table: Table, key: Sequence[Any], last: list[Any] | None
) -> list[dict[str, Any]]:
    big = any(isinstance(column.type, SealedBytes) for column in table.columns)
    wanted = _rows(select(table), table).order_by(*key).limit(_BIG_PAGE if big else _PAGE)
    if last is not None:
        wanted = wanted.where(tuple_(*key) > tuple_(*last))
    with source.read() as connection:
        return [dict(row) for row in connection.execute(wanted).mappings()]


def _verify(source: Database, target: Database) -> None:
    """Hold both against each other: every row, the chains of events, and cases against their logs."""
    for table in _tables():
        if _digest(source, table) != _digest(target, table):
            raise MovedWrongly(what=table.name)
    with target.read() as connection:
        damage = [*chain.verify(connection), *crosscheck(connection)]
    with source.read() as connection:
        before = [*chain.verify(connection), *crosscheck(connection)]
    if damage != before:
        raise MovedWrongly(what=", ".join(_EVENTS))


def _digest(database: Database, table: Table) -> tuple[int, int]:
    """How many rows, and the sum of their hashes: the databases need not agree on an order."""
    count = total = 0
    last: list[Any] | None = None
    key = list(table.primary_key.columns)
    while page := _page(database, table, key, last):
        last = [page[-1][column.name] for column in key]
        for row in page:
            count += 1
            total += int.from_bytes(hashlib.sha256(_spelt(row).encode()).digest())
    return count, total % 2**256


def _spelt(row: dict[str, Any]) -> str:
    """A row as one text; PostgreSQL gives objects back with their keys in another order."""
    return repr(
        [
            (name, canonical(v) if isinstance(v, dict | list) else v)
            for name, v in sorted(row.items())
        ]
    )


def _close(source: Database, target: Database) -> None:
    """Before the target is opened: never are both in use."""
    with source.write() as connection:
        values.put(connection, MOVED_TO, _name(target))


def _open(target: Database) -> None:
    with target.write() as connection:
        if not target.is_sqlite:
            for table in _tables():
                _count_on(connection, table)
        connection.execute(delete(ValueRow).where(ValueRow.key.startswith(_OURS)))


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL's counters do not know of ids that came from elsewhere."""
    column = table.autoincrement_column
    if column is None:
        return
    highest = connection.scalar(select(func.max(column)))
    if highest is not None:
        named = {"table": table.name, "column": column.name, "highest": highest}
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"), named
        )
