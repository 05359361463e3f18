"""The team's answer: stored first, then sent back the way the complaint came."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from classify.types import Medium
from store import Store
from store.types import Ticket


class Way(StrEnum):
    """How an answer reaches the complainant."""

    MAIL = "mail"  # sent by us
    PASTE = "paste"  # put on the platform by hand
    CALL = "call"  # said on the telephone
    POST = "post"  # printed, posted, or handed over


@dataclass(frozen=True, slots=True)
class Answered:
    """What happened to an answer, and what is left for a person to do."""

    number: str
    way: Way
    to: str


WAYS = {
    Medium.LAPOR: Way.PASTE,
    Medium.PHONE: Way.CALL,
    Medium.BOX: Way.POST,
    Medium.WALK_IN: Way.POST,
}


def answer(
    store: Store, ticket: Ticket, text: str, who: str, clock: Callable[[], datetime]
) -> Answered:
    """Record an answer and queue it where we can send it. A mail address beats every other way."""
    email = "" if ticket.complainant.anonymous else ticket.complainant.email
    way = (
        Way.MAIL
        if email and ticket.medium is not Medium.LAPOR
        else WAYS.get(ticket.medium, Way.POST)
    )
    recipient = email if way is Way.MAIL else ""
    store.answer(ticket.number, text, who=who, way=way.value, recipient=recipient, now=clock())
    to = {Way.MAIL: email, Way.PASTE: ticket.external_id, Way.CALL: ticket.complainant.phone}
    return Answered(ticket.number, way, to.get(way, ""))
