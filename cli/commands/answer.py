"""``muara answer``: write the team's answer; it goes back the way the complaint came."""

import getpass
import sys
from datetime import UTC, datetime

import click

from cli.building import known_number, opened
from cli.context import App
from cli.errors import plain_errors
from cli.output import json_line
from config.texts import Texts
from ingest.answer import answer as record_answer


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("answer", help=words("cli.answer_help"))
    @click.argument("number")
    @click.option("--text", help=words("cli.answer_text"))
    @click.option("--who", default=getpass.getuser, help=words("cli.who_option"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def answer(app: App, number: str, text: str | None, who: str, json_wanted: bool) -> None:
        with plain_errors(words), opened(app) as store:
            ticket = known_number(words, store, number)
            said = (_typed(words) if text is None else text).strip()
            if not said:
                raise click.ClickException(words("cli.answer_empty"))
            done = record_answer(store, ticket, said, who, lambda: datetime.now(UTC))
        if json_wanted:
            json_line(done)
        else:
            click.echo(words(f"cli.answered_{done.way}", number=done.number, to=done.to or "-"))

    return answer


def _typed(words: Texts) -> str:
    """The answer from a pipe, or from the editor a person is used to."""
    if not sys.stdin.isatty():
        return sys.stdin.read()
    return click.edit(words("cli.answer_template")) or ""
