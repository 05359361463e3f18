"""``muara reclassify``: a person's decision on tier or kind, with the reason."""

import click

from classify.types import Kind, Tier
from cli.building import built
from cli.context import App, operator
from cli.named import Named
from cli.opening import known_number
from cli.output import facts, json_line
from config.texts import Texts
from ingest.reclassify import Contradiction, reclassify
from store.types import Decision
from wiring.clock import now

NO_TIER = "tanpa"


def command(words: Texts) -> click.Command:
    """Build the command."""
    tiers = click.Choice([*map(str, Tier), NO_TIER], case_sensitive=False)

    @click.command("reclassify", help=words("cli.reclassify_help"))
    @click.argument("number")
    @click.option("--tier", type=tiers, required=True, help=words("cli.new_tier"))
    @click.option("--kind", type=Named(words, "kinds", Kind), help=words("cli.new_kind"))
    @click.option("--why", required=True, help=words("cli.reclassify_why"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def decide(
        app: App,
        /,
        *,
        number: str,
        tier: str,
        kind: str | None,
        why: str,
        who: str,
        json_wanted: bool,
    ) -> None:
        if not why.strip():
            raise click.UsageError(words("cli.option_needed", option="--why"))
        with built(app) as parts:
            ticket = known_number(words, parts.store, number)
            try:
                decision = reclassify(
                    parts.store,
                    parts.office,
                    ticket,
                    tier=None if tier == NO_TIER else Tier(tier),
                    kind=Kind(kind) if kind else None,
                    who=who,
                    why=why.strip(),
                    clock=now,
                )
            except Contradiction as error:
                raise click.UsageError(words("cli.tier_and_kind")) from error
        _show(words, ticket.number, decision, json_wanted=json_wanted)

    return decide


def _show(words: Texts, number: str, decision: Decision, *, json_wanted: bool) -> None:
    if json_wanted:
        json_line({"number": number, "decision": decision, "restricted": decision.restricted})
        return
    tier = words(f"tiers.{decision.tier}") if decision.tier else words("cli.no_tier")
    click.secho(words("cli.reclassified", number=number), bold=True)
    facts(
        [
            (words("cli.tier"), tier),
            (words("cli.kind"), words(f"kinds.{decision.kind}")),
            (words("cli.due"), words.moment(decision.due_at) if decision.due_at else "-"),
            (words("cli.team"), decision.team),
        ]
    )
    if decision.restricted:
        click.echo(words("cli.restricted_hint", number=number))
