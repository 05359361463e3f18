"""``muara told``: the complainant was told the number, by telephone or on paper."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from config.texts import Texts
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def told(app: App, *, number: str, who: str, why: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            store.working.told(ticket.number, who=who, why=why, now=now())
        sentence = words("journey.told_done", number=ticket.number)
        done(sentence, json_wanted=json_wanted, number=ticket.number, who=who)

    return step(words, "told", told, part="journey")
