"""How much of a message is read: a bounded part of it, so that no message takes long.

The matter of a long letter stands at its beginning and is summed up at its end.
"""

from typing import NamedTuple

from classify.quoted import without_quoted

SUBJECT = 1_000
HEAD = 20_000
TAIL = 5_000
"""So many characters are read of the subject, and of the beginning and the end of a longer text."""
_BREAK = " \n\n "
_LONGEST_WORD = 50
_NOWHERE = 1 << 60


class Extent(NamedTuple):
    """What is read of a message, and where its characters stand in the text as given.

    In ``read`` the text's character ``first`` stands at ``start``, behind the subject. Where a part
    is left out (not ``whole``), the character ``again`` of the text's end stands at ``tail``.
    """

    read: str
    start: int
    first: int
    tail: int = _NOWHERE
    again: int = 0

    @property
    def whole(self) -> bool:
        """True where nothing but blanks and quotations is left out of the text."""
        return self.tail == _NOWHERE

    def given(self, start: int, end: int) -> tuple[int, int] | None:
        """The places of some characters in the text as given; None in the subject."""
        if end <= self.start:
            return None
        shift = self.first - self.start
        if end <= self.tail:
            return start + shift, end + shift
        behind = self.again - self.tail
        return start + (shift if start < self.tail else behind), end + behind


def extent(subject: str, text: str) -> Extent:
    """Choose what to read of a message; quoted mail and signatures are blanked."""
    before = subject[:SUBJECT] + _BREAK
    kept = without_quoted(text)
    if len(kept) <= HEAD + TAIL:
        return Extent(before + kept, len(before), 0)
    first, last = len(kept) - len(kept.lstrip()), len(kept.rstrip())
    if last - first <= HEAD + TAIL:
        return Extent(before + kept[first:last], len(before), first)
    end, again = _word_end(kept, first + HEAD), _word_end(kept, last - TAIL)
    read = before + kept[first:end] + _BREAK
    return Extent(read + kept[again:last], len(before), first, len(read), again)


def _word_end(text: str, place: int) -> int:
    """The first space from a place on, so that no word is cut; the place itself in a long chunk."""
    found = text.find(" ", place, place + _LONGEST_WORD)
    return place if found < 0 else found
