"""``muara reclassify``: a person's decision on tier or kind, with the reason."""

import click

from classify.types import Kind, Tier
from cli.access import Reader, reader_of, refusal
from cli.building import built
from cli.context import App
from cli.letters import ready_text
from cli.named import Named
from cli.opening import known_number
from cli.output import facts, json_line
from cli.steps import step
from config.texts import Texts
from ingest.letters import promise
from ingest.promises import Telling
from ingest.reclassify import Contradiction, Decided, reclassify
from store.types import Decision, Ticket
from wiring.clock import now
from wiring.parts import Parts

NO_TIER = "tanpa"


def command(words: Texts) -> click.Command:
    """Build the command."""
    tiers = click.Choice([*map(str, Tier), NO_TIER], case_sensitive=False)

    def run(
        app: App,
        *,
        number: str,
        tier: str | None,
        kind: str | None,
        who: str,
        why: str,
        json_wanted: bool,
    ) -> None:
        with built(app) as parts:
            ticket = known_number(words, parts.store, number)
            _allowed(words, reader_of(parts.settings), ticket)
            settled = tier or _kept(words, ticket, kind)
            decided = _decided(parts, ticket, tier=settled, kind=kind, who=who, why=why)
            _show(words, ticket.number, decided.decision, json_wanted=json_wanted)
            if not json_wanted:
                _tell(parts, ticket, decided.correction.telling)

    return step(
        words,
        "reclassify",
        run,
        click.Option(["--tier"], type=tiers, help=words("cli.new_tier")),
        click.Option(["--kind"], type=Named(words, "kinds", Kind), help=words("cli.new_kind")),
        why_needed=True,
    )


def _allowed(words: Texts, reader: Reader, ticket: Ticket) -> None:
    """Raise ClickException for who may not read the case: a decision may open it to its team."""
    if not reader.may_read(ticket):
        why = refusal(words, reader, ticket.number)
        raise click.ClickException(f"{words('access.decides')} {why}")


def _kept(words: Texts, ticket: Ticket, kind: str | None) -> str:
    """The tier where only the kind is decided: none for praise and spam, else the one that is settled."""
    if kind and not Kind(kind).wants_answer:
        return NO_TIER
    if kind is None or not (ticket.certain and ticket.tier):
        raise click.UsageError(words("cli.option_needed", option="--tier"))
    return ticket.tier


def _decided(
    parts: Parts, ticket: Ticket, *, tier: str, kind: str | None, who: str, why: str
) -> Decided:
    try:
        return reclassify(
            parts.store,
            parts.office,
            ticket,
            tier=None if tier == NO_TIER else Tier(tier),
            kind=Kind(kind) if kind else None,
            who=who,
            why=why,
            clock=now,
        )
    except Contradiction as error:
        raise click.UsageError(parts.words("cli.tier_and_kind")) from error


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


def _tell(parts: Parts, before: Ticket, telling: Telling) -> None:
    """What the complainant is told of the new deadline, or what somebody has to tell them."""
    words = parts.words
    if telling is Telling.MAIL:
        click.echo(words("journey.promise_mailed"))
    elif telling is Telling.KEPT_BACK and before.due_at:
        click.echo(words("journey.promise_kept_back", due=words.moment(before.due_at)))
    elif telling is Telling.READY:
        ticket = parts.store.ticket(before.number) or before
        if ticket.restricted:  # it stands for one that is
            click.echo(words("cli.restricted_hint", number=ticket.number))
            return
        click.echo(words("journey.promise_ready") + "\n")
        click.echo(ready_text(parts, ticket, promise.text))
