"""A bounce that names one of our notices: the notice was not delivered, and its case says so."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from channels.types import Machine, Message
from store import chain
from store.models import AnyRow, NoticeRow
from store.rows import message_key
from store.types import NoticeState


def named(message: Message) -> set[str]:
    """Return the Message-IDs a message refers to."""
    return {message_key(one) for one in (*message.in_reply_to, *message.references)}


def ours(connection: Connection, messages: Iterable[Message]) -> dict[str, AnyRow]:
    """Return our notices that bounces among these messages name, by Message-ID."""
    ids = {one for m in messages if m.machine is Machine.BOUNCE for one in named(m)}
    if not ids:
        return {}
    wanted = select(
        NoticeRow.id, NoticeRow.message_id, NoticeRow.number, NoticeRow.kind, NoticeRow.recipient
    ).where(NoticeRow.message_id.in_(ids))
    return {row.message_id: row for row in connection.execute(wanted)}


def returned(message: Message, notices: dict[str, AnyRow]) -> list[AnyRow]:
    """Return the notices this bounce is about: of those it names, the ones to a failed recipient."""
    about = [notices[one] for one in sorted(named(message)) if one in notices]
    failed = {address.casefold() for address in message.bounce_recipients}
    return [row for row in about if row.recipient.casefold() in failed] or about


def mark(connection: Connection, notices: Iterable[AnyRow], reason: str) -> None:
    """Mark notices as undelivered."""
    ids = [row.id for row in notices]
    if ids:
        connection.execute(
            update(NoticeRow)
            .where(NoticeRow.id.in_(ids))
            .values(state=NoticeState.UNDELIVERED, error=reason)
        )


def event(notice: AnyRow, reason: str, who: str, now: datetime) -> dict[str, Any]:
    """Return the event for the notice's case."""
    details = {"kind": notice.kind, "recipient": notice.recipient, "reason": reason}
    return chain.event(notice.number, "notice.undelivered", who, details, now)
