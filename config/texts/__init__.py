"""Every sentence a person reads, in Indonesian and English: one TOML file for each part and language.

A key is ``part.name``; values are filled in with ``str.format``.
"""

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("id", "en")


class Texts:
    """The sentences of one language. Raises KeyError for an unknown key, ValueError for a language."""

    def __init__(self, language: str = "id") -> None:
        if language not in LANGUAGES:
            raise ValueError(f"unknown language {language!r}")
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence ``part.name`` with its values filled in."""
        part, name = key.split(".", 1)
        return _part(self.language, part)[name].format(**values)

    def part(self, part: str) -> dict[str, str]:
        """All sentences of a part, as they stand in its file."""
        return dict(_part(self.language, part))


@cache
def _part(language: str, part: str) -> dict[str, str]:
    text = files(__package__).joinpath(language, f"{part}.toml").read_text("utf-8")
    return {str(name): str(sentence) for name, sentence in tomllib.loads(text).items()}
