"""New rows of cases: written and made to be found by their words, together."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from store import fulltext
from store.bulk import insert_rows
from store.models import CaseRow

_IDS = select(CaseRow.number, CaseRow.id).where(
    CaseRow.number.in_(bindparam("numbers", expanding=True))
)


def insert(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert cases."""
    insert_rows(connection, CaseRow, rows)
    numbers = [row["number"] for row in rows]
    ids = {row.number: row.id for row in connection.execute(_IDS, {"numbers": numbers})}
    fulltext.put(connection, [row | {"id": ids[row["number"]]} for row in rows])
