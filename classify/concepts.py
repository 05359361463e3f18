"""Concepts as written in the rule files."""

from collections.abc import Mapping
from typing import Any

from classify.morphology import PREFIXES
from classify.tokens import CONTRAST, FAR, NEGATOR, Concept

_ROLES = {"": 0, "negasi": NEGATOR, "negasi_luas": NEGATOR | FAR, "lawan": CONTRAST}
_FIELDS = frozenset(("arti", "kata", "akar", "awalan", "telan", "peran", "tetap"))


def concept(name: str, table: Mapping[str, Any]) -> Concept:
    """Read one concept; words with a space are phrases. Raises ValueError for wrong fields."""
    prefixes = listed(table.get("awalan", ""))
    wrong = set(table) - _FIELDS | set(prefixes) - PREFIXES - {"-"}
    if wrong or table.get("peran", "") not in _ROLES:
        raise ValueError(", ".join(sorted(wrong)) or table["peran"])
    entries = listed(table.get("kata", ""))
    return Concept(
        name,
        roots=tuple(listed(table.get("akar", ""))),
        words=tuple(entry for entry in entries if " " not in entry),
        phrases=tuple(tuple(entry.split()) for entry in entries if " " in entry),
        prefixes=frozenset(prefix.strip("-") for prefix in prefixes) if prefixes else None,
        swallow=table.get("telan", False),
        role=_ROLES[table.get("peran", "")],
        fixed=table.get("tetap", False),
    )


def listed(text: object) -> list[str]:
    """Entries between commas. Raises ValueError where the value is no text."""
    if not isinstance(text, str):
        raise ValueError(str(text))  # noqa: TRY004 - a wrong value in a file, not a wrong call
    return [entry for entry in (" ".join(part.split()) for part in text.split(",")) if entry]
