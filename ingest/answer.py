"""The team's answer: stored first, then sent back the way the complaint came."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from classify.types import Medium
from store import Store
from store.types import Answer, FileToSend, NewAnswer, Ticket


class Way(StrEnum):
    """How an answer reaches the complainant."""

    MAIL = "mail"  # sent by us
    PASTE = "paste"  # put on the platform by hand
    CALL = "call"  # said on the telephone
    UPLOAD = "upload"  # sent to the platform by us
    POST = "post"  # printed, posted, or handed over


BY_HAND = (Way.PASTE, Way.CALL, Way.POST)


@dataclass(frozen=True, slots=True)
class Answered:
    """What happened to an answer, and what is left for a person to do."""

    number: str
    way: Way
    to: str


class WayClosed(ValueError):  # noqa: N818 - says what is the case
    """An answer cannot go this way. ``code``: no_email, no_platform, or takes_no_files."""

    def __init__(self, number: str, code: str) -> None:
        super().__init__(f"{number}: {code}")
        self.number = number
        self.code = code


WAYS = {
    Medium.LAPOR: Way.PASTE,
    Medium.PHONE: Way.CALL,
    Medium.BOX: Way.POST,
    Medium.WALK_IN: Way.POST,
}


def way_of(ticket: Ticket, through: str = "") -> Way:
    """Return the way an answer to this case goes. A mail address beats every other way.

    ``through`` is the channel that can send answers to the platform of this case, where there is one.
    """
    if ticket.medium is Medium.LAPOR:
        return Way.UPLOAD if through and ticket.external_id else Way.PASTE
    return Way.MAIL if mail_address(ticket) else WAYS.get(ticket.medium, Way.POST)


def mail_address(ticket: Ticket) -> str:
    """Where the complainant reads mail; nobody writes to who wants to be unknown."""
    return "" if ticket.complainant.anonymous else ticket.complainant.email


def answer(
    store: Store,
    ticket: Ticket,
    text: str,
    who: str,
    clock: Callable[[], datetime],
    *,
    through: str = "",
    way: Way | None = None,
    files: Sequence[FileToSend] = (),
) -> Answered:
    """Record an answer and queue it where we can send it. Raises WayClosed where it cannot go that way.

    ``through``: see `way_of`, which also chooses the ``way`` where none is given.
    """
    way = way or way_of(ticket, through)
    check_way(ticket, way, through, with_files=bool(files))
    upload = way is Way.UPLOAD
    new = NewAnswer(
        number=ticket.number,
        text=text,
        who=who,
        way=way.value,
        recipient=mail_address(ticket) if way is Way.MAIL else "",
        channel=through if upload else "",
        external_id=ticket.external_id if upload else "",
        files=tuple(files),
    )
    store.answers.record(new, clock())
    return Answered(ticket.number, way, destination(ticket, way))


def redirect(
    store: Store, ticket: Ticket, given: Answer, way: Way, *, who: str, why: str, now: datetime
) -> Answered:
    """Let an answer go another way: mailed again, or brought across by a person. Raises WayClosed."""
    if way is Way.UPLOAD:
        raise WayClosed(ticket.number, "no_platform")
    check_way(ticket, way, "", with_files=bool(given.files))
    recipient = mail_address(ticket) if way is Way.MAIL else ""
    store.answers.redirect(given, way.value, recipient=recipient, who=who, why=why, now=now)
    return Answered(ticket.number, way, destination(ticket, way))


def destination(ticket: Ticket, way: Way) -> str:
    """Return where an answer goes this way: address, telephone, number of the report; empty if unknown."""
    who = ticket.complainant
    return {
        Way.MAIL: mail_address(ticket),
        Way.CALL: who.phone,
        Way.POST: who.address,
        Way.PASTE: ticket.external_id,
        Way.UPLOAD: ticket.external_id,
    }[way]


def check_way(ticket: Ticket, way: Way, through: str, *, with_files: bool) -> None:
    """Raise WayClosed where an answer cannot go this way."""
    if way is Way.MAIL and not mail_address(ticket):
        raise WayClosed(ticket.number, "no_email")
    if way is Way.UPLOAD and not (through and ticket.external_id):
        raise WayClosed(ticket.number, "no_platform")
    if way is Way.UPLOAD and with_files:
        raise WayClosed(ticket.number, "takes_no_files")
