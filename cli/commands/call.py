"""``muara call``: note a telephone call to a complainant; who was reached has been told."""

import sys

import click

from cli.access import read_by, reader_of
from cli.call_form import Given, asked, noted, show
from cli.context import App, operator
from cli.named import Named
from cli.opening import configured, known_number
from cli.output import json_line
from cli.times import friendly
from config.texts import Texts
from ingest.answer import Way, answer
from store import Store
from store.types import Answer, Call, Reached, Ticket
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""
    results = Named(words, "reached", Reached)

    @click.command("call", help=words("answers.call_help"))
    @click.argument("number")
    @click.option("--result", "reached", type=results, help=words("answers.reached_help"))
    @click.option("--with", "spoken_to", help=words("answers.with_help"))
    @click.option("--said", help=words("answers.said_help"))
    @click.option("--next", "next_at", help=words("answers.next_help"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def call(app: App, /, *, number: str, who: str, json_wanted: bool, **given: str | None) -> None:
        with configured(app) as (settings, store):
            ticket = known_number(words, store, number)
            read_by(words, store, ticket, reader_of(settings))
            answers = store.answers.waiting_for_a_person(ticket.number)
            made = _made(words, ticket, answers, Given(**given), who)
            _keep(words, store, ticket, answers, made)
        if json_wanted:
            json_line({"number": ticket.number, "result": made.reached, "next_at": made.next_at})
        else:
            click.echo(_sentence(words, ticket, made))

    return call


def _made(words: Texts, ticket: Ticket, answers: list[Answer], given: Given, who: str) -> Call:
    if given.reached:
        return noted(words, given, who, now())
    if not sys.stdin.isatty():
        raise click.UsageError(words("cli.option_needed", option="--result"))
    show(words, ticket, answers)
    return asked(words, answers, who, now())


def _keep(words: Texts, store: Store, ticket: Ticket, answers: list[Answer], made: Call) -> None:
    """Write the call down. What was said where nothing was answered yet is the answer."""
    if made.reached is Reached.REACHED and not answers:
        if not made.said:
            raise click.UsageError(words("answers.said_needed", number=ticket.number))
        answer(store, ticket, made.said, made.who, now, way=Way.CALL)
        answers = store.answers.waiting_for_a_person(ticket.number)
    store.answers.called(ticket.number, answers, made, now())


def _sentence(words: Texts, ticket: Ticket, made: Call) -> str:
    if made.reached is Reached.REACHED:
        return words("answers.called_reached", number=ticket.number)
    if made.next_at:
        at = friendly(words, made.next_at, now())
        return words("answers.called_again", number=ticket.number, at=at)
    return words("answers.called_open", number=ticket.number)
