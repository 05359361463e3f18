"""When a deadline that the complainant was told is another now: who tells them, and how."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from classify.types import Medium, Tier
from store import Store
from store.types import Notice, NoticeKind, NoticeState, Ticket

TELLS_THE_TIME = (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.PROMISE, NoticeKind.PARTS)


class Telling(StrEnum):
    """How a new deadline reaches the complainant."""

    NOTHING = "nothing"  # they know none, or a mail that waits will tell it
    MAIL = "mail"
    READY = "ready"  # a person tells them; the text is ready
    KEPT_BACK = "kept_back"  # it would reveal that there is an examination


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be done about a new deadline; ``recipient`` is set for a mail."""

    telling: Telling
    recipient: str = ""


def correction(
    store: Store, ticket: Ticket, due_at: datetime | None, tier: Tier | None
) -> Correction:
    """Return how the complainant of a case learns of a new deadline. ``ticket`` is the case before.

    ``tier`` is the one it has now. Where tier 4 is decided, or is decided not to be, they are told nothing.
    """
    moved = due_at is not None and ticket.due_at is not None and due_at != ticket.due_at
    if not (moved and ticket.status.open):
        return Correction(Telling.NOTHING)
    to = mail_for(store, ticket)
    if not to and not _may_know(store, ticket):
        return Correction(Telling.NOTHING)
    if Tier.BERKADAR in (tier, ticket.tier):
        return Correction(Telling.KEPT_BACK)
    if not to:
        return Correction(Telling.READY)
    return Correction(Telling.MAIL, to) if _told(store, ticket) else Correction(Telling.NOTHING)


def mail_for(store: Store, ticket: Ticket) -> str:
    """Where the complainant was told, or is about to be told, a deadline by mail; else empty."""
    told = [n for n in _mails(store, ticket) if n.state in (NoticeState.SENT, NoticeState.WAITING)]
    return told[-1].recipient if told else ""


def _told(store: Store, ticket: Ticket) -> bool:
    """Whether a mail with a deadline went out and none waits: a mail says what holds when it is sent."""
    states = {notice.state for notice in _mails(store, ticket)}
    return NoticeState.SENT in states and NoticeState.WAITING not in states


def _mails(store: Store, ticket: Ticket) -> list[Notice]:
    mails = store.splitting.mails(ticket.number)
    return [notice for notice in mails if notice.kind in TELLS_THE_TIME]


def _may_know(store: Store, ticket: Ticket) -> bool:
    """Whether somebody without a mail may have been told: their number, or by the platform.

    They were told of no part that is for the examiners.
    """
    if ticket.part and ticket.restricted:
        return False
    if ticket.medium is Medium.LAPOR:
        return True
    journey = store.journeys.of([ticket.number])[ticket.number]
    return journey.told_at is not None and bool(ticket.complainant.phone)
