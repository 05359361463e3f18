"""A text as tokens in sentences and clauses, with phrases joined and negated words marked as such.

The frames of a clause: what a negator (tidak, belum, tusing) reaches is shifted to its negated
reading; a contrast (tapi, malah) or the end of the clause stops it; phrases such as "bukannya",
"tidak hanya" and "kalau tidak" are no negators, because the vocabulary swallows them.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, chain
from operator import itemgetter, or_
from typing import NamedTuple

from classify.amounts import shortfall
from classify.lexicon import (
    CLAUSE_END,
    CONTRAST,
    FAR,
    NEGATED,
    NEGATOR,
    SENTENCE_END,
    STARTS,
    Lexicon,
    Token,
)

REACH = 3
"""The first known word among so many after a negator (tidak) is negated, if the clause goes on."""
FAR_REACH = 5
"""So many words after bukan, tanpa and "tidak ada" are negated, if the clause goes on."""

_BASE = (1 << NEGATED) - 1
_MASK = itemgetter(Token._fields.index("mask"))
_STEM = itemgetter(Token._fields.index("stem"))
_ROLE = itemgetter(Token._fields.index("role"))


class Sentence(NamedTuple):
    """Tokens ``start`` to ``end`` (excluded) and the concepts among them."""

    start: int
    end: int
    mask: int


@dataclass(slots=True)
class Reading:
    """A text read once; ``masks`` are the tokens' concepts after phrases and negation."""

    text: str
    chunks: list[str]
    entries: list[tuple[Token, ...]]
    tokens: list[Token]
    masks: list[int]
    sentences: list[Sentence]
    mask: int

    @property
    def stems(self) -> set[str]:
        """The different words of the text, without clitics."""
        return set(map(_STEM, self.tokens))

    def spans(self, runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Character offsets of runs of tokens, each given by its first and last token."""
        counts = list(accumulate(map(len, self.entries)))
        starts = [0, *accumulate(len(chunk) + 1 for chunk in self.chunks)]
        tokens = self.tokens

        def shift(token: int) -> int:
            return starts[bisect_right(counts, token)]

        return [
            (shift(first) + tokens[first].start, shift(last) + tokens[last].end)
            for first, last in runs
        ]


def read(text: str, lexicon: Lexicon) -> Reading:
    """Read a text: linear in its length."""
    chunks = text.split(" ")
    entries = list(map(lexicon.__getitem__, chunks))
    tokens = list(chain.from_iterable(entries))
    masks = list(map(_MASK, tokens))
    roles = list(map(_ROLE, tokens))
    special = [place for place, role in enumerate(roles) if role]
    _join_phrases(tokens, masks, roles, [p for p in special if roles[p] & STARTS])
    _negate(masks, roles, [p for p in special if roles[p] & NEGATOR], lexicon.fixed)
    if lexicon.written and any(mask & lexicon.written for mask in masks):
        lower = shortfall(tokens, masks, lexicon.written, lexicon.received)
        if lower >= 0:
            masks[lower] |= lexicon.bits["selisih_jumlah"]
    sentences = _sentences(masks, [p for p in special if roles[p] & SENTENCE_END])
    mask = reduce(or_, (sentence.mask for sentence in sentences), 0)
    return Reading(text, chunks, entries, tokens, masks, sentences, mask)


def _join_phrases(
    tokens: list[Token], masks: list[int], roles: list[int], starts: list[int]
) -> None:
    swallowed = 0
    for start in starts:
        if start < swallowed:
            continue
        for phrase in tokens[start].phrases:
            if not _follows(phrase.rest, tokens, start + 1):
                continue
            if phrase.swallow:
                swallowed = start + 1 + len(phrase.rest)
                masks[start:swallowed] = [0] * (swallowed - start)
                roles[start:swallowed] = [0] * (swallowed - start)
            masks[start] |= phrase.mask
            roles[start] |= phrase.role
            if phrase.swallow:
                break


def _follows(rest: tuple[str, ...], tokens: list[Token], place: int) -> bool:
    if place + len(rest) > len(tokens):
        return False
    return all(word in tokens[place + step].keys for step, word in enumerate(rest))


def _negate(masks: list[int], roles: list[int], negators: list[int], fixed: int) -> None:
    stop = CLAUSE_END | SENTENCE_END | CONTRAST
    for negator in negators:
        far = roles[negator] & FAR
        reach = FAR_REACH if far else REACH
        for place in range(negator + 1, min(negator + 1 + reach, len(masks))):
            if roles[place] & stop:
                break
            mask = masks[place]
            plain = mask & _BASE & ~fixed
            if plain:
                masks[place] = mask ^ plain | plain << NEGATED
                if not far:
                    break


def _sentences(masks: list[int], ends: list[int]) -> list[Sentence]:
    sentences = []
    start = 0
    for end in (*ends, len(masks) - 1):
        if end >= start:
            part = reduce(or_, masks[start : end + 1], 0)
            sentences.append(Sentence(start, end + 1, part))
            start = end + 1
    return sentences
