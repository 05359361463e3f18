"""Ticket numbers people can say on the phone: ``MR-7K3F-9Q2``.

Seven characters of an alphabet of seventeen. No vowels (no words come out), nothing that looks like
another (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B), and of the letters whose Indonesian names sound alike (be ce
de ge je pe te; em en; ef es; ha ka) only ones that can be told apart. Six characters are random, the
last is a check: the weighted sum of all seven is 0 modulo 17. Seventeen is prime and the weights
differ, so every single wrong character and every swap of two characters is noticed.
"""

import secrets
import unicodedata

PREFIX = "MR"
ALPHABET = "23456789FKMQRTWXY"
_BASE = len(ALPHABET)
_RANDOM = 6
_LENGTH = _RANDOM + 1
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# What people write or hear instead of ours. The check character decides whether it was meant.
_ALIKE = str.maketrans("O0DIL1JZSGBANHVP", "QQQ777725684MKFF")


def new_number() -> str:
    """Return a fresh random number. It says nothing about the one before."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_RANDOM))
    return _shown(body + _check(body))


def normalise(text: str) -> str | None:
    """Return the number somebody wrote or said, in its one form, or None if it cannot be one.

    Accepts lower case, spaces, missing or other dashes, a missing prefix, and look-alikes.
    """
    plain = _plain(text)
    if len(plain) == len(PREFIX) + _LENGTH and plain.startswith(PREFIX):
        plain = plain[len(PREFIX) :]
    body = plain.translate(_ALIKE)
    if len(body) != _LENGTH or not set(body) <= set(ALPHABET) or _sum(body) != 0:
        return None
    return _shown(body)


def folded(text: str) -> str:
    """Return the characters of the alphabet that somebody meant; what cannot be one stays as it is."""
    return _plain(text).translate(_ALIKE)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c.isalnum())


def _shown(body: str) -> str:
    return f"{PREFIX}-{body[:4]}-{body[4:]}"


def _sum(body: str) -> int:
    return sum(weight * _VALUE[c] for weight, c in enumerate(reversed(body), start=1)) % _BASE


def _check(body: str) -> str:
    return ALPHABET[-_sum(body + ALPHABET[0]) % _BASE]
