"""``muara assign``: hand a case to another team."""

import click

from cli.building import built
from cli.context import App
from cli.opening import known_number
from cli.steps import done, step
from config.texts import Texts
from ingest.handover import assign as hand_over
from ingest.office import Office
from store.types import Ticket
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def assign(app: App, *, number: str, team: str, who: str, why: str, json_wanted: bool) -> None:
        with built(app) as parts:
            ticket = known_number(words, parts.store, number)
            _check(words, parts.office, ticket, team)
            hand_over(parts.store, parts.office, ticket, team, who=who, why=why, clock=now)
        sentence = words("lifecycle.assign_done", number=ticket.number, team=team)
        done(sentence, json_wanted=json_wanted, number=ticket.number, team=team)

    return step(words, "assign", assign, click.Argument(["team"]))


def _check(words: Texts, office: Office, ticket: Ticket, team: str) -> None:
    if team not in office.teams:
        teams = ", ".join(sorted(office.teams))
        raise click.ClickException(words("lifecycle.no_team", team=team, teams=teams))
    if team == ticket.team:
        raise click.ClickException(words("lifecycle.same_team", number=ticket.number, team=team))
