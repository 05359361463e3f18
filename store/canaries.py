"""Mails of a channel to itself: sent through SMTP, they must come back through the inbox.

Which mail it was is known by its subject, where the random part of our Message-ID stands: nobody can
guess it, and servers that give out Message-IDs of their own leave subjects alone.
"""

from datetime import datetime

from sqlalchemy import Connection, select, update

from channels.types import Machine
from store.bulk import insert_rows
from store.models import AnyRow, ArrivalRow, ChannelRow, NoticeRow
from store.rows import Tokens, notice_row
from store.types import Canary, Fate, NoticeKind, NoticeState


def send(connection: Connection, channel: str, address: str, *, now: datetime, domain: str) -> None:
    """Put a mail to the channel's own address into the outbox; it takes the place of the one before."""
    message_id = Tokens(domain).message_id("channel", NoticeKind.CANARY)
    row = notice_row(NoticeKind.CANARY, address, message_id, now)
    row["details"] = {"channel": channel, "token": _token(message_id)}
    insert_rows(connection, NoticeRow, [row])
    _change(connection, channel, canary_id=message_id)


def last(connection: Connection, channel: str) -> Canary | None:
    """Return what became of the channel's last mail to itself."""
    wanted = (
        select(NoticeRow, ChannelRow.canary_sent_at, ChannelRow.canary_back_at)
        .join(ChannelRow, ChannelRow.canary_id == NoticeRow.message_id)
        .where(ChannelRow.name == channel)
    )
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    noted = row.sent_at is not None and row.sent_at == row.canary_sent_at
    back_at = row.canary_back_at if noted else _found(connection, channel, row)
    return Canary(row.created_at, NoticeState(row.state), row.sent_at, back_at, row.error)


def came_back(connection: Connection, channel: str, sent_at: datetime, back_at: datetime) -> None:
    """Note when the last mail to itself was sent and when it was found in the inbox."""
    _change(connection, channel, canary_sent_at=sent_at, canary_back_at=back_at)


def _found(connection: Connection, channel: str, sent: AnyRow) -> datetime | None:
    wanted = select(ArrivalRow.entered_at, ArrivalRow.subject).where(
        ArrivalRow.fate == Fate.MACHINE,
        ArrivalRow.channel == channel,
        ArrivalRow.why == Machine.OWN,
        ArrivalRow.entered_at >= sent.created_at,
    )
    token = _token(sent.message_id)
    rows = connection.execute(wanted.order_by(ArrivalRow.id.desc()))
    return next((row.entered_at for row in rows if token in row.subject), None)


def _token(message_id: str) -> str:
    return message_id.partition("@")[0].rpartition(".")[2]


def _change(connection: Connection, channel: str, **values: datetime | str) -> None:
    connection.execute(update(ChannelRow).where(ChannelRow.name == channel).values(values))
