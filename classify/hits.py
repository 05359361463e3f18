"""The words that made a rule or cue match, with their place in the text as given."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from classify.clauses import Reading
from classify.lexicon import Lexicon, keep, written
from classify.matching import Run
from classify.types import Hit


class Spans(dict[str, tuple[tuple[int, int], ...]]):
    """Start and end of each token in its chunk, by chunk; bounded like the lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        super().__init__()
        self._lexicon = lexicon

    def __missing__(self, chunk: str) -> tuple[tuple[int, int], ...]:
        spans = tuple((w.start, w.end) for w in written(chunk) for _ in self._lexicon.tokens(w))
        keep(self, chunk, spans)
        return spans


def marked(reading: Reading, spans: Spans, named: Iterable[tuple[str, Run]]) -> list[Hit]:
    """Named runs of tokens as hits; without a place where they lie in the subject."""
    counts = list(accumulate(map(len, reading.entries)))
    ends = list(accumulate(map(len, reading.chunks)))
    chunks, extent = reading.chunks, reading.extent

    def span(token: int) -> tuple[int, int]:
        number = bisect_right(counts, token)
        chunk = chunks[number]
        shift = ends[number] + number - len(chunk)
        start, end = spans[chunk][token - counts[number]]
        return shift + start, shift + end

    hits = []
    for name, (first, last) in named:
        start, end = span(first)
        if last != first:
            _, end = span(last)
        place = extent.given(start, end) or (None, None)
        hits.append(Hit(name, extent.read[start:end], *place))
    return hits
