"""Answers that are sent back through a platform: noted before they go out, so that none goes twice.

A platform has no Message-ID by which it would know an answer it has already. An answer that was begun
and of which nothing was heard is therefore never sent again: a person looks.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from store import outbox
from store.engine import Database
from store.models import NoticeRow
from store.types import Notice, NoticeKind, NoticeState

_BEGUN = "begun"


class Postings:
    """The part of the outbox that goes through channels. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, channel: str, now: datetime) -> list[Notice]:
        """Return what waits for a channel and whose time has come, oldest first."""
        wanted = select(NoticeRow).where(
            NoticeRow.kind == NoticeKind.POSTING,
            NoticeRow.recipient_key == channel,
            NoticeRow.state == NoticeState.WAITING,
            NoticeRow.next_at <= now,
        )
        with self._database.read() as connection:
            return [outbox.notice(row) for row in connection.execute(wanted.order_by(NoticeRow.id))]

    def begin(self, which: int, now: datetime) -> bool:
        """Note that an answer is about to go out; False where that was noted before."""
        with self._database.write() as connection:
            details = _details(connection, which)
            if _BEGUN in details:
                return False
            _keep(connection, which, details=details | {_BEGUN: now.isoformat()})
        return True

    def again(self, which: int, error: str, next_at: datetime) -> None:
        """It surely did not arrive: it may be begun anew at ``next_at``."""
        with self._database.write() as connection:
            details = {n: v for n, v in _details(connection, which).items() if n != _BEGUN}
            attempts = NoticeRow.attempts + 1
            _keep(
                connection, which, details=details, error=error, next_at=next_at, attempts=attempts
            )


def _details(connection: Connection, which: int) -> dict[str, Any]:
    wanted = select(NoticeRow.details).where(NoticeRow.id == which).with_for_update()
    found: Mapping[str, Any] = connection.execute(wanted).scalar_one()
    return dict(found)


def _keep(connection: Connection, which: int, **values: Any) -> None:
    connection.execute(update(NoticeRow).where(NoticeRow.id == which).values(values))
