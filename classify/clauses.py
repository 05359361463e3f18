"""A text as tokens in sentences and clauses, with phrases joined and negated words marked as such.

The frames of a clause: what a negator (tidak, belum, tusing) reaches is shifted to its negated
reading; a contrast (tapi, malah) or the end of the clause stops it; phrases such as "bukannya",
"tidak hanya" and "kalau tidak" are no negators, because the vocabulary swallows them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from itertools import accumulate, chain, compress, count
from operator import itemgetter, or_
from typing import NamedTuple

from classify.amounts import shortfall
from classify.extent import Extent
from classify.lexicon import Lexicon
from classify.tokens import (
    CLAUSE_END,
    CONTRAST,
    FAR,
    NEGATED,
    NEGATOR,
    SENTENCE_END,
    STARTS,
    Phrase,
    Token,
)

REACH = 3
"""The first known word among so many after a negator (tidak) is negated, if the clause goes on."""
FAR_REACH = 5
"""So many words after bukan, tanpa and "tidak ada" are negated, if the clause goes on."""

_BASE = (1 << NEGATED) - 1
_STOP = CLAUSE_END | SENTENCE_END | CONTRAST
_MASK = itemgetter(Token._fields.index("mask"))
_ROLE = itemgetter(Token._fields.index("role"))
_STEM = itemgetter(Token._fields.index("stem"))


class Sentence(NamedTuple):
    """Tokens ``start`` to ``end`` (excluded) and the concepts among them."""

    start: int
    end: int
    mask: int


@dataclass(slots=True)
class Reading:
    """A text read once; ``masks`` are the tokens' concepts after phrases and negation."""

    extent: Extent
    lexicon: Lexicon
    chunks: list[str]
    entries: list[tuple[Token, ...]]
    tokens: list[Token]
    masks: list[int]
    sentences: list[Sentence]
    mask: int

    @property
    def stems(self) -> list[str]:
        """The words and marks of the text in order, without clitics."""
        return list(map(_STEM, self.tokens))

    def spans(self, runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Character offsets of runs of tokens, each given by its first and last token."""
        counts = list(accumulate(map(len, self.entries)))
        lengths = list(accumulate(map(len, self.chunks)))
        known: dict[int, tuple[int, int]] = {}

        def place(token: int) -> tuple[int, int]:
            found = known.get(token)
            if found is None:
                number = bisect_right(counts, token)
                chunk = self.chunks[number]
                shift = lengths[number] - len(chunk) + number
                first = counts[number] - len(self.entries[number])
                for step, (start, end) in enumerate(self.lexicon.places(chunk), first):
                    known[step] = shift + start, shift + end
                found = known[token]
            return found

        return [(place(first)[0], place(last)[1]) for first, last in runs]


def read(extent: Extent, lexicon: Lexicon) -> Reading:
    """Read a message: linear in its length."""
    chunks = extent.read.split(" ")
    entries = list(map(lexicon.__getitem__, chunks))
    tokens = list(chain.from_iterable(entries))
    masks = list(map(_MASK, tokens))
    roles = list(map(_ROLE, tokens))
    special = list(compress(count(), roles))
    _join_phrases(tokens, masks, roles, special)
    _negate(masks, roles, special, lexicon.fixed)
    mask = reduce(or_, masks, 0) | _compare(tokens, masks, lexicon)
    sentences = _sentences(masks, [p for p in special if roles[p] & SENTENCE_END])
    return Reading(extent, lexicon, chunks, entries, tokens, masks, sentences, mask)


def _join_phrases(
    tokens: list[Token], masks: list[int], roles: list[int], special: list[int]
) -> None:
    free, last = 0, len(tokens) - 1
    for start in special:
        if roles[start] & STARTS and free <= start < last:
            heads = tokens[start].phrases
            for second in tokens[start + 1].keys:
                if second in heads:
                    free = _join(heads[second], start, tokens, masks, roles)


def _join(
    phrases: tuple[Phrase, ...],
    start: int,
    tokens: list[Token],
    masks: list[int],
    roles: list[int],
) -> int:
    """Mark the phrases that stand here; returns where the next one may start."""
    for phrase in phrases:
        rest = phrase.rest
        end = start + 2 + len(rest)
        if rest and not (end <= len(tokens) and _follows(rest, tokens, start + 2)):
            continue
        if phrase.swallow:
            masks[start:end] = [0] * (end - start)
            roles[start:end] = [0] * (end - start)
        masks[start] |= phrase.mask
        roles[start] |= phrase.role
        if phrase.swallow:
            return end
    return 0


def _follows(rest: tuple[str, ...], tokens: list[Token], place: int) -> bool:
    return all(word in tokens[step].keys for step, word in enumerate(rest, place))


def _negate(masks: list[int], roles: list[int], special: list[int], fixed: int) -> None:
    for negator in special:
        if roles[negator] & NEGATOR:
            far = roles[negator] & FAR
            _shift(masks, roles, negator + 1, FAR_REACH if far else REACH, fixed)


def _shift(masks: list[int], roles: list[int], start: int, reach: int, fixed: int) -> None:
    for place in range(start, min(start + reach, len(masks))):
        if roles[place] & _STOP:
            return
        mask = masks[place]
        plain = mask & _BASE & ~fixed
        if plain:
            masks[place] = mask ^ plain | plain << NEGATED
            if reach == REACH:
                return


def _compare(tokens: list[Token], masks: list[int], lexicon: Lexicon) -> int:
    """Mark where less was received than written; returns the concept if so."""
    if not (any(map(lexicon.received.__and__, masks)) and any(map(lexicon.written.__and__, masks))):
        return 0
    lower = shortfall(tokens, masks, lexicon.written, lexicon.received)
    if lower < 0:
        return 0
    masks[lower] |= lexicon.bits["selisih_jumlah"]
    return lexicon.bits["selisih_jumlah"]


def _sentences(masks: list[int], ends: list[int]) -> list[Sentence]:
    sentences: list[Sentence] = []
    start = 0
    for end in (*ends, len(masks) - 1):
        if end >= start:
            part = reduce(or_, masks[start : end + 1])
            sentences.append(Sentence(start, end + 1, part))
            start = end + 1
    return sentences


def passages(reading: Reading, length: int) -> Iterator[Reading]:
    """Every ``length`` sentences in a row as a text of their own; only good for matching."""
    for first in range(len(reading.sentences) - length + 1):
        sentences = reading.sentences[first : first + length]
        start, end = sentences[0].start, sentences[-1].end
        yield replace(
            reading,
            tokens=reading.tokens[start:end],
            masks=reading.masks[start:end],
            sentences=[Sentence(s.start - start, s.end - start, s.mask) for s in sentences],
            mask=reduce(or_, (sentence.mask for sentence in sentences)),
        )
