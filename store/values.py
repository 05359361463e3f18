"""Small values that outlive a restart, inside somebody else's transaction."""

from sqlalchemy import Connection

from store.models import ValueRow
from store.upsert import insert_into


def put(connection: Connection, key: str, value: str) -> None:
    """Keep a value in place of the one before."""
    row = insert_into(connection.dialect, ValueRow).values(key=key, value=value)
    connection.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": value}))
