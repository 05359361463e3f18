"""``muara reopen``: something is owed again."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from config.texts import Texts
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def reopen(app: App, *, number: str, who: str, why: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            store.working.reopen(ticket.number, who=who, why=why, now=now())
        sentence = words("lifecycle.reopen_done", number=ticket.number)
        done(sentence, json_wanted=json_wanted, number=ticket.number, who=who, why=why)

    return step(words, "reopen", reopen, why_needed=True)
