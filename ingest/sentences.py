"""A complaint's text in sentences, for a person to pick from. Pure.

Not the classifier's sentences: those end where a judgement ends, these where a reader would cut.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

_SHORT_LINE = 50  # characters: a shorter line was ended by its writer, not by a mail program
_CANDIDATE = re.compile(r"[.!?…]+[\"”\u2019')\]]*(?=\s)|\n")
_ITEM = re.compile(r"\s*(?:[-*•\u2013]|\(?(?:\d{1,2}|[a-zA-Z])[.)])\s")
_NUMBER_OF_ITEM = re.compile(r"(?:^|\n)\s*\(?(?:\d{1,2}|[a-zA-Z])$")
_LAST_WORD = re.compile(r"[\w./]+$")
_NEVER_LAST = frozenset(
    """
    a.n bp bpk br d.a ds dr drs dsn dst gg h hj hlm hp ir jl jln kab kec kel kep kk no nn ny pak prof
    prov rp rt rw s.d sdr sdri sk st tgl tlp telp tn u.p yth
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_SELDOM_LAST = frozenset(("dkk", "dll", "dsb"))  # only before a capital letter
_RANGE = re.compile(r"(\d{1,4})(?:\s*[-\u2013]\s*(\d{1,4}))?")


class Span(NamedTuple):
    """Characters ``start`` to ``end`` (excluded) of the text."""

    start: int
    end: int


def sentences(text: str) -> list[Span]:
    """Return where the sentences of a text stand, without the white space around them."""
    cuts = [match.end() for match in _CANDIDATE.finditer(text) if _ends(text, match)]
    spans = zip([0, *cuts], [*cuts, len(text)], strict=True)
    return [span for start, end in spans if (span := _trimmed(text, start, end))]


def picked(text: str, spans: Sequence[Span], numbers: Sequence[int]) -> str:
    """Return the sentences of these numbers, counted from 1; what stands together stays as it is."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "\n".join(text[spans[run[0] - 1].start : spans[run[-1] - 1].end] for run in runs)


def numbers_of(given: str, last: int) -> list[int]:
    """Return the numbers somebody means by ``1-3,5``, in order and each once. Raises ValueError."""
    found: set[int] = set()
    for piece in given.replace(";", ",").split(","):
        match = _RANGE.fullmatch(piece.strip())
        if match is None:
            raise ValueError(given)
        first = int(match[1])
        end = int(match[2] or first)
        if not 1 <= first <= end <= last:
            raise ValueError(given)
        found.update(range(first, end + 1))
    return sorted(found)


def told(numbers: Sequence[int]) -> str:
    """Return numbers as `numbers_of` reads them."""
    return ", ".join(_runs(numbers))


def _runs(numbers: Sequence[int]) -> Iterator[str]:
    start = 0
    for place, number in enumerate(numbers):
        if place + 1 == len(numbers) or numbers[place + 1] != number + 1:
            yield str(number) if place == start else f"{numbers[start]}-{number}"
            start = place + 1


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    first = start + len(piece) - len(piece.lstrip())
    last = start + len(piece.rstrip())
    return Span(first, last) if any(map(str.isalnum, piece)) else None


def _ends(text: str, match: re.Match[str]) -> bool:
    if match[0] == "\n":
        return _line_ends(text, match.start())
    if not match[0].startswith("."):
        return True
    before = text[: match.start()]
    word = _LAST_WORD.search(before[-20:])
    if word is None:
        return True
    last = word[0].casefold()
    if _NUMBER_OF_ITEM.search(before[-8:]) or last in _NEVER_LAST:
        return False
    if len(last) == 1 and last.isalpha():  # an initial
        return False
    return last not in _SELDOM_LAST or text[match.end() :].lstrip()[:1].isupper()


def _line_ends(text: str, place: int) -> bool:
    """Whether a line's end is a sentence's: an empty line or a list's item follows, or it was cut short."""
    rest = text[place + 1 :]
    line = text[text.rfind("\n", 0, place) + 1 : place].rstrip()
    following = rest.split("\n", 1)[0]
    if not line.strip() or not following.strip() or _ITEM.match(following):
        return True
    return len(line) < _SHORT_LINE and not line.endswith((",", "-"))
