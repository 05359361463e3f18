"""Months and days as people type them: 2027-01, 1/2027, januari 2027, januari; 24-12-2026."""

import re
from datetime import date

from babel.dates import get_month_names

from cli.moments import parse_day

LANGUAGES = ("id", "en")
_YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{4})")
_NAMED = re.compile(r"([^\W\d]+)(?:[-/. ]+(\d{4}))?")


def parse_month(given: str, today: date) -> date:
    """Return the first day of a month; a month without a year is this year's. Raises ValueError."""
    text = given.strip().casefold()
    if not text:
        return today.replace(day=1)
    if found := _YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[2]), 1)
    if found := _YEAR_LAST.fullmatch(text):
        return date(int(found[2]), int(found[1]), 1)
    if text.isdecimal():
        return date(today.year, int(text), 1)
    found = _NAMED.fullmatch(text)
    if not found:
        raise ValueError(given)
    return date(int(found[2] or today.year), _named(found[1]), 1)


def parse_date(given: str) -> date:
    """Return a day. Raises ValueError."""
    found = parse_day(given.strip())
    if found is None:
        raise ValueError(given)
    return found


def _named(name: str) -> int:
    """The number of a month by its name, or a beginning of it that is no other's."""
    found: set[int] = {
        number
        for language in LANGUAGES
        for number, full in get_month_names("wide", locale=language).items()
        if full.casefold().startswith(name)
    }
    if len(found) != 1:
        raise ValueError(name)
    return found.pop()
