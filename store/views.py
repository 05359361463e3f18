"""Who was shown what: an event on the case, at most one for each person and hour."""

from datetime import datetime, timedelta

from sqlalchemy import select

from store import chain
from store.engine import Database
from store.models import EventRow
from store.working import locked

CASE, IDENTITY = "case.viewed", "identity.viewed"
_AGAIN = timedelta(hours=1)


class Views:
    """Looks at restricted cases, and at who complainants are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, number: str, what: str, who: str, now: datetime) -> None:
        """Note that ``who`` was shown a case, or who wrote it. Raises LookupError if there is no such case."""
        seen = select(EventRow.id).where(
            EventRow.number == number,
            EventRow.what == what,
            EventRow.who == who,
            EventRow.at > now - _AGAIN,
            EventRow.at <= now,
        )
        with self._database.read() as connection:
            if connection.scalar(seen.limit(1)) is not None:
                return
        with self._database.write() as connection:
            locked(connection, number)
            chain.append(connection, chain.STAFF, [chain.event(number, what, who, {}, now)])
