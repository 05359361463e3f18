"""``muara unmerge``: take a merge back."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from config.texts import Texts
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def unmerge(app: App, *, number: str, who: str, why: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            left = store.merging.unmerge(ticket.number, who=who, why=why, now=now())
            alone = store.ticket(ticket.number) or ticket
        status = words(f"statuses.{alone.status}")
        sentence = words("duplicates.unmerged", number=alone.number, into=left, status=status)
        done(sentence, json_wanted=json_wanted, number=alone.number, left=left, status=alone.status)

    return step(words, "unmerge", unmerge, part="duplicates", why_needed=True)
