"""``muara confirm``: a person looked at tier, kind and likely duplicates, and agrees."""

import click

from cli.context import App
from cli.opening import known_number, opened
from cli.steps import done, step
from cli.tickets import tier_label
from config.texts import Texts
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def confirm(app: App, *, number: str, who: str, why: str, json_wanted: bool) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            store.working.confirm(ticket.number, who=who, why=why, now=now())
            undecided = len(store.duplicates.of(ticket.number))
        kind = words(f"kinds.{ticket.kind}")
        tier = tier_label(words, ticket)
        sentence = words(
            "journey.confirm_done", number=ticket.number, tier=tier, kind=kind, team=ticket.team
        )
        if undecided:
            sentence += "\n" + words("journey.confirm_duplicates", count=undecided)
        done(
            sentence, json_wanted=json_wanted,
            number=ticket.number, who=who, tier=ticket.tier, kind=ticket.kind, duplicates=undecided,
        )  # fmt: skip

    return step(words, "confirm", confirm, part="journey")
