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
    UPLOAD = "upload"  # sent to the platform by us
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
    store: Store,
    ticket: Ticket,
    text: str,
    who: str,
    clock: Callable[[], datetime],
    *,
    through: str = "",
) -> Answered:
    """Record an answer and queue it where we can send it. A mail address beats every other way.

    ``through`` is the channel that can send answers to the platform of this case, where there is one.
    """
    if through and ticket.external_id:
        store.postings.answer(
            ticket.number,
            text,
            who=who,
            way=Way.UPLOAD.value,
            channel=through,
            external_id=ticket.external_id,
            now=clock(),
        )
        return Answered(ticket.number, Way.UPLOAD, ticket.external_id)
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
