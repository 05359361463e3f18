"""One rule as written in a rule file, and what may be wrong with its fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from classify.types import Kind, Tier

NO_TIER = "tanpa"
LEVELS = (NO_TIER, *Tier)
"""What the five scores and the five weights of a cue stand for."""
_RULE_FIELDS = frozenset(
    ("id", "tingkat", "jenis", "arti", "pola", "kekuatan", "kuat", "contoh", "bukan")
)
_LEAST = {"pola": 1, "contoh": 2, "bukan": 1}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule (aturan). ``level`` is an index into the five scores, None for a rule about kind.

    ``strong``: where it matches, nothing lower than its tier is certain.
    """

    id: str
    file: str
    level: int | None
    kind: Kind | None
    meaning: str
    patterns: tuple[str, ...]
    strength: int
    strong: bool
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


def wrong_fields(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Code and value of each problem (see `classify.problems`)."""
    yield from _field_problems(table)
    yield from _target_problems(table)


def _field_problems(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key in sorted(set(table) - _RULE_FIELDS):
        yield "unknown_field", key
    for key, sort in (("id", str), ("arti", str), ("kekuatan", int)):
        if not (isinstance(table.get(key), sort) and table[key]):
            yield "missing", key
    for key, least in _LEAST.items():
        values = table.get(key)
        if not (isinstance(values, list) and all(isinstance(value, str) for value in values)):
            yield "missing", key
        elif len(values) < least:
            yield "too_few", key


def _target_problems(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if ("tingkat" in table) == ("jenis" in table):
        yield "tier_or_kind", ""
    elif table.get("tingkat", NO_TIER) not in LEVELS:
        yield "tier", str(table["tingkat"])
    elif table.get("jenis", Kind.SPAM) not in list(Kind):
        yield "kind", str(table["jenis"])


def rule_of(file: str, table: Mapping[str, Any]) -> Rule:
    """A rule from a table without problems."""
    tier = table.get("tingkat")
    return Rule(
        id=table["id"],
        file=file,
        level=LEVELS.index(tier) if tier is not None else None,
        kind=Kind(table["jenis"]) if "jenis" in table else None,
        meaning=table["arti"],
        patterns=tuple(table["pola"]),
        strength=table["kekuatan"],
        strong=bool(table.get("kuat")),
        examples=tuple(table["contoh"]),
        counter_examples=tuple(table["bukan"]),
    )
