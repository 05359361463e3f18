"""The words that made a rule or cue match, with their place in the text as given."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from classify.clauses import Reading
from classify.lexicon import Lexicon
from classify.matching import Run
from classify.types import Hit


def marked(reading: Reading, lexicon: Lexicon, named: Sequence[tuple[str, Run]]) -> Iterator[Hit]:
    """Named runs of tokens as hits; without a place where they lie in the subject."""
    extent = reading.extent
    counts = list(accumulate(map(len, reading.entries)))
    ends = list(accumulate(map(len, reading.chunks)))

    def place(token: int) -> tuple[int, int]:
        number = bisect_right(counts, token)
        chunk = reading.chunks[number]
        start, end = lexicon.places(chunk)[token - counts[number]]
        shift = ends[number] - len(chunk) + number
        return shift + start, shift + end

    for name, (first, last) in named:
        start, end = place(first)
        if last != first:
            end = place(last)[1]
        words = extent.read[start:end]
        if end <= extent.start:
            yield Hit(name, words, None, None)
        else:
            yield Hit(name, words, extent.place(start), extent.place(end - 1) + 1)
