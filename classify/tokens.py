"""What a text is made of when it has been read: tokens that carry concepts as bits, and phrases.

A concept owns one bit; its negated reading owns the bit ``NEGATED`` places higher.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

NEGATED = 400
BUILT_IN = (
    "angka",
    "jumlah_uang",
    "tanda_tanya",
    "tanda_seru",
    "tautan",
    "surel",
    "kutip",
    "selisih_jumlah",
)
SENTENCE_END, CLAUSE_END, NEGATOR, CONTRAST, FAR = 1, 2, 4, 8, 16


class Phrase(NamedTuple):
    """The words after the second one; ``swallow`` takes the words' own meanings away."""

    rest: tuple[str, ...]
    mask: int
    swallow: bool
    role: int


@dataclass(slots=True, eq=False)
class Token:
    """A word or mark: its concepts, what it does to the sentence, and the phrases it may begin.

    ``phrases`` are listed under their second word, the longest first; ``keys`` are the names under
    which phrases know this word. One object for all places where the same is written: never changed.
    """

    mask: int
    role: int
    stem: str
    keys: tuple[str, ...]
    phrases: Mapping[str, tuple[Phrase, ...]]
    value: float | None
    word: str

    @property
    def known(self) -> bool:
        """True where the vocabulary has anything to say about this word."""
        return bool(self.mask or self.role or self.phrases)


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning (konsep): roots with every affix, words as they stand, and phrases."""

    name: str
    roots: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    prefixes: frozenset[str] | None = None
    swallow: bool = False
    role: int = 0
    fixed: bool = False
