"""Correcting what is known of a complainant: their name, and how they are reached."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from store import chain, families
from store.engine import Database
from store.models import ComplainantRow, NoticeRow
from store.splitting import TO_COMPLAINANT
from store.types import NoticeState
from store.working import locked

CORRECTED = "complainant.corrected"


class Contacts:
    """What people mend in a complainant's name and addresses."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def correct(
        self, number: str, values: Mapping[str, str], *, who: str, why: str, now: datetime
    ) -> None:
        """Put ``values`` of name, email, phone and address in place of the old, in the case and its parts.

        Mails to the complainant that wait go to the new address. The event names what was corrected,
        never what it was or is. Raises LookupError if there is no such case, and CasePurged.
        """
        with self._database.write() as connection:
            locked(connection, number)
            numbers = [number, *(part.number for part in families.parts(connection, [number]))]
            wanted = select(ComplainantRow.email).where(ComplainantRow.number == number)
            was = connection.execute(wanted).scalar_one()
            changed = update(ComplainantRow).where(ComplainantRow.number.in_(numbers))
            connection.execute(changed.values(dict(values)))
            if was and values.get("email"):
                _readdress(connection, numbers, was, values["email"])
            told = {"corrected": ", ".join(values), "why": why}
            events = [chain.event(one, CORRECTED, who, told, now) for one in numbers]
            chain.append(connection, chain.STAFF, events)


def _readdress(connection: Connection, numbers: Sequence[str], was: str, to: str) -> None:
    waiting = update(NoticeRow).where(
        NoticeRow.number.in_(numbers),
        NoticeRow.kind.in_(TO_COMPLAINANT),
        NoticeRow.state == NoticeState.WAITING,
        NoticeRow.recipient_key == was,
    )
    connection.execute(waiting.values(recipient=to, recipient_key=to))
