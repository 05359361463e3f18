"""Who sits here, and whether they may see what only examiners may: restricted cases, secret complainants."""

from collections.abc import Iterable
from datetime import datetime

from cli.context import operator
from config.settings import Settings
from ingest.people import same_mailbox
from store import Store, views
from store.types import Ticket


def examines(settings: Settings) -> bool:
    """Whether the person at this computer is a named examiner: [[staff]] login, [[teams]] examiner."""
    here = operator()
    person = next((one for one in settings.staff if one.login == here), None)
    return person is not None and any(
        same_mailbox(person.email, member)
        for team in settings.teams
        if team.examiner
        for member in team.members
    )


def is_hidden(ticket: Ticket, *, examiner: bool) -> bool:
    """Whether content and complainant are kept from this person."""
    return not examiner and (ticket.restricted or ticket.complainant.secret)


def note_looks(store: Store, tickets: Iterable[Ticket], at: datetime) -> None:
    """Keep on each of these cases that who sits here was shown its complainant, where few may see them."""
    for ticket in tickets:
        if ticket.restricted or ticket.complainant.secret:
            store.views.note(ticket.number, views.IDENTITY, operator(), at)
