"""Weak cues: concepts, words and two words in a row that add a few points for or against each tier."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from classify.clauses import Reading
from classify.gates import bits
from classify.patterns import Resolve
from classify.verdict import packed

Words = tuple[str, ...]


class Heard(NamedTuple):
    """The cues of a text: concepts by their places among bits, words, and pairs of words."""

    concepts: list[int]
    words: frozenset[str]
    pairs: frozenset[Words]


class Cues:
    """What each cue adds to the scores for none and the four tiers."""

    def __init__(
        self,
        concepts: Mapping[str, tuple[int, ...]],
        words: Mapping[str, tuple[int, ...]],
        resolve: Resolve,
    ) -> None:
        self._bits = {name: resolve(name) for name in concepts}
        self._names = {bit.bit_length() - 1: name for name, bit in self._bits.items()}
        self._mask = sum(1 << place for place in self._names)
        self._weights = {**concepts, **{f"'{word}'": weights for word, weights in words.items()}}
        self._concepts = {p: packed(concepts[name]) for p, name in self._names.items()}
        self._words = {word: packed(w) for word, w in words.items() if " " not in word}
        self._pairs = {tuple(word.split()): packed(w) for word, w in words.items() if " " in word}
        self._known_words, self._known_pairs = frozenset(self._words), frozenset(self._pairs)

    def heard(self, reading: Reading) -> Heard:
        """The cues that stand in a text, each once."""
        stems = reading.stems
        return Heard(
            bits(reading.mask & self._mask),
            self._known_words.intersection(stems),
            self._known_pairs.intersection([(stems[at], stems[at + 1]) for at in reading.pairs]),
        )

    def score(self, heard: Heard) -> int:
        """What they add together, packed (see `classify.verdict`)."""
        total = sum(map(self._concepts.__getitem__, heard.concepts))
        total += sum(map(self._words.__getitem__, heard.words))
        return total + sum(map(self._pairs.__getitem__, heard.pairs))

    def weights(self, heard: Heard) -> dict[str, tuple[int, ...]]:
        """The cues by name with what each adds."""
        return {name: self._weights[name] for name in self._named(heard)}

    def loudest(self, heard: Heard, level: int, most: int) -> list[str]:
        """The names of those that add most to one score."""
        said = ((self._weights[name][level], name) for name in self._named(heard))
        loud = sorted([(-weight, name) for weight, name in said if weight > 0])
        return [name for _, name in loud[:most]]

    def places(self, reading: Reading, name: str, most: int) -> list[tuple[int, int]]:
        """First and last token of the first places of a cue."""
        if name[0] == "'":
            words = tuple(name[1:-1].split(" "))
            return list(islice(_runs(reading.stems, words), most))
        bit = self._bits[name]
        found = (place for place, mask in enumerate(reading.masks) if mask & bit)
        return [(place, place) for place in islice(found, most)]

    def _named(self, heard: Heard) -> Iterator[str]:
        yield from map(self._names.__getitem__, heard.concepts)
        yield from map("'{}'".format, heard.words)
        yield from map("'{0[0]} {0[1]}'".format, heard.pairs)


def _runs(stems: Words, words: Words) -> Iterator[tuple[int, int]]:
    for place, stem in enumerate(stems):
        if stem == words[0] and stems[place : place + len(words)] == words:
            yield place, place + len(words) - 1
