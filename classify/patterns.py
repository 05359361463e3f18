"""Patterns over concepts, as written in the rule files.

``a + b`` both in one sentence; ``a > b`` in this order in one sentence; ``a >3 b`` with at most
three words between; ``a|b`` either; ``tidak:a`` the negated reading; ``tanpa a`` not in that sentence;
``'uang rokok'`` these very words. Parts joined by ``~`` lie in the same or the next sentence, by
``&`` anywhere in subject and text. An asserted atom never matches a negated word.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

Resolve = Callable[[str], int]
"""From an atom's name to its bit. Raises KeyError for an unknown concept."""

_STEP = re.compile(r"\s*>(\d*)\s*")
_JOIN = re.compile(r"\s*([~&])\s*")
_ANY = 1 << 30


@dataclass(frozen=True, slots=True)
class Step:
    """One atom (alternatives as one mask) and how far behind the previous one it may lie."""

    mask: int
    gap: int


@dataclass(frozen=True, slots=True)
class Part:
    """Atoms and chains of steps within one sentence, in any order, and what must not be in it."""

    alone: tuple[int, ...]
    chains: tuple[tuple[Step, ...], ...]
    without: int

    @property
    def needs(self) -> tuple[int, ...]:
        """The masks of all steps: each must be met somewhere in the sentence."""
        return (*self.alone, *(step.mask for chain in self.chains for step in chain))

    def run(self, masks: Sequence[int], places: Sequence[int]) -> tuple[int, int] | None:
        """First and last token of a match in a sentence that holds all it needs.

        ``places`` are the tokens of the sentence that carry concepts.
        """
        found = [_first(wanted, masks, places) for wanted in self.alone]
        for chain in self.chains:
            run = _run(chain, masks, places)
            if run is None:
                return None
            found += run
        return min(found), max(found)


def _first(wanted: int, masks: Sequence[int], places: Sequence[int]) -> int:
    for place in places:
        if masks[place] & wanted:
            return place
    raise LookupError(wanted)


def _run(
    chain: tuple[Step, ...], masks: Sequence[int], places: Sequence[int]
) -> tuple[int, int] | None:
    first, *middle, end = chain
    runs = {place: place for place in places if masks[place] & first.mask}
    for step in middle:
        runs = dict(_extended(runs, step, masks, places))
    last, start = next(_extended(runs, end, masks, places), (0, None))
    return None if start is None else (start, last)


def _extended(
    runs: dict[int, int], step: Step, masks: Sequence[int], places: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """From runs (last token: first token) to those that go on with this step; linear."""
    latest = start = -1
    for place in places:
        if latest >= 0 and masks[place] & step.mask and place - latest - 1 <= step.gap:
            yield place, start
        if place in runs:
            latest, start = place, runs[place]


@dataclass(frozen=True, slots=True)
class Pattern:
    """Parts with how each is joined to the one before: ``~`` near, ``&`` anywhere."""

    parts: tuple[tuple[str, Part], ...]
    without: int


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
    return Pattern(tuple(parts), without)


def _joins(source: str) -> list[tuple[str, str]]:
    pieces = _JOIN.split(source.strip())
    return [("&", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]


def _part(text: str, resolve: Resolve) -> Part:
    wanted, *unwanted = text.split(" tanpa ")
    chains = [_chain(chain, resolve) for chain in wanted.split("+")]
    without = 0
    for atoms in unwanted:
        without |= _mask(atoms, resolve)
    return Part(
        tuple(chain[0].mask for chain in chains if len(chain) == 1),
        tuple(chain for chain in chains if len(chain) > 1),
        without,
    )


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
