"""A month drawn as the sheet on the wall: weeks as lines, Monday first, a word under each special day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from classify.calendar import Calendar, DayState
from cli.output import Cell, grid
from config.closed_days import Day
from config.texts import Texts

WEEK = 7
SATURDAY = 5
OWN = ("office", "decided")


@dataclass(frozen=True, slots=True)
class Page:
    """A month: its ``first`` day, the legal calendar, and what is said about days, by date."""

    first: date
    today: date
    calendar: Calendar
    rows: Mapping[date, Day]

    @property
    def days(self) -> list[date]:
        """All days of the month."""
        found = (self.first + timedelta(days=n) for n in range(31))
        return [day for day in found if day.month == self.first.month]

    def working(self, day: date) -> bool:
        """Whether the clock runs on it."""
        return self.calendar.work_day(day) is not None


def sheet(words: Texts, page: Page) -> None:
    """Print the month."""
    monday = page.first - timedelta(days=page.first.weekday())
    week = [monday + timedelta(days=n) for n in range(WEEK)]
    names = [format_date(day, "EEEE", locale=words.language) for day in week]
    title = format_date(page.first, "MMMM y", locale=words.language)
    grid([name.capitalize() for name in names], list(_weeks(words, page, monday)), title=title)


def mark(words: Texts, day: Day) -> str:
    """What a day is, in a word or two; the office's own say so."""
    if day.layer in OWN:
        return words("calendar.mark_own", state=words(f"day_states.{day.state}"))
    return words(f"calendar.mark_{day.layer}")


def _weeks(words: Texts, page: Page, monday: date) -> Iterator[list[Cell]]:
    last = page.days[-1]
    while monday <= last:
        yield [_cell(words, page, monday + timedelta(days=n)) for n in range(WEEK)]
        monday += timedelta(days=WEEK)


def _cell(words: Texts, page: Page, day: date) -> Cell:
    if day.month != page.first.month:
        return Cell("")
    row = page.rows.get(day)
    number = words("calendar.today", day=day.day) if day == page.today else str(day.day)
    text = f"{number}\n{mark(words, row)}" if row else number
    return Cell(text, style(page, day, row))


def style(page: Page, day: date, row: Day | None) -> str:
    """Red where a row closes, green where it opens, yellow where staff may stay away, dim at weekends."""
    today = "reverse " if day == page.today else ""
    if row and DayState(row.state) is DayState.OPEN:
        return today + "green"
    if page.calendar.closing_row(day):
        return today + "bold red"
    if not page.working(day):
        return today + "dim"
    return today + ("yellow" if row else "default")
