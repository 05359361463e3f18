"""Which rules match a text: their patterns are found by the concepts of each sentence.

The order of words is looked at only where all concepts of a pattern are there, and only until its
rule has matched.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple

from classify.clauses import Reading
from classify.gates import Gates, single_bits
from classify.patterns import Part, Pattern, Resolve, parse
from classify.rule import Rule

Run = tuple[int, int]
"""First and last token of a match."""


class Matched(NamedTuple):
    """A rule that matched, with the runs of tokens it matched."""

    rule: Rule
    runs: tuple[Run, ...]


class Single(NamedTuple):
    """A pattern within one sentence, of the rule with this number."""

    rule: int
    part: Part


class Joint(NamedTuple):
    """A part of a longer pattern: ``near`` the one before it or anywhere; ``last`` or not before one near."""

    part: Part
    bit: int
    near: bool
    last: bool


class Joined(NamedTuple):
    """A pattern of several parts; ``units`` are their bits."""

    rule: int
    without: int
    joints: tuple[Joint, ...]
    units: int


class Matcher:
    """All rules' patterns, by numbers that stand for bits."""

    def __init__(self, rules: Sequence[Rule], resolve: Resolve) -> None:
        self._rules = rules
        self._parts: list[Part] = []
        self._singles: dict[int, Single] = {}
        self._families = [0] * len(rules)
        self._without: list[tuple[int, int]] = []
        self._joined: dict[int, Joined] = {}
        for number, rule in enumerate(rules):
            for source in rule.patterns:
                self._add(number, parse(source, resolve))
        self._all_singles, self._all_joined = sum(self._singles), sum(self._joined)
        self._gates = Gates(self._parts)

    def forget(self) -> None:
        """Empty the memory of concepts met."""
        self._gates.clear()

    def matched(self, reading: Reading) -> list[Matched]:
        """The rules that match, in their files' order, each with its first match."""
        fits = self._gates.fitting(reading.masks, reading.sentences)
        runs = self._run_singles(reading, fits)
        held = reduce(or_, fits, 0)
        for bit in single_bits(held & self._all_joined):
            rule, without, joints, units = self._joined[bit]
            if units & held == units and rule not in runs and not reading.mask & without:
                joined = _join(joints, reading, fits)
                if joined:
                    runs[rule] = joined
        return [Matched(self._rules[rule], run) for rule, run in sorted(runs.items())]

    def _add(self, rule: int, pattern: Pattern) -> None:
        first = len(self._parts)
        self._parts += [part for _, part in pattern.parts]
        if len(pattern.parts) == 1:
            bit = 1 << first
            self._singles[bit] = Single(rule, self._parts[first])
            self._families[rule] |= bit
            if pattern.without:
                self._without.append((pattern.without, bit))
        else:
            self._joined[1 << first] = Joined(rule, pattern.without, *_joints(pattern, first))

    def _run_singles(self, reading: Reading, fits: Sequence[int]) -> dict[int, tuple[Run, ...]]:
        """Rules with a pattern within one sentence; of each the first in the first sentence."""
        runs: dict[int, tuple[Run, ...]] = {}
        masks = reading.masks
        wanted = self._all_singles
        for without, bit in self._without:
            if without & reading.mask:
                wanted ^= bit
        for places, fit in zip(reading.sentences, fits, strict=True):
            left = fit & wanted
            while left:
                bit = left & -left
                rule, part = self._singles[bit]
                run = part.run(masks, places)
                if run:
                    runs[rule] = (run,)
                    wanted &= ~self._families[rule]
                    left &= wanted
                else:
                    left ^= bit
        return runs


def _joints(pattern: Pattern, first: int) -> tuple[tuple[Joint, ...], int]:
    """The parts of a pattern, numbered from the first one on, and their bits."""
    nears = [join == "~" for join, _ in pattern.parts]
    joints = tuple(
        Joint(part, 1 << unit, near, last=not following)
        for unit, ((_, part), near, following) in enumerate(
            zip(pattern.parts, nears, [*nears[1:], False], strict=True), first
        )
    )
    return joints, sum(joint.bit for joint in joints)


def _join(joints: Sequence[Joint], reading: Reading, fits: Sequence[int]) -> tuple[Run, ...]:
    """One run for each part; empty where a part has none, or none near the one before."""
    runs: list[Run] = []
    before: list[int] = []
    for part, bit, near, last in joints:
        numbers = [number for number, fit in enumerate(fits) if fit & bit]
        if near:
            reached = {number + step for number in before for step in (-1, 0, 1)}
            numbers = [number for number in numbers if number in reached]
        before = []
        for number in numbers:
            run = part.run(reading.masks, reading.sentences[number])
            if run:
                if not before:
                    runs.append(run)
                before.append(number)
                if last:
                    break
        if not before:
            return ()
    return tuple(runs)
