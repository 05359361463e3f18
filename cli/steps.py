"""What the commands for a case's life have in common: number, who, why, and one sentence at the end."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from cli.context import App, operator
from cli.opening import known_number
from cli.output import json_line
from config.texts import Texts
from store import Store
from store.types import Ticket


def step(
    words: Texts,
    name: str,
    run: Callable[..., Any],
    *params: click.Parameter,
    part: str = "lifecycle",
    why_needed: bool = False,
) -> click.Command:
    """Build a command; ``run`` gets the App, and number, who, why and its own ``params`` by name."""
    ways: list[click.Parameter] = [
        click.Argument(["number"]),
        *params,
        _why(words(f"{part}.why"), needed=why_needed),
        click.Option(["--who"], default=operator, show_default=False, help=words("cli.add_who")),
        click.Option(["--json", "json_wanted"], is_flag=True, help=words("cli.json")),
    ]

    @click.pass_obj
    def checked(app: App, /, *, why: str, **given: Any) -> None:
        if why_needed and not why.strip():
            raise click.UsageError(words("cli.option_needed", option="--why"))
        run(app, why=why.strip(), **given)

    return click.Command(name, callback=checked, params=ways, help=words(f"{part}.{name}_help"))


def _why(help_: str, *, needed: bool) -> click.Option:
    """The option for a reason; one that is needed has no default, or click would take that."""
    if needed:
        return click.Option(["--why"], required=True, help=help_)
    return click.Option(["--why"], default="", help=help_)


def tickets_of(words: Texts, store: Store, numbers: Sequence[str]) -> list[Ticket]:
    """Return two different cases. Raises ClickException where both numbers are one."""
    found = [known_number(words, store, number) for number in numbers]
    if len({ticket.number for ticket in found}) < len(found):
        raise click.ClickException(words("duplicates.same_number", number=found[0].number))
    return found


def done(sentence: str, *, json_wanted: bool, **values: Any) -> None:
    """Say what was done, or give it to a program."""
    if json_wanted:
        json_line(values)
    else:
        click.echo(sentence)
