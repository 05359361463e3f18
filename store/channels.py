"""The channels' rows: the schedule is data, a restart needs nothing else."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update

from store import outages
from store.bulk import insert_rows
from store.models import AnyRow, ChannelRow
from store.types import ChannelHealth, ChannelState, NoticeKind

_MOVE = (
    update(ChannelRow)
    .where(ChannelRow.name == bindparam("channel"))
    .values(cursor=bindparam("new_cursor"))
)
_TOLD: dict[NoticeKind, Callable[[datetime], dict[str, Any]]] = {
    NoticeKind.CHANNEL_DOWN: lambda _: {"told_down": True},
    NoticeKind.CHANNEL_UP: lambda _: {"told_down": False},
    NoticeKind.CHANNEL_SILENT: lambda now: {"silent_since": now},
    NoticeKind.CHANNEL_HEARD: lambda _: {"silent_since": None},
    NoticeKind.CANARY_LOST: lambda now: {"canary_lost_at": now},
    NoticeKind.CANARY_BACK: lambda _: {"canary_lost_at": None},
}


def states(connection: Connection) -> list[ChannelState]:
    """Return all channels by name."""
    rows = connection.execute(select(ChannelRow).order_by(ChannelRow.name))
    return [_state(row) for row in rows]


def polled(
    connection: Connection, name: str, found: int, next_due: datetime, now: datetime
) -> ChannelState:
    """Note a success. ``found`` arrivals came."""
    changes: dict[str, Any] = {
        "health": ChannelHealth.HEALTHY,
        "failures": 0,
        "failing_since": None,
        "error": "",
        "last_success": now,
        "next_due": next_due,
        "arrivals": ChannelRow.arrivals + found,
    }
    if found:
        changes["last_arrival"] = now
    return _change(connection, name, changes, now)


def failed(
    connection: Connection, name: str, *, error: str, next_due: datetime, down: bool, now: datetime
) -> ChannelState:
    """Note a failure in a row of failures; ``down`` when it is one too many."""
    changes = {
        "health": ChannelHealth.DOWN if down else ChannelHealth.DEGRADED,
        "failures": ChannelRow.failures + 1,
        "failing_since": func.coalesce(ChannelRow.failing_since, now),
        "error": error,
        "next_due": next_due,
    }
    return _change(connection, name, changes, now)


def told(connection: Connection, name: str, kind: NoticeKind, now: datetime) -> None:
    """Note what people were told about a channel. Raises LookupError for a notice of another kind."""
    change = _TOLD[kind](now)
    connection.execute(update(ChannelRow).where(ChannelRow.name == name).values(change))
    outages.note(connection, name, kind, now)


def move_cursor(connection: Connection, name: str, cursor: str, now: datetime) -> None:
    """Set where the channel goes on."""
    if connection.execute(_MOVE, {"channel": name, "new_cursor": cursor}).rowcount == 0:
        _change(connection, name, {"cursor": cursor}, now)


def _change(
    connection: Connection, name: str, changes: dict[str, Any], now: datetime
) -> ChannelState:
    changed = update(ChannelRow).where(ChannelRow.name == name).values(changes)
    row = connection.execute(changed.returning(ChannelRow)).one_or_none()
    if row is None:
        insert_rows(connection, ChannelRow, [_fresh(name, now)], skip_known=True)
        row = connection.execute(changed.returning(ChannelRow)).one()
    return _state(row)


def _fresh(name: str, now: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "cursor": None,
        "health": ChannelHealth.NEW,
        "failures": 0,
        "last_success": None,
        "last_arrival": None,
        "next_due": now,
        "error": "",
        "arrivals": 0,
        "told_down": False,
        "known_since": now,
    }


def _state(row: AnyRow) -> ChannelState:
    return ChannelState(
        name=row.name,
        health=_health(row),
        failures=row.failures,
        last_success=row.last_success,
        last_arrival=row.last_arrival,
        next_due=row.next_due,
        error=row.error,
        arrivals=row.arrivals,
        told_down=row.told_down,
        known_since=row.known_since,
        silent_since=row.silent_since,
        canary_sent_at=row.canary_sent_at,
        canary_back_at=row.canary_back_at,
        canary_lost_at=row.canary_lost_at,
    )


def _health(row: AnyRow) -> ChannelHealth:
    """What the last turn found; a channel that can be read may still get nothing."""
    health = ChannelHealth(row.health)
    if health is not ChannelHealth.HEALTHY:
        return health
    if row.canary_lost_at:
        return ChannelHealth.DEGRADED
    return ChannelHealth.SILENT if row.silent_since else health
