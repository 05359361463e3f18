"""Every sentence a person reads, in Indonesian and English: one TOML file for each part and language.

A key is ``part.name``; values are filled in with ``str.format``.
"""

import tomllib
from datetime import datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

LANGUAGES = ("id", "en")
MOMENT = {"id": "EEEE, d MMMM y 'pukul' HH.mm", "en": "EEEE, d MMMM y 'at' HH:mm"}


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
        local = at.astimezone(self.zone)
        return f"{format_datetime(local, MOMENT[self.language], locale=self.language)} {local.tzname()}"

    def part(self, part: str) -> dict[str, str]:
        """All sentences of a part, as they stand in its file."""
        return dict(_part(self.language, part))


@cache
def _part(language: str, part: str) -> dict[str, str]:
    text = files(__package__).joinpath(language, f"{part}.toml").read_text("utf-8")
    return {str(name): str(sentence) for name, sentence in tomllib.loads(text).items()}
