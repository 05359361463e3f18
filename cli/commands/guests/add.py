"""``muara guests add``: somebody came to the office; questions, or options for scripts."""

import sys

import click

from cli.context import App, operator
from cli.guest_form import ORDER, GuestForm
from cli.opening import configured, known_number
from cli.output import json_line
from config.texts import Texts
from store.types import Guest
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.pass_obj
    def add(app: App, /, *, json_wanted: bool, who: str, **given: str | None) -> None:
        with configured(app) as (_, store):
            guest = _filled(words, given, who)
            if guest.number:
                known_number(words, store, guest.number)
            which = store.guests.add(guest, now())
        if json_wanted:
            json_line({"id": which, "came_at": guest.came_at, "number": guest.number or None})
        else:
            click.echo(words("guests.added", id=which, moment=words.moment(guest.came_at)))

    options: list[click.Parameter] = [
        click.Option([f"--{name.replace('_', '-')}"], help=words(f"guests.option_{name}"))
        for name in ORDER
    ]
    options += [
        click.Option(["--who"], default=operator, show_default=False, help=words("cli.add_who")),
        click.Option(["--json", "json_wanted"], is_flag=True, help=words("cli.json")),
    ]
    return click.Command("add", callback=add, params=options, help=words("guests.add_help"))


def _filled(words: Texts, given: dict[str, str | None], who: str) -> Guest:
    """The entry from options alone, or asked for where a person is there to answer."""
    form = GuestForm(words, now)
    try:
        for name, value in given.items():
            if value is not None:
                form.put(name, value)
        if given["name"] is None and sys.stdin.isatty():
            form.fill_in()
        return form.guest(who)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
