"""Office hours in words, such as Monday to Thursday 07.30-16.00 with a break from 12.00 to 12.45."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby

from babel.dates import format_date, format_time

from classify.calendar import Calendar, WorkDay
from config.texts import Texts

MONDAY = date(2024, 1, 1)
TIME = {"id": "HH.mm", "en": "HH:mm"}


def hours_lines(words: Texts, calendar: Calendar, first: date, last: date) -> Iterator[str]:
    """Yield the hours in force from a day to another, a line for each group of weekdays alike."""
    for since in calendar.hours_from(first, last):
        if since > first:
            yield words("calendar.hours_since", day=_day(words, since))
        week = calendar.week(since)
        for hours, group in groupby(range(len(week)), key=week.__getitem__):
            yield words(
                "calendar.hours", days=_days(words, list(group)), hours=_hours(words, hours)
            )
    for name in ("lunch_stops_clock", "dispensation_stops_clock", "office_hours_only"):
        value = "yes" if getattr(calendar, name) else "no"
        yield words(f"calendar.{name}_{value}")


def _days(words: Texts, days: list[int]) -> str:
    names = [_weekday(words, day) for day in (days[0], days[-1])]
    return names[0] if len(days) == 1 else words("calendar.from_to", first=names[0], last=names[1])


def _weekday(words: Texts, day: int) -> str:
    return format_date(MONDAY + timedelta(days=day), "EEEE", locale=words.language)


def _hours(words: Texts, hours: WorkDay | None) -> str:
    if hours is None:
        return words("calendar.no_hours")
    times = [
        format_time(at, TIME[words.language], locale=words.language) if at else ""
        for at in (hours.opens, hours.closes, hours.break_starts, hours.break_ends)
    ]
    name = "with_break" if hours.break_starts else "without_break"
    opens, closes, starts, ends = times
    return words(f"calendar.{name}", opens=opens, closes=closes, starts=starts, ends=ends)


def _day(words: Texts, day: date) -> str:
    return format_date(day, "d MMMM y", locale=words.language)
