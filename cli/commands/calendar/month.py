"""``muara calendar [MONTH]``: a month's sheet, what is said about its days, and the office hours."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time

import click
from babel.dates import format_date

from cli.commands.calendar.hours import hours_lines
from cli.commands.calendar.json_page import page_json
from cli.commands.calendar.sheet import Page, mark, sheet, style
from cli.context import App
from cli.months import parse_month
from cli.opening import configured
from cli.output import Cell, heading, json_line, paragraph, table
from cli.year_notes import crossing, crossing_notes
from config.settings import Settings
from config.texts import Texts
from store.types import OfficeDay
from wiring.clock import now
from wiring.office import calendar_of, days_of

SHORT = "EEE d"


def command(words: Texts, name: str) -> click.Command:
    """Build the command."""

    @click.command(name, help=words("calendar.show_help"))
    @click.argument("month", nargs=-1, metavar=words("calendar.meta_month"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def show(app: App, month: tuple[str, ...], json_wanted: bool) -> None:
        with configured(app) as (settings, store):
            _, decided = store.office_days.decided()
            page = _page(words, settings, " ".join(month), decided)
            history = store.office_days.history(page.days[0], page.days[-1])
            crossed = crossing(store, settings)
        own = {one.date: one for one in decided}
        if json_wanted:
            json_line(page_json(page, own, history, crossed))
            return
        _print(words, page, own, history)
        for note in crossing_notes(words, crossed):
            paragraph(note)

    return show


def _page(words: Texts, settings: Settings, given: str, decided: Sequence[OfficeDay]) -> Page:
    today = now().astimezone(words.zone).date()
    try:
        first = parse_month(given, today)
    except ValueError as error:
        raise click.UsageError(words("calendar.bad_month", given=given)) from error
    around = datetime.combine(first, time(), words.zone)
    rows = {row.date: row for row in days_of(settings, around, decided).days}
    page = Page(first, today, calendar_of(settings, around, decided), rows)
    return Page(first, today, page.calendar, {day: rows[day] for day in page.days if day in rows})


def _print(
    words: Texts, page: Page, own: Mapping[date, OfficeDay], history: Sequence[OfficeDay]
) -> None:
    sheet(words, page)
    click.echo(words("calendar.working_days", count=sum(map(page.working, page.days))))
    if page.rows:
        click.echo()
        _list(words, page, own)
    heading(words("calendar.hours_title"))
    for line in hours_lines(words, page.calendar, page.days[0], page.days[-1]):
        click.echo(line)
    if len(history) > sum(day in own for day in page.days):
        _history(words, history)
    if page.first.year not in page.calendar.complete_years:
        paragraph(words("calendar.incomplete", year=page.first.year))


def _list(words: Texts, page: Page, own: Mapping[date, OfficeDay]) -> None:
    headings = ("day", "kind", "day_name", "source")
    rows: Iterator[list[str | Cell]] = (
        [
            _short(words, day),
            Cell(mark(words, row), style(page, day, row).removeprefix("reverse ")),
            row.name,
            _source(words, row.source, own.get(day)),
        ]
        for day, row in sorted(page.rows.items())
    )
    table([words(f"calendar.{name}") for name in headings], rows)


def _source(words: Texts, source: str, decided: OfficeDay | None) -> str:
    if decided is None:
        return source
    at = words.short_moment(decided.at)
    return words("calendar.decided", source=source, who=decided.who, at=at)


def _history(words: Texts, history: Sequence[OfficeDay]) -> None:
    """Every decision about the month's days, also those that were taken back."""
    rows = (
        [
            words.short_moment(one.at),
            one.who,
            _short(words, one.date),
            words(f"day_states.{one.state}") if one.state else words("calendar.taken_back"),
            one.why,
        ]
        for one in history
    )
    names = ("cli.at", "cli.who", "calendar.day", "calendar.kind", "cli.why")
    click.echo()
    table([words(name) for name in names], rows, title=words("calendar.history"))


def _short(words: Texts, day: date) -> str:
    return format_date(day, SHORT, locale=words.language)
