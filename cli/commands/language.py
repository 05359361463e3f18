"""``muara language``: the language of letters to a complainant."""

import click

from cli.context import App, operator
from cli.named import Named
from cli.opening import known_number, opened
from cli.steps import done
from config.texts import LANGUAGES, Texts
from ingest.language import spoken_by
from store.types import Ticket
from wiring.clock import now

AUTO = "auto"


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("language", help=words("answers.language_help"))
    @click.argument("number")
    @click.argument("language", type=Named(words, "languages", (*LANGUAGES, AUTO)), required=False)
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def language(app: App, number: str, language: str | None, who: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            if language:
                chosen = "" if language == AUTO else language
                store.answers.speak(ticket.number, chosen, who=who, now=now())
                ticket = known_number(words, store, number)
        said = label(words, ticket)
        sentence = words("answers.language_done", number=ticket.number, language=said)
        done(sentence, json_wanted=json_wanted, number=ticket.number, language=spoken_by(ticket))

    return language


def label(words: Texts, ticket: Ticket) -> str:
    """Return which language letters to a complainant have, and why."""
    name = spoken_by(ticket)
    if not name:
        return words("answers.language_unknown")
    key = "answers.language_set" if ticket.language else "answers.language_found"
    return words(key, language=words(f"languages.{name}"))
