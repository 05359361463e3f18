"""Patterns over concepts, as written in the rule files.

``a + b`` both in one sentence; ``a > b`` in this order in one sentence; ``a >3 b`` with at most
three words between; ``a|b`` either; ``tidak:a`` the negated reading; ``tanpa a`` not in that sentence;
``'uang rokok'`` these very words. Parts joined by ``~`` lie in the same or the next sentence, by
``&`` anywhere in subject and text. An asserted atom never matches a negated word.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from classify.clauses import Reading, Sentence

Resolve = Callable[[str], int]
"""From an atom's name to its bit. Raises KeyError for an unknown concept."""

_STEP = re.compile(r"\s*>(\d*)\s*")
_JOIN = re.compile(r"\s*([~&])\s*")
_ANY = 1_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One atom (alternatives as one mask) and how far behind the previous one it may lie."""

    mask: int
    gap: int


@dataclass(frozen=True, slots=True)
class Part:
    """Chains of steps within one sentence, in any order, and what must not be in it.

    ``needs`` are the masks of all steps: each must be met somewhere in the sentence.
    """

    chains: tuple[tuple[Step, ...], ...]
    without: int
    needs: tuple[int, ...]

    def candidates(self, reading: Reading) -> frozenset[int]:
        """Numbers of the sentences that hold every step's concepts and nothing forbidden."""
        where = reading.where
        found = where(self.needs[0])
        for need in self.needs[1:]:
            found &= where(need)
        return found - where(self.without) if self.without and found else found

    def run(self, masks: Sequence[int], sentence: Sentence) -> tuple[int, int] | None:
        """First and last token of a match in a candidate sentence."""
        first, last = sentence.end, sentence.start
        for chain in self.chains:
            run = _run(chain, masks, sentence)
            if run is None:
                return None
            first, last = min(first, run[0]), max(last, run[1])
        return first, last


def _run(
    chain: tuple[Step, ...], masks: Sequence[int], sentence: Sentence
) -> tuple[int, int] | None:
    wanted = chain[0].mask
    if len(chain) == 1:
        for place in range(sentence.start, sentence.end):
            if masks[place] & wanted:
                return place, place
    runs = {i: i for i in range(sentence.start, sentence.end) if masks[i] & wanted}
    for step in chain[1:]:
        runs = _extend(runs, step, masks, sentence.end)
        if not runs:
            return None
    last, first = next(iter(runs.items()))
    return first, last


def _extend(runs: dict[int, int], step: Step, masks: Sequence[int], end: int) -> dict[int, int]:
    """From runs (last token: first token) to those that go on with this step; linear."""
    found: dict[int, int] = {}
    latest = start = -1
    for place in range(min(runs), end):
        if latest >= 0 and masks[place] & step.mask and place - latest - 1 <= step.gap:
            found[place] = start
        if place in runs:
            latest, start = place, runs[place]
    return found


@dataclass(frozen=True, slots=True)
class Pattern:
    """Parts with how each is joined to the one before: ``~`` near, ``&`` anywhere.

    ``needs`` are the masks of all steps: each must be met somewhere in the text.
    """

    source: str
    parts: tuple[tuple[str, Part], ...]
    without: int
    needs: tuple[int, ...]

    def find(self, reading: Reading) -> tuple[tuple[int, int], ...]:
        """Runs of tokens (first, last) of one match, one for each part; empty where none."""
        if reading.mask & self.without:
            return ()
        if len(self.parts) > 1:
            return self._joined(reading)
        part = self.parts[0][1]
        for number in sorted(part.candidates(reading)):
            run = part.run(reading.masks, reading.sentences[number])
            if run:
                return (run,)
        return ()

    def _joined(self, reading: Reading) -> tuple[tuple[int, int], ...]:
        runs: list[tuple[int, int]] = []
        near: set[int] = set()
        for join, part in self.parts:
            possible = part.candidates(reading)
            if join == "~":
                possible &= near
            found = {
                number: run
                for number in sorted(possible)
                if (run := part.run(reading.masks, reading.sentences[number]))
            }
            if not found:
                return ()
            near = {number + step for number in found for step in (-1, 0, 1)}
            runs.append(next(iter(found.values())))
        return tuple(runs)


def parse(source: str, resolve: Resolve) -> Pattern:
    """Read a pattern. Raises ValueError or KeyError with the atom that is wrong."""
    without = 0
    parts = []
    for join, text in _joins(source):
        if text.startswith("tanpa "):
            without |= _mask(text.removeprefix("tanpa "), resolve)
        else:
            parts.append((join, _part(text, resolve)))
    if not parts:
        raise ValueError(source)
    needs = tuple(need for _, part in parts for need in part.needs)
    return Pattern(source, tuple(parts), without, needs)


def _joins(source: str) -> list[tuple[str, str]]:
    pieces = _JOIN.split(source.strip())
    return [("&", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]


def _part(text: str, resolve: Resolve) -> Part:
    wanted, *unwanted = text.split(" tanpa ")
    chains = tuple(_chain(chain, resolve) for chain in wanted.split("+"))
    without = 0
    for atoms in unwanted:
        without |= _mask(atoms, resolve)
    return Part(chains, without, tuple(step.mask for chain in chains for step in chain))


def _chain(text: str, resolve: Resolve) -> tuple[Step, ...]:
    first, *rest = _STEP.split(text.strip())
    steps = [Step(_mask(first, resolve), _ANY)]
    for gap, atoms in zip(rest[::2], rest[1::2], strict=True):
        steps.append(Step(_mask(atoms, resolve), int(gap or _ANY)))
    return tuple(steps)


def _mask(atoms: str, resolve: Resolve) -> int:
    mask = 0
    for atom in atoms.split("|"):
        mask |= resolve(atom.strip())
    return mask
