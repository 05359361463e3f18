"""How alike are two complaints, and by which keys does a case find those like it without asking all? Pure.

Texts find each other by MinHash in bands (Broder 1997): of two texts that share half of all their
words, some band agrees in 99 of 100 cases, of a third in 70, of a twentieth in one of 250. What was
found is then compared by rapidfuzz.
"""

import re
import unicodedata
from hashlib import blake2b

from rapidfuzz.fuzz import token_set_ratio, token_sort_ratio

from ingest.people import mailbox
from store.types import Comparable

_WORD = re.compile(r"[^\W_]+")
_LENGTH = 3000  # characters that are compared
_FEW = 6  # of so few words, nearly any longer text has all
_FEWEST = 3
_BANDS, _ROWS = 32, 3
_PRIME = (1 << 61) - 1
# Words of greetings and grammar, which all complaints share.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "yth bapak ibu sdr saudara selamat pagi siang sore malam dengan hormat terima kasih mohon "
        "tolong yang dan di ke dari untuk pada ini itu saya kami kita anda ada adalah akan atau oleh "
        "karena sudah belum tidak juga agar dalam sebagai bisa dapat telah lagi masih sangat hal "
        "tersebut nya om swastiastu assalamualaikum wr wb salam the and of to in is a",
    )
)


def words_of(text: str) -> list[str]:
    """Return the words that say something, in one form, as they come."""
    spread = unicodedata.normalize("NFKD", text[:_LENGTH])
    plain = "".join(c for c in spread if not unicodedata.combining(c)).casefold()
    return [word for word in _WORD.findall(plain) if word not in _COMMON]


def likeness(one: str, other: str) -> int:
    """Return how alike two texts are in percent, whatever the order of their words.

    Of two texts of very different length, what the shorter says counts, unless it says next to nothing.
    """
    mine, theirs = words_of(one), words_of(other)
    fewest = min(len(set(mine)), len(set(theirs)))
    if fewest < _FEWEST:
        return 100 if mine and mine == theirs else 0
    ratio = token_sort_ratio if fewest < _FEW else token_set_ratio
    return int(ratio(" ".join(mine), " ".join(theirs)))


def phone(written: str) -> str:
    """Return a telephone number in its domestic form, empty where it cannot be one."""
    digits = "".join(c for c in written if c.isdecimal() and c.isascii()).removeprefix("00")
    domestic = f"0{digits[2:]}" if digits.startswith("62") else digits
    return domestic if len(domestic) >= 7 else ""  # noqa: PLR2004 - the shortest numbers of Indonesia


def person_keys(case: Comparable) -> list[int]:
    """Return keys that cases of the same telephone or mail address share."""
    told = [("phone", phone(case.phone)), ("mail", mailbox(case.email) if case.email else "")]
    return [_hash(f"{kind}:{value}") for kind, value in told if value]


def text_keys(case: Comparable) -> list[int]:
    """Return keys of which cases with similar words share some."""
    words = set(words_of(case.words))
    if len(words) < _FEWEST:
        return []
    hashes = [_hash(word) for word in words]
    least = [min((a * h + b) % _PRIME for h in hashes) for a, b in _PERMUTATIONS]
    bands = (least[at : at + _ROWS] for at in range(0, len(least), _ROWS))
    return [_hash(f"band:{place}:{band}") for place, band in enumerate(bands)]


def _hash(text: str) -> int:
    """A positive number below 2**61: fits the databases' integers, is never 0."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest()) % (_PRIME - 1) + 1


_PERMUTATIONS = [(_hash(f"a{n}"), _hash(f"b{n}")) for n in range(_BANDS * _ROWS)]
