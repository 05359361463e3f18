"""What is wrong with a configuration, first as a finding with a code, then as a sentence with its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a key. ``code`` names the sentence in texts/*/config.toml, ``values`` fill it in."""

    path: KeyPath
    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    warning: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong, as a person reads it. ``line`` counts from 1; a warning does not stop anything."""

    file: Path
    line: int | None
    key: str
    sentence: str
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else str(self.file)
        return ": ".join(filter(None, (place, self.key, self.sentence)))


class ConfigError(Exception):
    """The configuration cannot be used; every problem is listed."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)
