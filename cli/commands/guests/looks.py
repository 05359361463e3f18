"""``muara guests looks``: who opened names in the guest book, and when."""

from datetime import timedelta

import click
from babel.dates import format_date

from cli.context import App
from cli.opening import opened
from cli.output import json_line, table
from config.texts import Texts
from store.types import GuestLook

MOMENT = timedelta(microseconds=1)


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("looks", help=words("guests.looks_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def looks(app: App, json_wanted: bool) -> None:
        with opened(app) as store:
            found = store.guests.looks()
        if json_wanted:
            for one in found:
                json_line(one)
            return
        headings = ("cli.at", "cli.who", "guests.days", "guests.shown")
        table([words(name) for name in headings], (_row(words, one) for one in found))

    return looks


def _row(words: Texts, look: GuestLook) -> list[str]:
    first, last = (
        format_date(at.astimezone(words.zone), "d MMM y", locale=words.language)
        for at in (look.first, look.last - MOMENT)
    )
    days = first if first == last else f"{first} - {last}"
    return [words.short_moment(look.at), look.who, days, str(look.shown)]
