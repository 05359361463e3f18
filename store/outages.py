"""When channels could not be heard, kept for the monthly evaluation.

Written where a channel's row notes that people were told, in the same transaction; the row itself only
knows the present.
"""

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from store.bulk import insert_rows
from store.columns import BigId
from store.models import AnyRow, Base, ChannelRow, ValueRow
from store.types import NoticeKind
from store.types.statistics import Outage, OutageKind

RECORDED_SINCE = "outages.recorded_since"
_BEGINS = {
    NoticeKind.CHANNEL_DOWN: OutageKind.DOWN,
    NoticeKind.CHANNEL_SILENT: OutageKind.SILENT,
    NoticeKind.CANARY_LOST: OutageKind.CANARY_LOST,
}
_ENDS = {
    NoticeKind.CHANNEL_UP: OutageKind.DOWN,
    NoticeKind.CHANNEL_HEARD: OutageKind.SILENT,
    NoticeKind.CANARY_BACK: OutageKind.CANARY_LOST,
}


class OutageRow(Base):
    """A stretch of trouble with a channel; ``ended_at`` is empty while it lasts."""

    __tablename__ = "channel_outages"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    channel: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def note(connection: Connection, channel: str, told: NoticeKind, now: datetime) -> None:
    """Write down what begins or ends with what people are told about a channel."""
    if told in _BEGINS:
        _begin(connection, channel, _BEGINS[told], now)
    elif told in _ENDS:
        unfinished = _unfinished(channel, _ENDS[told])
        connection.execute(update(OutageRow).where(unfinished).values(ended_at=now))


def between(connection: Connection, start: datetime, end: datetime) -> tuple[Outage, ...]:
    """Return the outages that touch a span, in order."""
    wanted = select(OutageRow).where(
        OutageRow.began_at < end, or_(OutageRow.ended_at.is_(None), OutageRow.ended_at > start)
    )
    rows = connection.execute(wanted.order_by(OutageRow.began_at, OutageRow.id))
    return tuple(_outage(row) for row in rows)


def recorded_since(connection: Connection) -> datetime | None:
    """Return from when on outages are recorded; None where the database always did."""
    wanted = select(ValueRow.value).where(ValueRow.key == RECORDED_SINCE)
    known = connection.scalar(wanted)
    return datetime.fromisoformat(known).astimezone(UTC) if known else None


def _begin(connection: Connection, channel: str, kind: OutageKind, now: datetime) -> None:
    if connection.scalar(select(OutageRow.id).where(_unfinished(channel, kind))):
        return
    row = {"channel": channel, "kind": kind, "began_at": now, "ended_at": None}
    if kind is OutageKind.DOWN:
        failing = select(ChannelRow.failing_since).where(ChannelRow.name == channel)
        row["began_at"] = connection.scalar(failing) or now
    insert_rows(connection, OutageRow, [row])


def _unfinished(channel: str, kind: OutageKind) -> ColumnElement[bool]:
    return and_(OutageRow.channel == channel, OutageRow.kind == kind, OutageRow.ended_at.is_(None))


def _outage(row: AnyRow) -> Outage:
    return Outage(row.channel, OutageKind(row.kind), row.began_at, row.ended_at)
