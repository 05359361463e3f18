"""The guest book: who came, for what, to whom. Names are for those who open them, and that is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from channels.types import Message
from store import chain
from store.engine import Database
from store.guest_models import GuestLookRow, GuestRow
from store.models import AnyRow, CaseRow, ComplainantRow
from store.types import Guest, GuestLook
from store.working import locked

RECORDED, REVEALED = "guest.recorded", "guest.revealed"
_OF_CASE = (
    CaseRow.restricted,
    ComplainantRow.name.label("complainant"),
    ComplainantRow.phone.label("telephone"),
    ComplainantRow.anonymous,
    ComplainantRow.secret,
)
_GUESTS = (
    select(GuestRow, *_OF_CASE)
    .outerjoin(CaseRow, CaseRow.number == GuestRow.number)
    .outerjoin(ComplainantRow, ComplainantRow.number == GuestRow.number)
)


class Guests:
    """Every method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, guest: Guest, now: datetime) -> int:
        """Enter a guest; return the entry's number. Raises LookupError if there is no such case."""
        with self._database.write() as connection:
            if guest.number:
                locked(connection, guest.number)
            entered = insert(GuestRow).values(_row(guest, now)).returning(GuestRow.id)
            which: int = connection.execute(entered).scalar_one()
            if guest.number:
                told = {"guest": str(which)}
                event = chain.event(guest.number, RECORDED, guest.who, told, now)
                chain.append(connection, chain.STAFF, [event])
        return which

    def describe(self, number: str, *, agency: str, meets: str) -> None:
        """Add to a walk-in's entry what is no part of the complaint."""
        given = {name: text for name, text in (("agency", agency), ("meets", meets)) if text}
        if given:
            with self._database.write() as connection:
                changed = update(GuestRow).where(GuestRow.number == number, GuestRow.name == "")
                connection.execute(changed.values(given))

    def between(self, first: datetime, last: datetime) -> list[Guest]:
        """Return who came from a moment on and before another, in order."""
        came = GuestRow.came_at >= first, GuestRow.came_at < last
        with self._database.read() as connection:
            rows = connection.execute(_GUESTS.where(*came).order_by(GuestRow.came_at, GuestRow.id))
            return [_guest(row) for row in rows]

    def looked(
        self, guests: Sequence[Guest], first: datetime, last: datetime, *, who: str, now: datetime
    ) -> None:
        """Keep that somebody opened these guests' names, also with the cases they came about."""
        look = {"at": now, "who": who, "first": first, "last": last, "shown": len(guests)}
        numbers = dict.fromkeys(guest.number for guest in guests if guest.number)
        events = [chain.event(number, REVEALED, who, {}, now) for number in numbers]
        with self._database.write() as connection:
            connection.execute(insert(GuestLookRow).values(look))
            chain.append(connection, chain.STAFF, events)

    def looks(self) -> list[GuestLook]:
        """Return who opened names, the latest first."""
        wanted = select(GuestLookRow).order_by(GuestLookRow.id.desc())
        with self._database.read() as connection:
            return [
                GuestLook(row.at, row.who, row.first, row.last, row.shown)
                for row in connection.execute(wanted)
            ]


def walk_in(number: str, who: str, message: Message, now: datetime) -> dict[str, Any]:
    """Return the entry of somebody who came with a complaint: who it is stands with the case."""
    return _row(Guest(message.received_at, number=number, who=who), now)


def _row(guest: Guest, now: datetime) -> dict[str, Any]:
    return {
        "came_at": guest.came_at,
        "entered_at": now,
        "who": guest.who,
        "number": guest.number or None,
        "name": guest.name,
        "agency": guest.agency,
        "purpose": guest.purpose,
        "meets": guest.meets,
        "phone": guest.phone,
    }


def _guest(row: AnyRow) -> Guest:
    """An entry; what it does not say itself is the complainant's."""
    return Guest(
        came_at=row.came_at,
        name=row.name or row.complainant or "",
        agency=row.agency,
        purpose=row.purpose,
        meets=row.meets,
        phone=row.phone or row.telephone or "",
        number=row.number or "",
        who=row.who,
        id=row.id,
        restricted=bool(row.restricted or row.secret),
        anonymous=bool(row.anonymous) and not row.name,
    )
