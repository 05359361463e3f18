"""Cases by the tracking ID of their report on a platform."""

from sqlalchemy import select

from store import outbox
from store.columns import key
from store.engine import Database
from store.models import CaseRow
from store.types import Thread


def identity_of(external_id: str, platform: str = "") -> str:
    """Return the identity of a report's case. Without a ``platform`` it is the national one's."""
    return ":".join(filter(None, ("lapor", platform, external_id)))


class Platforms:
    """What is known of reports. Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def case_of(self, external_id: str) -> Thread | None:
        """Return the case that stands for a report, None where there is none."""
        wanted = select(CaseRow.number).where(CaseRow.identity == key(identity_of(external_id)))
        with self._database.read() as connection:
            number = connection.scalar(wanted)
            return outbox.thread(connection, number, "") if number else None
