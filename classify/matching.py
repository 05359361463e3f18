"""Which rules match a text: their patterns are found by the concepts of each sentence.

What a sentence holds is remembered by its words' concepts, so that greetings and sentences judged
again as part of a passage cost one lookup; the order of words is looked at only where all concepts
of a pattern are there.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from classify.clauses import Reading
from classify.patterns import Part, Pattern, Resolve, parse
from classify.rules import Rule

_MEMO_SIZE = 5_000
_MEMO_SENTENCE = 60

Run = tuple[int, int]
"""First and last token of a match."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that matched, with the runs of tokens it matched."""

    rule: Rule
    runs: tuple[Run, ...]


class Single(NamedTuple):
    """A pattern within one sentence; ``rule`` is its rule's number."""

    rule: int
    without: int


class Joined(NamedTuple):
    """A pattern of several parts, each given by its number, with how it is joined (~ or &)."""

    rule: int
    without: int
    joins: tuple[tuple[str, int], ...]
    units: int


class Found(NamedTuple):
    """What one sentence holds, counted from its start: patterns of one part, parts of longer ones."""

    singles: tuple[tuple[Single, Run], ...]
    parts: Mapping[int, Run]
    units: int


class Matcher:
    """All rules' patterns, listed under the concept of theirs that is met least often."""

    def __init__(self, rules: Sequence[Rule], resolve: Resolve, seen: Counter[int]) -> None:
        self._rules = rules
        self._parts: list[Part] = []
        self._singles: dict[int, Single] = {}
        self._joined: dict[int, Joined] = {}
        self._index: dict[int, list[int]] = {}
        self._memory: dict[tuple[int, ...], Found] = {}
        for number, rule in enumerate(rules):
            for source in rule.patterns:
                self._add(number, parse(source, resolve), seen)
        self._mask = sum(1 << place for place in self._index)
        self._firsts = sum(1 << unit for unit in self._joined)

    def forget(self) -> None:
        """Empty the memory of sentences."""
        self._memory.clear()

    def matched(self, reading: Reading) -> list[Matched]:
        """The rules that match, in their files' order, each with its first match."""
        runs: dict[int, tuple[Run, ...]] = {}
        held: list[tuple[int, Mapping[int, Run]]] = []
        units = 0
        masks, whole = reading.masks, reading.mask
        for start, end, mask in reading.sentences:
            key = tuple(masks[start:end])
            found = self._memory.get(key) or self._find(key, mask)
            for (rule, without), (first, last) in found.singles:
                if rule not in runs and not whole & without:
                    runs[rule] = ((start + first, start + last),)
            units |= found.units
            held.append((start, found.parts))
        for unit in bits(units & self._firsts):
            rule, without, joins, needs = self._joined[unit]
            if rule not in runs and needs & units == needs and not whole & without:
                joined = _join(joins, held)
                if joined:
                    runs[rule] = joined
        return [Matched(self._rules[rule], runs[rule]) for rule in sorted(runs)]

    def _add(self, rule: int, pattern: Pattern, seen: Counter[int]) -> None:
        first = len(self._parts)
        for _, part in pattern.parts:
            rarest = min(part.needs, key=lambda need: sum(seen[place] for place in bits(need)))
            for place in bits(rarest):
                self._index.setdefault(place, []).append(len(self._parts))
            self._parts.append(part)
        if len(pattern.parts) == 1:
            self._singles[first] = Single(rule, pattern.without)
        else:
            joins = tuple((join, unit) for unit, (join, _) in enumerate(pattern.parts, first))
            needs = sum(1 << unit for _, unit in joins)
            self._joined[first] = Joined(rule, pattern.without, joins, needs)

    def _find(self, masks: tuple[int, ...], mask: int) -> Found:
        """Read a sentence and remember what it holds."""
        places = [place for place, held in enumerate(masks) if held]
        runs = {
            unit: run
            for unit in self._fitting(mask)
            if (run := self._parts[unit].run(masks, places)) is not None
        }
        singles = self._singles
        parts = {unit: run for unit, run in runs.items() if unit not in singles}
        found = Found(
            tuple((singles[unit], run) for unit, run in runs.items() if unit in singles),
            parts,
            sum(1 << unit for unit in parts),
        )
        if len(masks) <= _MEMO_SENTENCE:
            if len(self._memory) >= _MEMO_SIZE:
                self._memory.clear()
            self._memory[masks] = found
        return found

    def _fitting(self, mask: int) -> list[int]:
        """Numbers of the parts whose concepts a sentence holds, in the rules' order."""
        parts = self._parts
        units = {
            unit
            for place in bits(mask & self._mask)
            for unit in self._index[place]
            if parts[unit].fits(mask)
        }
        return sorted(units)


def _join(
    joins: Sequence[tuple[str, int]], held: Sequence[tuple[int, Mapping[int, Run]]]
) -> tuple[Run, ...]:
    """One run for each part; empty where a part has none, or none near the one before."""
    runs: list[Run] = []
    near: set[int] = set()
    for join, unit in joins:
        found = [
            number
            for number, (_, parts) in enumerate(held)
            if unit in parts and (join == "&" or number in near)
        ]
        if not found:
            return ()
        near = {number + step for number in found for step in (-1, 0, 1)}
        start, parts = held[found[0]]
        runs.append((start + parts[unit][0], start + parts[unit][1]))
    return tuple(runs)


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set."""
    places = []
    while mask:
        lowest = mask & -mask
        places.append(lowest.bit_length() - 1)
        mask ^= lowest
    return places
