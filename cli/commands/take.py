"""``muara take``: somebody works on this case now."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from config.texts import Texts
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def take(app: App, *, number: str, who: str, why: str, json_wanted: bool) -> None:  # noqa: ARG001 - taking needs no reason
        with opened(app) as store:
            ticket = known_number(words, store, number)
            store.working.take(ticket.number, who=who, now=now())
        sentence = words("lifecycle.take_done", number=ticket.number, who=who)
        done(sentence, json_wanted=json_wanted, number=ticket.number, who=who)

    return step(words, "take", take)
