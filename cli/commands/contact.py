"""``muara contact``: correct a complainant's name, mail address, telephone or address."""

import sys
from collections.abc import Iterator, Mapping

import click

from cli.access import read_by, reader_of
from cli.contact_form import FIELDS, asked, corrected
from cli.context import App, operator
from cli.opening import configured, known_number
from cli.output import json_line
from config.texts import Texts
from store import Store
from store.types import Ticket
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.pass_obj
    def contact(
        app: App, /, *, number: str, why: str, who: str, json_wanted: bool, **given: str | None
    ) -> None:
        with configured(app) as (settings, store):
            ticket = known_number(words, store, number)
            read_by(words, store, ticket, reader_of(settings))
            if ticket.complainant.anonymous:
                raise click.ClickException(words("contact.anonymous", number=ticket.number))
            changes = _changes(words, ticket, given)
            if changes:
                store.contacts.correct(ticket.number, changes, who=who, why=why.strip(), now=now())
            notes = list(_notes(words, store, ticket, changes))
        if json_wanted:
            json_line({"number": ticket.number, "corrected": list(changes)})
            return
        for sentence in (_done(words, ticket, changes), *notes):
            click.echo(sentence)

    return click.Command(
        "contact", callback=contact, params=_params(words), help=words("contact.help")
    )


def _params(words: Texts) -> list[click.Parameter]:
    return [
        click.Argument(["number"]),
        *(click.Option([f"--{name}"], help=words(f"contact.{name}_help")) for name in FIELDS),
        click.Option(["--why"], default="", help=words("lifecycle.why")),
        click.Option(["--who"], default=operator, show_default=False, help=words("cli.add_who")),
        click.Option(["--json", "json_wanted"], is_flag=True, help=words("cli.json")),
    ]


def _changes(words: Texts, ticket: Ticket, given: Mapping[str, str | None]) -> dict[str, str]:
    """What becomes different, by options or asked for where a person is there to answer."""
    wanted = {name: value for name, value in given.items() if value is not None}
    if not wanted and not sys.stdin.isatty():
        raise click.UsageError(words("contact.options_needed"))
    try:
        chosen = corrected(words, wanted) if wanted else asked(words, ticket.complainant)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    return {n: v for n, v in chosen.items() if v != getattr(ticket.complainant, n)}


def _notes(words: Texts, store: Store, ticket: Ticket, changes: Mapping[str, str]) -> Iterator[str]:
    """What is left to do about what went to the old mail address."""
    if not changes.get("email"):
        return
    waiting = store.answers.waiting_for_a_person(ticket.number)
    if any(answer.state.needs_a_person for answer in waiting):
        yield words("contact.undelivered", number=ticket.number)
    elif ticket.complainant.email:
        yield words("contact.sent_before")


def _done(words: Texts, ticket: Ticket, changes: Mapping[str, str]) -> str:
    if not changes:
        return words("contact.nothing", number=ticket.number)
    fields = ", ".join(words(f"contact.{name}") for name in changes)
    return words("contact.done", number=ticket.number, fields=fields)
