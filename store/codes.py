"""Secret codes on receipts: ``4K7-Q2X-9TM``, to be read out and written down like a ticket number.

Nine characters of the alphabet of `store.numbers`: eight are random (33 bits), the last is a check by
which a slip of the pen is told from a guess. Only a slow salted hash is kept (scrypt, RFC 7914).
"""

import hashlib
import hmac
import secrets

from store.numbers import ALPHABET, folded

_LENGTH = 9
_GROUP = 3
_SALT = 16  # bytes
_COST, _BLOCK, _PARALLEL = 2**15, 8, 1  # 32 MB and about a tenth of a second
_MEMORY = 2 * 128 * _COST * _BLOCK  # bytes that OpenSSL may take
_BASE = len(ALPHABET)


def new_code() -> str:
    """Return a fresh code."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))
    return _shown(body + ALPHABET[-_sum(body + ALPHABET[0]) % _BASE])


def normalise(text: str) -> str | None:
    """Return the code somebody wrote or said in its one form, or None if it cannot be one."""
    body = folded(text)
    if len(body) != _LENGTH or not set(body) <= set(ALPHABET) or _sum(body) != 0:
        return None
    return _shown(body)


def hashed(code: str) -> str:
    """Return what may be kept of a code."""
    salt = secrets.token_bytes(_SALT)
    return f"scrypt${_COST}${_BLOCK}${_PARALLEL}${salt.hex()}${_scrypt(code, salt)}"


def fits(code: str, kept: str) -> bool:
    """Whether a code is the one a hash was kept of. Without one it takes as long, and is not."""
    *_, salt, digest = kept.split("$") if kept else ("", bytes(_SALT).hex(), "")
    return hmac.compare_digest(_scrypt(code, bytes.fromhex(salt)), digest)


def _scrypt(code: str, salt: bytes) -> str:
    digest = hashlib.scrypt(
        code.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL, maxmem=_MEMORY, dklen=32
    )
    return digest.hex()


def _shown(body: str) -> str:
    return "-".join(body[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def _sum(body: str) -> int:
    return sum(weight * ALPHABET.index(c) for weight, c in enumerate(reversed(body), 1)) % _BASE
