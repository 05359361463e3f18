"""Reading a TOML table from a person: every problem is noted with its place, none stops the reading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something wrong at a dotted key. ``code`` names the sentence in texts/*/profile.toml, ``value`` fills it in."""

    key: str
    code: str
    value: str = ""


class Table:
    """One TOML table being read: notes what is wrong, and at the end what nobody asked for."""

    def __init__(self, value: Mapping[str, Any], place: str, problems: list[Trouble]) -> None:
        self._value = dict(value)
        self._place = place
        self._problems = problems
        self._inner: list[Table] = []

    def __bool__(self) -> bool:
        return bool(self._value)

    @property
    def names(self) -> list[str]:
        """Keys not read yet."""
        return list(self._value)

    def problem(self, name: str, code: str, value: str = "") -> None:
        """Note what is wrong with a key."""
        self._problems.append(Trouble(self._at(name), code, value))

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name

    def text(self, name: str, default: str = "", *, needed: bool = False) -> str:
        """A text, not empty where ``needed``."""
        value: object = self._value.pop(name, default)
        if not isinstance(value, str):
            self.problem(name, "text")
            return default
        if needed and not value:
            self.problem(name, "missing")
        return value

    def choice(self, name: str, choices: Sequence[str], default: str) -> str:
        """One of a few texts."""
        value = self.text(name, default)
        if value not in choices:
            self.problem(name, "choice", ", ".join(choices))
            return default
        return value

    def texts(self, name: str, default: Sequence[str] = ()) -> tuple[str, ...]:
        """A list of texts; a single one may stand alone."""
        value = self._value.pop(name, list(default))
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.problem(name, "texts")
            return tuple(default)
        return tuple(value)

    def number(self, name: str) -> int:
        """A whole number, 0 or more."""
        value = self._value.pop(name, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self.problem(name, "number")
            return 0
        return value

    def flag(self, name: str) -> bool:
        """True or false."""
        value = self._value.pop(name, False)
        if not isinstance(value, bool):
            self.problem(name, "flag")
        return value is True

    def pairs(self, name: str) -> dict[str, str]:
        """A table of texts; numbers become texts."""
        value = self._value.pop(name, {})
        if not isinstance(value, Mapping):
            self.problem(name, "pairs")
            return {}
        return {key: str(one) for key, one in value.items()}

    def table(self, name: str, *, needed: bool = False) -> "Table":
        """A table inside, empty where there is none."""
        value = self._value.pop(name, {})
        if not isinstance(value, Mapping):
            self.problem(name, "table")
            value = {}
        elif needed and not value:
            self.problem(name, "missing")
        return self._open(value, self._at(name))

    def tables(self, name: str) -> "list[Table]":
        """A list of tables."""
        value = self._value.pop(name, [])
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self.problem(name, "tables")
            return []
        return [self._open(one, f"{self._at(name)}[{at}]") for at, one in enumerate(value)]

    def _open(self, value: Mapping[str, Any], place: str) -> "Table":
        self._inner.append(Table(value, place, self._problems))
        return self._inner[-1]

    def finish(self) -> None:
        """Report the keys nobody asked for, here and inside."""
        for name in self._value:
            self.problem(name, "unknown")
        for inner in self._inner:
            inner.finish()
