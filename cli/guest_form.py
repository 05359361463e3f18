"""What is asked of somebody who comes to the office: one by one, read back, and mended before it is kept."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import click

from cli.moments import parse_moment
from cli.read_back import line_to_mend
from config.texts import Texts
from store.numbers import normalise
from store.types import Guest

ORDER = ("name", "agency", "purpose", "meets", "phone", "number", "came_at")
NEEDED = ("name", "purpose")


class GuestForm:
    """The values of one entry by name. Wrong ones raise ValueError with a sentence that says why."""

    def __init__(self, words: Texts, clock: Callable[[], datetime]) -> None:
        self.words = words
        self.values: dict[str, Any] = {}
        self._clock = clock
        self._readers: dict[str, Callable[[str], Any]] = {
            "number": self._number,
            "came_at": self._moment,
        }

    def put(self, name: str, given: str) -> None:
        """Take what somebody gave for one field. Raises ValueError."""
        value = self._readers.get(name, str.strip)(given)
        if name in NEEDED and not value:
            raise ValueError(self.words(f"guests.no_{name}"))
        self.values[name] = value

    def guest(self, who: str) -> Guest:
        """Return the entry as it stands. Raises ValueError where it is not whole."""
        for name in NEEDED:
            if not self.values.get(name):
                raise ValueError(self.words("cli.option_needed", option=f"--{name}"))
        return Guest(**{"came_at": self._clock(), **self.values, "who": who})

    def fill_in(self) -> None:
        """Ask for every field not given yet, read all back and mend what they point at."""
        for name in ORDER:
            if name not in self.values:
                self._ask(name)
        while name := self._read_back():
            self._ask(name)

    def _ask(self, name: str) -> None:
        while True:
            given = click.prompt(self.words(f"guests.ask_{name}"), default="", show_default=False)
            try:
                self.put(name, given)
            except ValueError as error:
                click.echo(str(error), err=True)
            else:
                return

    def _read_back(self) -> str:
        """Show the whole entry; return the field to mend, "" when it is right. Raises click.Abort."""
        lines = [(self.words(f"guests.{name}"), self._shown(name)) for name in ORDER]
        at = line_to_mend(self.words, lines)
        return "" if at is None else ORDER[at]

    def _shown(self, name: str) -> str:
        value = self.values.get(name)
        return self.words.moment(value) if isinstance(value, datetime) else value or "-"

    def _number(self, given: str) -> str:
        if not given.strip():
            return ""
        number = normalise(given)
        if number is None:
            raise ValueError(self.words("cli.not_a_number", number=given))
        return number

    def _moment(self, given: str) -> datetime:
        try:
            return parse_moment(given, self._clock(), self.words.zone)
        except ValueError as error:
            raise ValueError(self.words("form.bad_moment", given=given)) from error
