"""Messages that come again after the content of their case was removed, such as when a server renumbers its mail."""

from sqlalchemy import Connection, exists, select

from channels.types import Message
from classify.types import Medium
from store import ledger
from store.batch import Cases
from store.columns import key
from store.models import ArrivalRow
from store.purging import spent
from store.types import Intake


def purged(connection: Connection, cases: Cases, intake: Intake, message: Message) -> str:
    """Return the purged case that this very message came in about before, "" where it says something new.

    A platform's report is known by its number there, whatever it says by now: it says nothing new if the
    ledger has this state of it, at whatever place.
    """
    case = cases.purged(intake.identity)
    if case is None:
        return _reply(connection, intake, message)
    if message.medium is Medium.LAPOR and not _same(connection, case["number"], intake):
        return ""
    return str(case["number"])


def _reply(connection: Connection, intake: Intake, message: Message) -> str:
    if not (intake.identity and (message.in_reply_to or message.references)):
        return ""
    known = spent(connection.dialect, key(intake.identity))
    return ledger.replies(connection, [known]).get(known, "")


def _same(connection: Connection, number: str, intake: Intake) -> bool:
    item = intake.arrival.position.item
    found = exists().where(ArrivalRow.number == number, ArrivalRow.item == item)
    return bool(connection.scalar(select(found)))
