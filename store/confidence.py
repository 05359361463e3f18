"""What a changed report of a platform says about who wrote it. It only ever becomes more confidential.

A report that is anonymous here and not any more there reveals nobody by itself: an export that leaves a
column out looks just the same. A person who wants to know looks on the platform.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select, update

from channels.types import Message
from store import families
from store.models import ComplainantRow

_NAMELESS = {"anonymous": True, "name": "", "email": "", "phone": "", "address": ""}


def tightened(
    connection: Connection, number: str, message: Message, pending: dict[str, Any] | None
) -> frozenset[str]:
    """Note what the complainant asks for now; return which of ``anonymous`` and ``secret`` are new.

    ``pending`` is the complainant's row where it is not written yet.
    """
    was = _written(connection, number) if pending is None else pending
    changes: dict[str, Any] = {}
    if message.anonymous and not was["anonymous"]:
        changes |= _NAMELESS
    if message.secret and not was["secret"]:
        changes["secret"] = True
    if changes and pending is not None:
        pending.update(changes)
    elif changes:
        parts = [part.number for part in families.parts(connection, [number])]
        changed = update(ComplainantRow).where(ComplainantRow.number.in_([number, *parts]))
        connection.execute(changed.values(changes))
    return frozenset(changes) & {"anonymous", "secret"}


def _written(connection: Connection, number: str) -> Mapping[str, Any]:
    flags = select(ComplainantRow.anonymous, ComplainantRow.secret)
    row = connection.execute(flags.where(ComplainantRow.number == number)).mappings().one()
    return dict(row)
