"""Whether the keys are this database's, and bringing everything under the newest one.

That goes row by row in batches and can be broken off anywhere: what is sealed with the newest key is not
touched again, everything else can still be read. Batches name no table: whatever column has a sealed
type is found in the models.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    inspect,
    not_,
    or_,
    select,
    tuple_,
    type_coerce,
    update,
)

from store import fulltext, scrubbing
from store.bulk import insert_rows
from store.duplicate_models import CaseKeyRow
from store.engine import Database
from store.errors import KeyMissing, KeyNone, KeyOther, KeyUnknown
from store.keyring import MARK, Keyring, sealed_with
from store.models import AnyRow, ArrivalRow, Base, CaseRow, SealRow
from store.sealing import KEYED_LENGTH, UNSEALED, AsStored, Keyed, Opaque, SealedBytes

Progress = Callable[[int, int], None]

_PROBE = "muara"
_ROWS, _BIG_ROWS = 500, 8  # of one batch; rows with whole mails are megabytes
_HEAD = len(MARK) + 4


class Use(NamedTuple):
    """How many values are sealed with a key; its id is empty for those that are not sealed yet."""

    key: str
    values: int


def admit(database: Database, *, must_seal: bool = False) -> None:
    """Raise KeyMissing, KeyUnknown or KeyOther where the keys do not open this database.

    With ``must_seal`` KeyNone, where there is none and nothing is sealed yet.
    """
    row, keyring = _noted_row(database), database.keyring
    if keyring is None and row is not None:
        raise KeyMissing
    if keyring is None and must_seal:
        raise KeyNone
    if keyring is None or row is None:
        return
    if row.key not in keyring.ids:
        raise KeyUnknown(used=row.key, known=", ".join(keyring.ids))
    if row.lookup != keyring.hashed(_PROBE):
        raise KeyOther
    with database.read() as connection:
        connection.scalar(select(SealRow.probe))


def bring_up(database: Database, progress: Progress) -> bool:
    """Seal what is not sealed with the newest key, and see it gone from the file. False: nothing was left."""
    if database.keyring is None:
        fulltext.index_all(database)
        return False
    if _noted(database, database.keyring):
        return False
    held = _holds_something(database)
    _reseal_all(database, progress)
    fulltext.index_all(database)
    if held:
        scrubbing.scrub(database)
    with database.write() as connection:
        connection.execute(update(SealRow).values(done=True))
    return held


def left(database: Database) -> int:
    """Return how many rows hold something that is not sealed with the newest key."""
    with database.read() as connection:
        counted = (
            select(func.count()).select_from(table).where(_outdated(table, database))
            for table in _tables()
        )
        return sum(connection.scalar(one) or 0 for one in counted)


def uses(database: Database) -> list[Use]:
    """Return how many values every key has sealed."""
    counts: dict[str, int] = {}
    with database.read() as connection:
        for column in (column for table in _tables() for column in _sealed(table)):
            raw = type_coerce(column, AsStored())
            head = func.substr(raw, 1, _HEAD, type_=AsStored()).label("head")
            marked = func.substr(raw, 1, 1, type_=AsStored()) == MARK
            grouped = select(head, func.count()).where(marked).group_by("head")
            for stored, count in connection.execute(grouped):
                name = sealed_with(bytes(stored))
                counts[name] = counts.get(name, 0) + count
            plain = select(func.count()).where(_worth_sealing(raw, database), not_(marked))
            counts[""] = counts.get("", 0) + (connection.scalar(plain) or 0)
    return [Use(key, values) for key, values in sorted(counts.items()) if values]


def verify(database: Database, keyring: Keyring, progress: Progress) -> None:
    """Open every value with these keys alone. Raises KeyUnknown or SealBroken at the first that does not."""
    tables = list(_tables())
    with database.read() as connection:
        total = sum(
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        )
    done = 0
    for table in tables:
        for page in _pages(database, table, None):
            for row in page:
                _open_all(table, row, keyring)
            done += len(page)
            progress(done, total)


def _noted_row(database: Database) -> AnyRow | None:
    """How a database says that it is sealed; it may be of an earlier version, or not there yet."""
    if database.file is not None and not database.file.is_file():
        return None
    with database.read() as connection:
        known = inspect(connection).has_table(SealRow.__tablename__)
        return _row(connection) if known else None


def _row(connection: Connection) -> AnyRow | None:
    wanted = select(SealRow.key, SealRow.lookup, SealRow.done)
    return connection.execute(wanted).one_or_none()


def _noted(database: Database, keyring: Keyring) -> bool:
    """Note which key seals from now on; whether everything is sealed with it."""
    with database.read() as connection:
        row = _row(connection)
    if row is not None and row.key == keyring.current:
        return bool(row.done)
    noted = {"key": keyring.current, "probe": _PROBE, "done": False}
    with database.write() as connection:
        if row is not None:
            connection.execute(update(SealRow).values(noted))
            return False
        values = {"id": 1, "lookup": keyring.hashed(_PROBE), **noted}
        insert_rows(connection, SealRow, [values], skip_known=True)
        # Made without a key: cases of the last days are compared anew, and all are indexed anew.
        connection.execute(delete(CaseKeyRow))
        connection.exec_driver_sql("DELETE FROM case_words")
    return False


def _holds_something(database: Database) -> bool:
    with database.read() as connection:
        found = select(select(CaseRow.id).exists() | select(ArrivalRow.id).exists())
        return bool(connection.scalar(found))


def _reseal_all(database: Database, progress: Progress) -> None:
    """Until nothing is left: a row that others wrote meanwhile may lie before the place that was reached."""
    total = done = 0
    while waiting := left(database):
        total = max(total, done + waiting)
        for table in _tables():
            for page in _pages(database, table, _outdated(table, database)):
                with database.write() as connection:
                    _reseal(connection, table, page)
                done += len(page)
                progress(min(done, total), total)


def _reseal(connection: Connection, table: Table, page: Sequence[AnyRow]) -> None:
    """Read the rows again, now that nobody changes them, and write them sealed with the newest key."""
    keys = list(table.primary_key)
    columns = [*keys, *_sealed(table), *_keyed(table)]
    ids = [tuple(row[: len(keys)]) for row in page]
    wanted = select(*columns).where(tuple_(*keys).in_(ids)).with_for_update()
    rows = [dict(row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001 - its public name
    put = (
        update(table)
        .where(and_(*(key == bindparam(f"_{key.name}") for key in keys)))
        .values({column.name: bindparam(column.name) for column in columns[len(keys) :]})
    )
    names = {key.name for key in keys}
    changes = [{f"_{n}" if n in names else n: v for n, v in row.items()} for row in rows]
    if changes:
        connection.execute(put, changes)


def _pages(
    database: Database, table: Table, only: ColumnElement[bool] | None
) -> Iterator[Sequence[AnyRow]]:
    """Pages of primary keys and stored values, in order of the keys."""
    keys = list(table.primary_key)
    stored = [type_coerce(column, AsStored()).label(column.name) for column in _sealed(table)]
    wanted: Select[*tuple[Any, ...]] = select(*keys, *stored).order_by(*keys)
    wanted = wanted.where(only) if only is not None else wanted
    size = _BIG_ROWS if any(isinstance(c.type, SealedBytes) for c in table.columns) else _ROWS
    after: tuple[Any, ...] | None = None
    while True:
        page = wanted if after is None else wanted.where(tuple_(*keys) > tuple_(*after))
        with database.read() as connection:
            rows = connection.execute(page.limit(size)).all()
        if not rows:
            return
        yield rows
        after = tuple(rows[-1][: len(keys)])


def _open_all(table: Table, row: AnyRow, keyring: Keyring) -> None:
    for column in _sealed(table):
        stored = getattr(row, column.name)
        if isinstance(stored, bytes | memoryview) and bytes(stored).startswith(MARK):
            assert isinstance(column.type, Opaque)  # noqa: S101 - tells mypy what `_sealed` looked for
            keyring.unseal(bytes(stored), column.type.about.encode())


def _outdated(table: Table, database: Database) -> ColumnElement[bool]:
    keyring = database.keyring
    head = MARK + bytes.fromhex(keyring.current) if keyring else MARK
    sealed = (type_coerce(column, AsStored()) for column in _sealed(table))
    keyed = (type_coerce(column, Text()) for column in _keyed(table))
    return or_(
        *(
            and_(
                _worth_sealing(raw, database), func.substr(raw, 1, _HEAD, type_=AsStored()) != head
            )
            for raw in sealed
        ),
        *(
            and_(raw != "", or_(func.length(raw) != KEYED_LENGTH, not_(raw.startswith("#"))))
            for raw in keyed
        ),
    )


def _worth_sealing(raw: ColumnElement[Any], database: Database) -> ColumnElement[bool]:
    empty = [one for one in UNSEALED if one is not None]
    as_held = [one.decode() for one in empty] if database.is_sqlite else empty
    return and_(raw.is_not(None), raw.not_in([*as_held, *empty]))


def _tables() -> Iterator[Table]:
    for table in Base.metadata.sorted_tables:
        if table.name != SealRow.__tablename__ and _sealed(table):
            yield table


def _sealed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Opaque)]


def _keyed(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, Keyed)]
