"""Every sentence a person reads, in Indonesian and English: one TOML file for each part and language.

A key is ``part.name``; values are filled in with ``str.format``.
"""

import errno
import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

LANGUAGES = ("id", "en")
MOMENT = {"id": "EEEE, d MMMM y 'pukul' HH.mm", "en": "EEEE, d MMMM y 'at' HH:mm"}
SHORT_MOMENT = {"id": "EEE d MMM y HH.mm", "en": "EEE d MMM y HH:mm"}
_ERRNO_NAMES = {os.strerror(number): name for number, name in errno.errorcode.items()}


class Texts:
    """The sentences of one language. Raises KeyError for an unknown key, ValueError for a language."""

    def __init__(self, language: str = "id", zone: str = "Asia/Makassar") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"unknown language {language!r}")
        self.language = language
        self.zone = ZoneInfo(zone)

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence ``part.name`` with its values filled in."""
        part, name = key.split(".", 1)
        return _part(self.language, part)[name].format(**values)

    def moment(self, at: datetime) -> str:
        """Return an aware moment with weekday in the office's zone, such as Rabu, 2 Desember 2026 pukul 14.00 WITA."""
        return f"{self._formatted(at, MOMENT)} {at.astimezone(self.zone).tzname()}"

    def short_moment(self, at: datetime) -> str:
        """Return an aware moment for a table, such as Rab 2 Des 2026 14.00, in the office's zone."""
        return self._formatted(at, SHORT_MOMENT)

    def day(self, day: date) -> str:
        """Return a date in words, such as 2 Desember 2026."""
        return format_date(day, "d MMMM y", locale=self.language)

    def month(self, day: date, *, short: bool = False) -> str:
        """Return the month of a date in words, such as Desember 2026 or Des 26."""
        return format_date(day, "MMM yy" if short else "MMMM y", locale=self.language)

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number as people write it, such as 1.234,5."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return format_decimal(value, format=pattern, locale=self.language)

    def event(self, what: str) -> str:
        """Return what an entry of a case's log says; its code where it has no sentence."""
        return _part(self.language, "events").get(what.replace(".", "_"), what)

    def reason(self, why: str) -> str:
        """Return the system's or SQLite's own word for a failure in this language, where we know it."""
        known = _part(self.language, "system")
        return known.get(_ERRNO_NAMES.get(why) or re.sub(r"\W+", "_", why), why)

    def _formatted(self, at: datetime, patterns: Mapping[str, str]) -> str:
        local = at.astimezone(self.zone)
        return format_datetime(local, patterns[self.language], locale=self.language)

    def part(self, part: str) -> dict[str, str]:
        """All sentences of a part, as they stand in its file."""
        return dict(_part(self.language, part))


@cache
def _part(language: str, part: str) -> dict[str, str]:
    text = files(__package__).joinpath(language, f"{part}.toml").read_text("utf-8")
    return {str(name): str(sentence) for name, sentence in tomllib.loads(text).items()}
