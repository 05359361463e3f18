"""``muara unsplit``: make a complaint one case again."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from config.texts import Texts
from ingest.splitting import unsplit as make_whole
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def unsplit(app: App, *, number: str, who: str, why: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            status = make_whole(store, ticket, who=who, why=why, clock=now)
        label = words(f"statuses.{status}")
        sentence = words("parts.undone", number=ticket.number, status=label)
        done(sentence, json_wanted=json_wanted, number=ticket.number, status=status)

    return step(words, "unsplit", unsplit, part="parts", why_needed=True)
