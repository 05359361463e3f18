"""Reading words as people type them: each spelling is tried until the vocabulary knows it.

Words are normalised one by one and keep their place in the text, so no offset ever shifts.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u0300-\u036f]")
_RUN = re.compile(r"(.)\1{2,}")
_PAIR = re.compile(r"([a-z])\1")
_DOUBLED = re.compile(r"([a-z]{2,})-(\1)([a-z]*)")
_TWICE = re.compile(r"([a-z]{2,})[2\"]([a-z]*)")
_LEET = str.maketrans("0134578@$", "oieastbas")
_HAS_LEET = re.compile(r"[0134578@$]")

_WORD = re.compile(
    r"(?P<link>https?://\S+|www\.\S+|\w[\w.-]{0,60}\.(?:com|id|ly|me|org|net|info|xyz|click|example)\b\S*)"
    r"|(?P<mail>[\w.+-]{1,64}@[\w-]+\.[\w.-]+)"
    r"|(?P<number>(?:rp\.?|idr)?[ \t]*\d+(?:[.,:/]\d+)*(?:,-)?[^\W\d_]*)"
    r"|(?P<word>[@$]?\w[\w\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u0300-\u036f@$]*(?:['\u2019`]\w+)*(?:-\w+)*)"
    r"|(?P<mark>\n(?:[ \t\r]*\n)+|[.?!;\u2026]+|([^\w\s\x00-\x1f\x7f])\6*|\n)",
    re.IGNORECASE,
)
_LINES = re.compile(r"(\n(?:[ \t\r]*\n)*)")
_MARKS = frozenset(".,?!:;")
_AMOUNT = re.compile(r"(rp\.?|idr)?[ \t]*(\d+(?:[.,:/]\d+)*)(?:,-)?([a-z]*)")
_MULTIPLE = {
    "rb": 1_000, "ribu": 1_000, "k": 1_000, "rbu": 1_000, "rban": 1_000, "ribuan": 1_000,
    "jt": 1_000_000, "juta": 1_000_000, "jutaan": 1_000_000, "jtan": 1_000_000,
    "m": 1_000_000_000, "miliar": 1_000_000_000, "milyar": 1_000_000_000,
    "ratus": 100, "puluh": 10, "tali": 1_000,
}  # fmt: skip
_THOUSAND = 1_000
_NUMERALS = {
    "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8,
    "sembilan": 9, "sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1_000,
    "sejuta": 1_000_000, "selikur": 21, "selae": 25, "seket": 50, "satak": 200, "samas": 400,
    "siu": 1_000,
}  # fmt: skip
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


class Word(NamedTuple):
    """A word or mark with its place in the chunk it came from; ``sort`` is link, mail, number, word or mark."""

    text: str
    start: int
    end: int
    sort: str


class Amount(NamedTuple):
    """A written number; ``money`` where it has a currency or a money unit."""

    value: float
    money: bool


def words(chunk: str) -> list[Word]:
    """Split a chunk of text into words and marks, cleaned of case, width and invisible characters."""
    if chunk.isalpha():
        return [Word(clean(chunk), 0, len(chunk), "word")]
    end = len(chunk) - 1
    if chunk[-1:] in _MARKS and chunk[:end].isalpha():
        return [Word(clean(chunk[:end]), 0, end, "word"), Word(chunk[end:], end, end + 1, "mark")]
    return [_word(found) for found in _WORD.finditer(chunk)]


def _word(found: re.Match[str]) -> Word:
    sort = found.lastgroup or "mark"
    text = found.group() if sort == "mark" else clean(found.group())
    return Word(text, found.start(), found.end(), sort)


def lines(chunk: str) -> list[str]:
    """The pieces of a chunk between line breaks, and these; joined they are the chunk."""
    return [piece for piece in _LINES.split(chunk) if piece]


def clean(word: str) -> str:
    """Lower case, compatibility forms folded (NFKC), invisible and combining characters gone."""
    if word.isascii():
        return word.lower()
    folded = unicodedata.normalize("NFKC", word).lower()
    return _INVISIBLE.sub("", unicodedata.normalize("NFKD", folded)).replace("\u2019", "'")


def spellings(word: str) -> Iterator[str]:
    """Other words a written one may stand for: the likeliest first, the word itself not among them."""
    if word.isalpha() and not _PAIR.search(word):
        return
    found = _DOUBLED.fullmatch(word) or _TWICE.fullmatch(word)
    if found:
        yield found.group(1) + found.group(found.lastindex or 0)
        yield found.group(1)
    if _RUN.search(word):
        yield _RUN.sub(r"\1", word)
    if _HAS_LEET.search(word):
        yield word.translate(_LEET)
    if _PAIR.search(word):
        yield _PAIR.sub(r"\1", word)
    if "-" in word:
        yield word.replace("-", "")


def amount(word: str) -> Amount | None:
    """Read a number such as 200rb, Rp200.000, 2,5jt or 25; None where the word is not one."""
    found = _AMOUNT.fullmatch(word)
    if not found:
        return None
    currency, digits, unit = found.groups()
    if unit and unit not in _MULTIPLE:
        return None
    value = _value(digits)
    if value is None:
        return None
    multiple = _MULTIPLE.get(unit, 1)
    return Amount(
        value * multiple, bool(currency) or multiple >= _THOUSAND or value >= 10 * _THOUSAND
    )


def multiple(word: str) -> int:
    """The factor of a unit that follows a number (ribu, juta); 1 where it is none."""
    return _MULTIPLE.get(word, 1)


def _value(digits: str) -> float | None:
    if _THOUSANDS.fullmatch(digits):
        return float(digits.replace(".", "").replace(",", ""))
    if digits.count(".") + digits.count(",") > 1 or ":" in digits or "/" in digits:
        return None
    return float(digits.replace(",", "."))


def numeral(word: str) -> int | None:
    """The value of a number word (satu, lima, sepuluh, seratus); None where it is none."""
    return _NUMERALS.get(word)
