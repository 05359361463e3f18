"""Choices that are shown and taken in the language of the screen; scripts may always give the codes."""

from collections.abc import Iterable
from typing import Any

import click

from config.texts import Texts


class Named(click.Choice[str]):
    """Choices whose ``codes`` have words in a ``part`` of the texts, such as walk_in: tatap-muka."""

    def __init__(self, words: Texts, part: str, codes: Iterable[str]) -> None:
        self.codes = [str(code) for code in codes]
        self._by_word = {_slug(words(f"{part}.{code}")): code for code in self.codes}
        super().__init__(list(self._by_word), case_sensitive=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the code for a word or a code. Fails as click's own choice does."""
        if value in self.codes:
            return str(value)
        return self._by_word[super().convert(_slug(str(value)), param, ctx)]


def _slug(label: str) -> str:
    return "-".join(label.casefold().replace("_", " ").split())
