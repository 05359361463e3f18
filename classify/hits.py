"""The words that made a rule or cue match, with their place in the text as given."""

from collections.abc import Iterator, Sequence

from classify.clauses import Reading
from classify.matching import Matched, Run
from classify.types import Hit


def hits_of(reading: Reading, matched: Sequence[Matched]) -> Iterator[Hit]:
    """One hit for each run of tokens."""
    named = [(match.rule.id, run) for match in matched for run in match.runs]
    yield from marked(reading, named)


def marked(reading: Reading, named: Sequence[tuple[str, Run]]) -> Iterator[Hit]:
    """Named runs of tokens as hits; without a place where they lie in the subject."""
    extent = reading.extent
    spans = reading.spans([run for _, run in named])
    for (name, _), (start, end) in zip(named, spans, strict=True):
        words = extent.read[start:end]
        if end <= extent.start:
            yield Hit(name, words, None, None)
        else:
            yield Hit(name, words, extent.place(start), extent.place(end - 1) + 1)
