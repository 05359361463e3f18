"""Who is typing, and what of a case they may see. The one place where an account becomes a person.

Restricted cases are for the named examiners: people in [[staff]] with this account, whose address is in a
team with ``examiner = true``. Each look at such a case, and at who a complainant is, is part of its history.
"""

from dataclasses import dataclass, field

import click

from cli.context import operator
from config.sections import Staff
from config.settings import Settings
from config.texts import Texts
from ingest.people import mailbox
from store import Store
from store.types import Ticket
from store.views import CASE, IDENTITY
from wiring.clock import now

_ROOT = "root"  # an account, but no person: whoever has its password


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks. ``person`` is None where the account is nobody's; ``examiners`` have accounts here."""

    login: str
    person: Staff | None
    examiner: bool
    examiners: tuple[str, ...] = field(default=())

    def sees(self, ticket: Ticket, *, reveal: bool) -> bool:
        """Whether it is shown to them now: of a restricted case only when they ask for it."""
        return self.may_read(ticket) and (reveal or not ticket.restricted)

    def may_read(self, ticket: Ticket) -> bool:
        """Whether they may see what a case says and who wrote."""
        return self.examiner or not ticket.restricted


def reader_of(settings: Settings) -> Reader:
    """Who is typing, by the people in the configuration."""
    login = operator()
    addresses = {mailbox(m) for team in settings.teams if team.examiner for m in team.members}
    examiners = [one for one in settings.staff if mailbox(one.email) in addresses and one.login]
    known = (one for one in settings.staff if login == one.login)
    person = next(known, None) if login != _ROOT else None
    names = tuple(one.name for one in examiners if one.login != _ROOT)
    return Reader(login, person, person in examiners, names)


def look(store: Store, ticket: Ticket, reader: Reader) -> None:
    """Note in a case's history that somebody is shown what it says, and who wrote, where anybody is named."""
    if ticket.purged_at:
        return
    if ticket.restricted:
        store.views.note(ticket.number, CASE, reader.login, now())
    look_who(store, ticket, reader)


def look_who(store: Store, ticket: Ticket, reader: Reader) -> None:
    """Note that somebody is shown who wrote or where to reach them, where that is known at all."""
    who = ticket.complainant
    if any((who.name, who.email, who.phone, who.address)):
        store.views.note(ticket.number, IDENTITY, reader.login, now())


def read_by(words: Texts, store: Store, ticket: Ticket, reader: Reader) -> None:
    """Note that somebody is about to see a case whole. Raises ClickException where they may not."""
    if not reader.may_read(ticket):
        raise click.ClickException(refusal(words, reader, ticket.number))
    look(store, ticket, reader)


def refusal(words: Texts, reader: Reader, number: str) -> str:
    """Why a restricted case is not shown, who may see it, and how."""
    if reader.examiner:
        return words("cli.restricted_hint", number=number)
    if not reader.examiners:
        return words("access.nobody")
    return words("access.refused", account=reader.login, who=", ".join(reader.examiners))
