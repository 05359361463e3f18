"""``muara calendar set`` and ``unset``: a day the office decides about, and the deadlines that follow."""

from dataclasses import replace
from datetime import date
from typing import Any

import click
from babel.dates import format_date

from classify.calendar import DayState
from cli.asking import agreed
from cli.context import App, operator
from cli.months import parse_date
from cli.named import Named
from cli.opening import configured
from cli.output import json_line, table
from config.settings import Settings
from config.texts import Texts
from ingest.datebook import DateBook
from ingest.put_off import PutOff
from store.errors import Conflict
from store.types import Moved, OfficeDay
from wiring.clock import now
from wiring.office import datebook_of, days_of

SHOWN = 20
LONG = "EEEE, d MMMM y"


def set_command(words: Texts) -> click.Command:
    """Build ``set``."""
    states = Named(words, "day_states", DayState)
    return click.Command(
        "set",
        callback=click.pass_obj(_set),
        params=[
            click.Argument(["day"], metavar=words("calendar.meta_day")),
            click.Argument(["state"], type=states),
            click.Option(["--why"], required=True, help=words("calendar.why")),
            click.Option(["--name"], default="", help=words("calendar.name")),
            *_common(words),
        ],
        help=words("calendar.set_help"),
    )


def unset_command(words: Texts) -> click.Command:
    """Build ``unset``."""
    return click.Command(
        "unset",
        callback=click.pass_obj(_unset),
        params=[
            click.Argument(["day"], metavar=words("calendar.meta_day")),
            click.Option(["--why"], required=True, help=words("calendar.why")),
            *_common(words),
        ],
        help=words("calendar.unset_help"),
    )


def _common(words: Texts) -> list[click.Parameter]:
    return [
        click.Option(["--who"], default=operator, show_default=False, help=words("cli.add_who")),
        click.Option(["--yes"], is_flag=True, help=words("calendar.yes")),
        click.Option(["--dry-run"], is_flag=True, help=words("calendar.dry_run")),
        click.Option(["--json", "json_wanted"], is_flag=True, help=words("cli.json")),
    ]


def _set(app: App, /, *, day: str, state: str, name: str, why: str, who: str, **how: bool) -> None:
    wanted = OfficeDay(_date(app.words, day), state, name.strip(), _reason(app, why), who, now())
    with configured(app) as (settings, store):
        book = datebook_of(settings, store, now)
        wanted = replace(wanted, name=wanted.name or _known_name(settings, wanted.date))
        if any(_same(one, wanted) for one in book.decided()):
            sentence = "calendar.already"
            raise click.ClickException(app.words(sentence, day=_long(app.words, wanted.date)))
        _carry_out(app.words, book, wanted, **how)


def _unset(app: App, /, *, day: str, why: str, who: str, **how: bool) -> None:
    wanted = OfficeDay(_date(app.words, day), "", "", _reason(app, why), who, now())
    with configured(app) as (settings, store):
        book = datebook_of(settings, store, now)
        if all(one.date != wanted.date for one in book.decided()):
            in_file = any(one.date == wanted.date for one in settings.calendar.days)
            sentence = "calendar.in_configuration" if in_file else "calendar.not_decided"
            raise click.ClickException(app.words(sentence, day=_long(app.words, wanted.date)))
        _carry_out(app.words, book, wanted, **how)


def _carry_out(
    words: Texts, book: DateBook, day: OfficeDay, *, yes: bool, dry_run: bool, json_wanted: bool
) -> None:
    if json_wanted and not (yes or dry_run):
        raise click.UsageError(words("calendar.yes_needed"))
    moving = book.preview(day)
    told = book.put_off(moving)
    if not json_wanted:
        _show(words, day, moving)
        _tell(words, told)
    if dry_run or not (yes or agreed(words, words("calendar.sure"))):
        _report(words, day, moving, told, done=False, json_wanted=json_wanted)
        return
    try:
        moved = book.decide(day)
    except Conflict as error:
        raise click.ClickException(words("calendar.somebody_else")) from error
    _report(words, day, moved, told, done=True, json_wanted=json_wanted)


def _show(words: Texts, day: OfficeDay, moving: list[Moved]) -> None:
    """What is going to happen, before anybody is asked."""
    state = words(f"day_states.{day.state}") if day.state else words("calendar.as_before")
    click.secho(words("calendar.will_be", day=_long(words, day.date), state=state), bold=True)
    if not moving:
        click.echo(words("calendar.moves_nothing"))
        return
    click.echo(words("calendar.moves", count=len(moving)))
    table(
        [words("cli.number"), words("calendar.was_due"), words("calendar.new_due")],
        (
            [one.number, words.short_moment(one.was_due), words.short_moment(one.due_at)]
            for one in moving[:SHOWN]
        ),
    )
    if len(moving) > SHOWN:
        click.echo(words("calendar.and_more", count=len(moving) - SHOWN))


def _tell(words: Texts, told: PutOff) -> None:
    """Which complainants learn of it by mail, and whom somebody has to tell."""
    if told.mails:
        click.echo(words("calendar.mailed", count=len(told.mails)))
    if told.by_hand:
        numbers = ", ".join(told.by_hand[:SHOWN])
        click.echo(words("calendar.by_hand", count=len(told.by_hand), numbers=numbers))
        if len(told.by_hand) > SHOWN:
            click.echo(words("calendar.and_more", count=len(told.by_hand) - SHOWN))


def _report(
    words: Texts,
    day: OfficeDay,
    moved: list[Moved],
    told: PutOff,
    *,
    done: bool,
    json_wanted: bool,
) -> None:
    if json_wanted:
        decided: dict[str, Any] = {
            "date": day.date.isoformat(),
            "state": day.state or None,
            "name": day.name,
            "why": day.why,
            "who": day.who,
        }
        learning = {"mailed": sorted(told.mails), "by_hand": told.by_hand}
        json_line({"done": done, "day": decided, "moved": moved, **learning})
        return
    name = "done" if done else "not_done"
    click.echo(words(f"calendar.{name}", day=_long(words, day.date), count=len(moved)))


def _known_name(settings: Settings, day: date) -> str:
    """What the day is called already, such as Galungan."""
    rows = days_of(settings, now()).days
    return next((row.name for row in rows if row.date == day), "")


def _same(one: OfficeDay, other: OfficeDay) -> bool:
    return (one.date, one.state, one.name, one.why) == (
        other.date,
        other.state,
        other.name,
        other.why,
    )


def _date(words: Texts, given: str) -> date:
    try:
        return parse_date(given)
    except ValueError as error:
        raise click.UsageError(words("calendar.bad_date", given=given)) from error


def _reason(app: App, why: str) -> str:
    if not why.strip():
        raise click.UsageError(app.words("cli.option_needed", option="--why"))
    return why.strip()


def _long(words: Texts, day: date) -> str:
    return format_date(day, LONG, locale=words.language)
