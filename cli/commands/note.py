"""``muara note``: what the office wants to remember about a case."""

import click

from cli.context import App, operator, standard_input
from cli.opening import known_number, opened
from cli.steps import done
from config.texts import Texts
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("note", help=words("lifecycle.note_help"))
    @click.argument("number")
    @click.option("--text", help=words("lifecycle.note_text"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def note(app: App, number: str, text: str | None, who: str, json_wanted: bool) -> None:
        said = (standard_input() if text is None else text).strip()
        if not said:
            raise click.ClickException(words("lifecycle.note_empty"))
        with opened(app) as store:
            ticket = known_number(words, store, number)
            store.working.note(ticket.number, said, who=who, now=now())
        sentence = words("lifecycle.note_done", number=ticket.number)
        done(sentence, json_wanted=json_wanted, number=ticket.number, who=who)

    return note
