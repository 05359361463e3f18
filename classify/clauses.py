"""A text as tokens in sentences and clauses, with phrases joined and negated words marked as such.

The frames of a clause: what a negator (tidak, belum, tusing) reaches is shifted to its negated
reading; a contrast (tapi, malah) or the end of the clause stops it; phrases such as "bukannya",
"tidak hanya" and "kalau tidak" are no negators, because the vocabulary swallows them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, compress, count, pairwise
from operator import or_

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
    Form,
    Phrase,
    Token,
)

REACH = 3
"""The first known word among so many after a negator (tidak) is negated, if the clause goes on."""
FAR_REACH = 5
"""So many words after bukan, tanpa and "tidak ada" are negated, if the clause goes on."""

_BASE = (1 << NEGATED) - 1
_STOP = CLAUSE_END | SENTENCE_END | CONTRAST


@dataclass(slots=True)
class Reading:
    """A text read once: ``masks`` are the tokens' concepts after phrases and negation, ``mask`` all.

    ``stems`` are its words and marks in order, without clitics; ``pairs`` are the places of two
    stems in a row that the vocabulary knows. ``ends`` are the sentences' ends (excluded),
    ``sentences`` the places of the tokens in them that carry concepts.
    """

    extent: Extent
    chunks: list[str]
    entries: list[tuple[Token, ...]]
    stems: tuple[str, ...]
    pairs: list[int]
    masks: list[int]
    ends: list[int]
    sentences: list[list[int]]
    mask: int


def read(extent: Extent, lexicon: Lexicon) -> Reading:
    """Read a message: linear in its length."""
    chunks = extent.read.split(" ")
    entries = list(map(lexicon.__getitem__, chunks))
    stems, start_masks, start_roles, forms = zip(*chain.from_iterable(entries), strict=True)
    masks, roles = list(start_masks), list(start_roles)
    rows = zip(stems, stems[1:], strict=False)  # noqa: RUF007 - pairwise takes half as long again
    pairs = list(compress(count(), map(lexicon.pairs.__contains__, rows)))
    _join_phrases(forms, masks, roles, pairs)
    ends = _framed(masks, roles, lexicon.fixed)
    mask = reduce(or_, filter(None, masks), 0)
    if mask & lexicon.written and mask & lexicon.received:
        mask |= _compare(forms, masks, lexicon)
    return Reading(
        extent, chunks, entries, stems, pairs, masks, ends, _sentences(masks, ends), mask
    )


def _join_phrases(
    forms: Sequence[Form], masks: list[int], roles: list[int], pairs: Iterable[int]
) -> None:
    free = 0
    for start in pairs:
        heads = forms[start].phrases
        if heads and free <= start:
            for second in forms[start + 1].keys:
                if second in heads:
                    free = max(free, _join(heads[second], start, forms, masks, roles))


def _join(
    phrases: tuple[Phrase, ...],
    start: int,
    forms: Sequence[Form],
    masks: list[int],
    roles: list[int],
) -> int:
    """Mark the phrases that stand here; returns where the next one may start."""
    third = forms[start + 2].keys if start + 2 < len(forms) else ()
    for rest, mask, swallow, role in phrases:
        if rest and not (rest[0] in third and _follow(rest, forms, start + 2)):
            continue
        if swallow:
            end = start + 2 + len(rest)
            masks[start:end] = roles[start:end] = [0] * (end - start)
        masks[start] |= mask
        roles[start] |= role
        if swallow:
            return end
    return 0


def _follow(words: tuple[str, ...], forms: Sequence[Form], start: int) -> bool:
    there = forms[start : start + len(words)]
    return len(there) == len(words) and all(
        word in form.keys for word, form in zip(words, there, strict=True)
    )


def _framed(masks: list[int], roles: list[int], fixed: int) -> list[int]:
    """Negate what negators reach; returns where sentences end."""
    ends = []
    turned = _BASE & ~fixed
    for place in compress(count(), roles):
        role = roles[place]
        if role & NEGATOR:
            _negate(masks, roles, place + 1, FAR_REACH if role & FAR else REACH, turned)
        elif role & SENTENCE_END:
            ends.append(place + 1)
    if masks and not (ends and ends[-1] == len(masks)):
        ends.append(len(masks))
    return ends


def _negate(masks: list[int], roles: list[int], start: int, reach: int, turned: int) -> None:
    for place in range(start, min(start + reach, len(masks))):
        if roles[place] & _STOP:
            return
        mask = masks[place]
        plain = mask & turned
        if plain:
            masks[place] = mask ^ plain | plain << NEGATED
            if reach == REACH:
                return


def _compare(forms: Sequence[Form], masks: list[int], lexicon: Lexicon) -> int:
    """Mark where less was received than written; returns the concept if so."""
    lower = shortfall(forms, masks, lexicon.written, lexicon.received)
    if lower < 0:
        return 0
    masks[lower] |= lexicon.bits["selisih_jumlah"]
    return lexicon.bits["selisih_jumlah"]


def _sentences(masks: list[int], ends: list[int]) -> list[list[int]]:
    places = list(compress(count(), masks))
    cuts = [bisect_left(places, end) for end in ends]
    return [places[start:end] for start, end in pairwise((0, *cuts))]


def passages(reading: Reading, length: int) -> Iterator[Reading]:
    """Every ``length`` sentences in a row as a text of their own; only good for matching."""
    starts = [0, *reading.ends]
    for first in range(len(reading.ends) - length + 1):
        start, end = starts[first], starts[first + length]
        yield replace(
            reading,
            stems=reading.stems[start:end],
            pairs=[place - start for place in reading.pairs if start <= place < end - 1],
            sentences=reading.sentences[first : first + length],
            mask=reduce(or_, filter(None, reading.masks[start:end]), 0),
        )
