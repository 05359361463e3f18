"""Amounts in a text, and whether less was received than was written or signed for."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from classify.normalise import multiple, numeral
from classify.tokens import NEGATED, Form

_REACH = 9
"""An amount belongs to the last word such as "tertulis" or "yang sampai" this close before it."""


class Named(NamedTuple):
    """An amount at a token, said to be written (True) or received (False)."""

    place: int
    value: float
    written: bool


def shortfall(forms: Sequence[Form], masks: Sequence[int], written: int, received: int) -> int:
    """The token of a received amount smaller than the written one named before it; -1 if none."""
    named = list(_named(forms, masks, written, received))
    for first, second in pairwise(named):
        low, high = (second, first) if first.written else (first, second)
        if first.written != second.written and low.value < high.value:
            return second.place
    return -1


def _named(
    forms: Sequence[Form], masks: Sequence[int], written: int, received: int
) -> Iterator[Named]:
    written |= written << NEGATED
    received |= received << NEGATED
    anchor, said = -_REACH, True
    for place, value in amounts(forms):
        for back in range(place, max(anchor, place - _REACH, -1), -1):
            if masks[back] & (written | received):
                anchor, said = back, bool(masks[back] & written)
                break
        if place - anchor < _REACH:
            yield Named(place, value, said)


def amounts(forms: Sequence[Form]) -> Iterator[tuple[int, float]]:
    """Each amount with its first token: digits or number words, with the units that follow."""
    place = 0
    while place < len(forms):
        start, value = place, forms[place].value
        if value is None:
            value = numeral(forms[place].word)
        place += 1
        if value is None:
            continue
        total, current = 0.0, value
        while place < len(forms):
            word = forms[place].word
            factor, digit = multiple(word), numeral(word)
            if factor > 1:
                current = max(current, 1) * factor
            elif digit is not None:
                total, current = total + current, digit
            else:
                break
            place += 1
        yield start, total + current
