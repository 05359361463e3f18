"""Which rules match a text: their patterns are found by the concepts of each sentence.

What a sentence's concepts allow is remembered by its mask, so that greetings and other sentences
of the same make-up cost one lookup; the order of words is looked at only where all concepts are there.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from classify.clauses import Reading
from classify.patterns import Part, Pattern, Resolve, parse
from classify.rules import Rule

_MEMO_SIZE = 20_000

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
    part: Part
    without: int


class Joined(NamedTuple):
    """A pattern of several parts, each with how it is joined (~ or &) and a bit of its own."""

    rule: int
    joins: tuple[tuple[str, int, Part], ...]
    needs: int
    without: int


class Fitting(NamedTuple):
    """What a sentence's concepts allow: patterns of one part, and parts of longer ones."""

    singles: tuple[Single, ...]
    parts: int


class Matcher:
    """All rules' patterns, listed under the concept of theirs that is met least often."""

    def __init__(self, rules: Sequence[Rule], resolve: Resolve, seen: Counter[int]) -> None:
        self._rules = rules
        self._parts: list[Part] = []
        self._singles: dict[int, Single] = {}
        self._joined: dict[int, Joined] = {}
        self._index: dict[int, list[int]] = {}
        self._memory: dict[int, Fitting] = {}
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
        found: dict[int, tuple[Run, ...]] = {}
        held: list[tuple[int, Sequence[int]]] = []
        units = 0
        masks, whole = reading.masks, reading.mask
        for start, end, mask in reading.sentences:
            singles, parts = self._memory.get(mask) or self._fit(mask)
            places = list(compress(range(start, end), masks[start:end])) if singles or parts else ()
            for rule, part, without in singles:
                if rule not in found and not whole & without:
                    run = part.run(masks, places)
                    if run:
                        found[rule] = (run,)
            units |= parts
            held.append((parts, places))
        for unit in bits(units & self._firsts):
            rule, joins, needs, without = self._joined[unit]
            if rule not in found and needs & units == needs and not whole & without:
                runs = self._join(joins, masks, held)
                if runs:
                    found[rule] = runs
        return [Matched(self._rules[rule], found[rule]) for rule in sorted(found)]

    def _join(
        self,
        joins: Sequence[tuple[str, int, Part]],
        masks: Sequence[int],
        held: Sequence[tuple[int, Sequence[int]]],
    ) -> tuple[Run, ...]:
        """One run for each part; empty where a part has none, or none near the one before."""
        runs: list[Run] = []
        near: set[int] = set()
        for join, unit, part in joins:
            found = {
                number: run
                for number, (units, places) in enumerate(held)
                if units & unit
                and (join == "&" or number in near)
                and (run := part.run(masks, places))
            }
            if not found:
                return ()
            near = {number + step for number in found for step in (-1, 0, 1)}
            runs.append(next(iter(found.values())))
        return tuple(runs)

    def _add(self, rule: int, pattern: Pattern, seen: Counter[int]) -> None:
        first = len(self._parts)
        for _, part in pattern.parts:
            rarest = min(part.needs, key=lambda need: sum(seen[place] for place in bits(need)))
            for place in bits(rarest):
                self._index.setdefault(place, []).append(len(self._parts))
            self._parts.append(part)
        if len(pattern.parts) == 1:
            self._singles[first] = Single(rule, pattern.parts[0][1], pattern.without)
        else:
            joins = tuple(
                (join, 1 << unit, part) for unit, (join, part) in enumerate(pattern.parts, first)
            )
            needs = sum(bit for _, bit, _ in joins)
            self._joined[first] = Joined(rule, joins, needs, pattern.without)

    def _fit(self, mask: int) -> Fitting:
        parts = self._parts
        units = {
            unit
            for place in bits(mask & self._mask)
            for unit in self._index[place]
            if parts[unit].fits(mask)
        }
        singles = tuple(self._singles[unit] for unit in sorted(units & self._singles.keys()))
        fitting = Fitting(singles, sum(1 << unit for unit in units - self._singles.keys()))
        if len(self._memory) >= _MEMO_SIZE:
            self._memory.clear()
        self._memory[mask] = fitting
        return fitting


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set."""
    places = []
    while mask:
        lowest = mask & -mask
        places.append(lowest.bit_length() - 1)
        mask ^= lowest
    return places
