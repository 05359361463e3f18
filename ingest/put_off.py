"""Complainants whose deadline a calendar puts off: who gets a mail, and whom a person has to tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ingest.promises import Telling, correction
from store import Store
from store.types import Moved


@dataclass(frozen=True, slots=True)
class PutOff:
    """``mails`` are addresses by the number of a case; cases ``by_hand`` may have been told otherwise."""

    mails: Mapping[str, str] = field(default_factory=dict)
    by_hand: tuple[str, ...] = ()


def put_off(store: Store, moving: Iterable[Moved]) -> PutOff:
    """Return who learns of later deadlines, before they are in force. An earlier one breaks no promise."""
    mails, by_hand = {}, []
    for one in moving:
        ticket = store.ticket(one.number) if one.due_at > one.was_due else None
        if ticket is None:
            continue
        told = correction(store, ticket, one.due_at, ticket.tier)
        if told.telling is Telling.MAIL:
            mails[one.number] = told.recipient
        elif told.telling is Telling.READY:
            by_hand.append(one.number)
    return PutOff(mails, tuple(by_hand))
