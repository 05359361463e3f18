"""What a health check finds. The words are in ``config/texts/*/doctor.toml``, as ``check_grade``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Grade(StrEnum):
    """How it stands. Only a problem means that something is wrong with muara or its data."""

    FINE = "fine"
    NOTE = "note"  # worth knowing, or waiting for a person
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; ``values`` fill in its sentence."""

    check: str
    grade: Grade
    values: Mapping[str, str] = field(default_factory=dict)


def fine(check: str, **values: object) -> Finding:
    """Nothing to do."""
    return Finding(check, Grade.FINE, _texts(values))


def note(check: str, **values: object) -> Finding:
    """Nothing is broken, but a person should know."""
    return Finding(check, Grade.NOTE, _texts(values))


def problem(check: str, **values: object) -> Finding:
    """Something is wrong."""
    return Finding(check, Grade.PROBLEM, _texts(values))


def _texts(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
