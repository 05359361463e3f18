"""The words that made a rule or cue match, with their place in the text as given."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classify.clauses import Reading
from classify.rules import Rule
from classify.types import Hit


@dataclass(frozen=True, slots=True)
class Matched:
    """A rule that matched, with the runs of tokens it matched."""

    rule: Rule
    runs: tuple[tuple[int, int], ...]


def hits_of(reading: Reading, matched: Sequence[Matched], shift: int) -> Iterator[Hit]:
    """One hit for each run of tokens; ``shift`` is where the text begins behind the subject."""
    named = [(match.rule.id, run) for match in matched for run in match.runs]
    yield from marked(reading, named, shift)


def marked(
    reading: Reading, named: Sequence[tuple[str, tuple[int, int]]], shift: int
) -> Iterator[Hit]:
    """Named runs of tokens as hits; without a place where they lie in the subject."""
    spans = reading.spans([run for _, run in named])
    for (name, _), (start, end) in zip(named, spans, strict=True):
        words = reading.text[start:end]
        if end <= shift:
            yield Hit(name, words, None, None)
        else:
            yield Hit(name, words, start - shift, end - shift)
