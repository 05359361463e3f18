"""What a text is made of when it has been read: tokens that carry concepts as bits, and phrases.

A concept owns one bit; its negated reading owns the bit ``NEGATED`` places higher.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
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


NO_PHRASES: Mapping[str, tuple[Phrase, ...]] = MappingProxyType({})


@dataclass(slots=True, eq=False)
class Form:
    """How a word is written, and the phrases it may begin; one object for every place, never changed.

    ``phrases`` are listed under their second word, the longest first; ``keys`` are the names under
    which phrases know this word.
    """

    word: str
    keys: tuple[str, ...] = ()
    phrases: Mapping[str, tuple[Phrase, ...]] = field(default_factory=lambda: NO_PHRASES)
    value: float | None = None


class Token(NamedTuple):
    """A word or mark: its stem, its concepts, what it does to the sentence, and how it is written."""

    stem: str
    mask: int
    role: int
    form: Form

    @property
    def known(self) -> bool:
        """True where the vocabulary has anything to say about this word."""
        return bool(self.mask or self.role or self.form.phrases)


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
