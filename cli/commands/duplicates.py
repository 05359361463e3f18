"""``muara duplicates``: complaints that may have been told twice, for a person to decide."""

from dataclasses import asdict
from typing import Any

import click

from cli.context import App, operator
from cli.opening import opened
from cli.output import json_line, table
from cli.steps import done, tickets_of
from config.texts import Texts
from ingest.duplicates import Suggester
from ingest.suggested import why
from store.types import Suggestion
from wiring.clock import now

COLUMNS = ("later", "earlier", "reason", "since")
_REASONS = ("score", "likeness", "same_phone", "same_email")


def command(words: Texts) -> click.Command:
    """Build the group; without a subcommand it lists."""

    @click.group("duplicates", help=words("duplicates.help"), invoke_without_command=True)
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_context
    def duplicates(ctx: click.Context, json_wanted: bool) -> None:
        if ctx.invoked_subcommand is None:
            _list(words, ctx.obj, json_wanted=json_wanted)

    duplicates.add_command(_dismiss(words))
    return duplicates


def as_json(one: Suggestion) -> dict[str, Any]:
    """A suggestion for programs; where either is restricted without the reasons."""
    hidden = _REASONS if one.restricted else ()
    return {name: value for name, value in asdict(one).items() if name not in hidden}


def _list(words: Texts, app: App, *, json_wanted: bool) -> None:
    with opened(app) as store:
        Suggester(store, now).catch_up()
        found = store.duplicates.open()
    if json_wanted:
        for one in found:
            json_line(as_json(one))
    elif not found:
        click.echo(words("duplicates.none"))
    else:
        table([words(f"duplicates.{name}") for name in COLUMNS], [_row(words, o) for o in found])
        click.echo(words("duplicates.decide"))


def _row(words: Texts, one: Suggestion) -> tuple[str, ...]:
    reason = words("duplicates.hidden") if one.restricted else why(words, one)
    return one.number, one.other, reason, words.short_moment(one.at)


def _dismiss(words: Texts) -> click.Command:
    @click.command("dismiss", help=words("duplicates.dismiss_help"))
    @click.argument("number")
    @click.argument("other")
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def dismiss(app: App, number: str, other: str, who: str, json_wanted: bool) -> None:
        with opened(app) as store:
            first, second = (one.number for one in tickets_of(words, store, (number, other)))
            known = store.duplicates.dismiss(first, second, who=who, now=now())
        both = {"number": first, "other": second}
        if not known:
            raise click.ClickException(words("duplicates.not_suggested", **both))
        done(words("duplicates.dismissed", **both), json_wanted=json_wanted, **both, who=who)

    return dismiss
