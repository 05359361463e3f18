"""What is wrong with rule files, as values: the sentences are in config/texts, part ``rules``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; ``code`` names its sentence, ``rule`` the rule, concept or cue."""

    file: str
    rule: str
    code: str
    value: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.rule, self.code, self.value) if part)


class RulesError(ValueError):
    """The rule files cannot be used; ``details`` and ``problems`` (as text) name everything wrong."""

    def __init__(self, details: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, details)))
        self.details = details

    @property
    def problems(self) -> tuple[str, ...]:
        """Every problem as one line: file, rule, code, value."""
        return tuple(map(str, self.details))
