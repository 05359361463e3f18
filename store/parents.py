"""Which notice of ours a mail answers, and about which case it is, if about one."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from store import outbox
from store.models import AnyRow, NoticeRow
from store.staff_models import StaffMailRow
from store.types import NoticeKind, Parent, Thread


def among(connection: Connection, ids: list[str]) -> list[Parent]:
    """Return the notices of ours among these Message-IDs, as the outbox holds them, in their order."""
    notices = {one.message_id: one for one in _notices(connection, ids)}
    if not notices:
        return []
    threads = outbox.threads(connection, ids)
    echoes = {one.echo: one.id for one in _echoes(connection, ids)}
    return [
        _parent(threads.get(one), notices[one], echoes.get(one, 0)) for one in ids if one in notices
    ]


def first(connection: Connection, number: str, recipient: str) -> Parent | None:
    """Return the first notice about a case that an address got."""
    thread = outbox.thread(connection, number, recipient)
    found = outbox.of_case(connection, number) if thread else []
    sent = next((one for one in found if one.recipient == recipient), None)
    return _parent(thread, sent, 0) if thread and sent else None


def _notices(connection: Connection, ids: list[str]) -> Iterable[AnyRow]:
    wanted = select(NoticeRow.message_id, NoticeRow.kind, NoticeRow.recipient, NoticeRow.created_at)
    return connection.execute(wanted.where(NoticeRow.message_id.in_(ids)))


def _echoes(connection: Connection, ids: list[str]) -> Iterable[AnyRow]:
    wanted = select(StaffMailRow.id, StaffMailRow.echo)
    return connection.execute(wanted.where(StaffMailRow.echo.in_(ids)))


def _parent(thread: Thread | None, notice: Any, staff_mail: int) -> Parent:
    return Parent(
        message_id=notice.message_id,
        kind=NoticeKind(notice.kind),
        number=thread.number if thread else "",
        recipient=notice.recipient,
        team=thread.team if thread else "",
        restricted=thread is not None and thread.restricted,
        created_at=notice.created_at,
        staff_mail=staff_mail,
    )
