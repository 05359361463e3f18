"""``muara guests list``: who came on a day or in a month. Names are opened with --reveal, and that is kept."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

import click

from cli.access import reader_of
from cli.context import App, operator
from cli.months import parse_date, parse_month
from cli.opening import configured
from cli.output import json_line, table
from config.texts import Texts
from store.types import Guest
from wiring.clock import now

HIDDEN = "•••"
PERSONAL = ("name", "phone")
CLOSED = (*PERSONAL, "agency", "purpose", "meets")
COLUMNS = ("came_at", "name", "agency", "purpose", "meets", "phone", "number", "entered_by")


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("list", help=words("guests.list_help"))
    @click.option("--day", default="", metavar=words("calendar.meta_day"), help=words("guests.day"))
    @click.option(
        "--month", default="", metavar=words("guests.meta_month"), help=words("guests.month")
    )
    @click.option("--reveal", is_flag=True, help=words("guests.reveal"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def show(app: App, day: str, month: str, reveal: bool, json_wanted: bool) -> None:
        with configured(app) as (settings, store):
            first, last = _span(words, day, month)
            guests = store.guests.between(first, last)
            examiner = reader_of(settings).examiner
            opened = [one for one in guests if reveal and (examiner or not one.restricted)]
            if opened:
                store.guests.looked(opened, first, last, who=operator(), now=now())
        open_ids = {guest.id for guest in opened}
        if json_wanted:
            for guest in guests:
                json_line(_json(guest, opened=guest.id in open_ids))
            return
        _print(words, guests, open_ids, reveal=reveal)

    return show


def _span(words: Texts, day: str, month: str) -> tuple[datetime, datetime]:
    """The first moment, and the one after the last, of a day or a month; today where none is named."""
    if day and month:
        raise click.UsageError(words("guests.day_or_month"))
    today = now().astimezone(words.zone).date()
    first = _read(words, day, month, today)
    beyond = first + timedelta(days=32) if month else first + timedelta(days=1)
    last = beyond.replace(day=1) if month else beyond
    begins, ends = (datetime.combine(at, time(), words.zone) for at in (first, last))
    return begins, ends


def _read(words: Texts, day: str, month: str, today: date) -> date:
    try:
        if month:
            return parse_month(month, today)
        return parse_date(day) if day else today
    except ValueError as error:
        name, given = ("bad_month", month) if month else ("bad_date", day)
        raise click.UsageError(words(f"calendar.{name}", given=given)) from error


def _print(words: Texts, guests: Sequence[Guest], opened: set[int], *, reveal: bool) -> None:
    if not guests:
        click.echo(words("guests.nobody"))
        return
    rows = (_row(words, guest, opened=guest.id in opened) for guest in guests)
    table([words(f"guests.{name}") for name in COLUMNS], rows)
    click.echo(words("guests.count", count=len(guests)))
    if any(guest.restricted for guest in guests):
        click.echo(words("guests.restricted_hint"))
    if not reveal:
        click.echo(words("guests.reveal_hint"))


def _row(words: Texts, guest: Guest, *, opened: bool) -> list[str]:
    closed = guest.restricted and not opened
    return [
        words.short_moment(guest.came_at),
        _name(words, guest, opened=opened),
        HIDDEN if closed else guest.agency or "-",
        HIDDEN if closed else guest.purpose or words("guests.with_a_case"),
        HIDDEN if closed else guest.meets or "-",
        (guest.phone or "-") if opened else HIDDEN,
        guest.number or "-",
        guest.who,
    ]


def _name(words: Texts, guest: Guest, *, opened: bool) -> str:
    if guest.anonymous:
        return words("guests.anonymous")
    return (guest.name or "-") if opened else HIDDEN


def _json(guest: Guest, *, opened: bool) -> dict[str, Any]:
    hidden = () if opened else CLOSED if guest.restricted else PERSONAL
    return {name: value for name, value in asdict(guest).items() if name not in hidden}
