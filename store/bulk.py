"""Many rows into one table. SQLAlchemy compiles the statement; the values go straight to the driver.

An insert through SQLAlchemy prepares every value of every row with several calls: for a batch of mail
that costs more than the database does. Here the same types are applied a column at a time.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect
from sqlalchemy.types import JSON, Boolean, TypeEngine

from store.columns import SafeText, UtcDateTime, aware, canonical, clean, is_storable, utc_text
from store.models import Base
from store.sealing import Keyed, Opaque
from store.upsert import insert_into

_Values = Sequence[Any]
_Prepare = Callable[[_Values], Iterable[Any]]


class _Plan(NamedTuple):
    sql: str
    columns: tuple[tuple[str, _Prepare], ...]


def insert_rows(
    connection: Connection,
    model: type[Base],
    rows: Sequence[dict[str, Any]],
    *,
    skip_known: bool = False,
) -> None:
    """Insert rows that all have the same columns. ``skip_known`` leaves those whose key is there."""
    if not rows:
        return
    plan = _plan(connection.dialect, model, tuple(rows[0]), skip_known)
    columns = [prepare([row[name] for row in rows]) for name, prepare in plan.columns]
    connection.exec_driver_sql(plan.sql, list(zip(*columns, strict=True)))


@cache
def _plan(dialect: Dialect, model: type[Base], names: tuple[str, ...], skip_known: bool) -> _Plan:
    statement = insert_into(dialect, model)
    if skip_known:
        statement = statement.on_conflict_do_nothing()
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    types = {column.name: column.type for column in model.__table__.columns}
    order = compiled.positiontup or ()
    return _Plan(str(compiled), tuple((name, _prepare(types[name], dialect)) for name in order))


def _prepare(kind: TypeEngine[Any], dialect: Dialect) -> _Prepare:
    if isinstance(kind, Opaque | Keyed):
        return lambda values: kind.stored(values, dialect)
    if isinstance(kind, SafeText):
        return _texts
    if isinstance(kind, JSON):
        return _jsons
    if isinstance(kind, UtcDateTime):
        return _times if dialect.name == "sqlite" else _aware_times
    if isinstance(kind, Boolean) and dialect.name == "sqlite":
        return lambda values: map(int, values)
    return lambda values: values


def _texts(values: _Values) -> _Values:
    """Clean texts only where one of the whole column needs it; enumerations become their values."""
    if set(map(type, values)) - {str, type(None)}:
        values = [None if value is None else str(value) for value in values]
    if is_storable("".join(filter(None, values))):
        return values
    return [value and clean(value) for value in values]


def _times(values: _Values) -> _Values:
    return [utc_text(value) for value in values]


def _aware_times(values: _Values) -> _Values:
    return [value and aware(value) for value in values]


def _jsons(values: _Values) -> _Values:
    """Write JSON. Columns of JSON hold objects and lists, so what is text is JSON already."""
    return [value if type(value) is str else canonical(value) for value in values]
