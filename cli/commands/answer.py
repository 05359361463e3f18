"""``muara answer``: write the team's answer; it goes back the way the complaint came."""

import sys
from datetime import UTC, datetime

import click

from cli.context import App, operator, standard_input
from cli.opening import known_number, opened, settings_of
from cli.output import json_line, printable
from config.texts import Texts
from ingest.answer import answer as record_answer
from store.types import Ticket
from wiring.channels import posting_channel


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("answer", help=words("cli.answer_help"))
    @click.argument("number")
    @click.option("--text", help=words("cli.answer_text"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def answer(app: App, number: str, text: str | None, who: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            said = (_typed(words, ticket) if text is None else text).strip()
            if not said:
                raise click.ClickException(words("cli.answer_empty"))
            through = posting_channel(settings_of(app, secrets=False), ticket)
            done = record_answer(
                store, ticket, said, who, lambda: datetime.now(UTC), through=through
            )
        if json_wanted:
            json_line(done)
        else:
            # Where a restricted case's answer goes is for the examiners' eyes, not for this screen.
            to = words("cli.the_complainant") if ticket.restricted or not done.to else done.to
            click.echo(words(f"cli.answered_{done.way}", number=done.number, to=to))

    return answer


def _typed(words: Texts, ticket: Ticket) -> str:
    """The answer from a pipe, or from the editor a person is used to, above the complaint's own words."""
    if not sys.stdin.isatty():
        return standard_input()
    line = words("cli.answer_line")
    asked = "" if ticket.restricted else f"{ticket.subject}\n\n{ticket.reply_text or ticket.text}"
    written = click.edit(f"\n\n{line}\n{ticket.number}\n{printable(asked)}\n") or ""
    return written.partition(line)[0]
