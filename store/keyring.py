"""Keys that stand outside the database: what they seal, and what is derived from them.

A key file has one line for each key, ``id base64``, the newest last: that one seals, all of them open.
The line ``lookup`` is never exchanged: hashes by which sealed values are found are made with it.
"""

import base64
import binascii
import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from store.errors import KeyFileWrong, KeyUnknown, SealBroken

MARK = b"\xff"  # begins neither UTF-8 nor a zlib stream: what begins with it is sealed
_LOOKUP = "lookup"
_ID = 4  # bytes
_NONCE = (
    12  # bytes; random ones repeat with a chance of 2**-32 after 2**32 values (NIST SP 800-38D)
)
_KEY = 32  # bytes: AES-256
_BEGIN = len(MARK) + _ID
_LINE = re.compile(r"(lookup|[0-9a-f]{8})\s+([A-Za-z0-9+/=]{44})")
_HASH = 16  # bytes
_LARGEST = 2**61 - 2


class Keyring:
    """Keys by their ids, the newest last. Safe to share between threads; printing it shows no key."""

    def __init__(self, keys: Mapping[str, bytes], lookup: bytes) -> None:
        self._keys = dict(keys)
        self._lookup = lookup
        self.ids = tuple(keys)
        self.current = self.ids[-1]
        self._ciphers = {bytes.fromhex(name): AESGCM(key) for name, key in keys.items()}
        self._sealing = self._ciphers[bytes.fromhex(self.current)]
        self._head = MARK + bytes.fromhex(self.current)

    @classmethod
    def fresh(cls) -> "Keyring":
        """Return new keys."""
        return cls({_new_id(): secrets.token_bytes(_KEY)}, secrets.token_bytes(_KEY))

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read a key file. Raises KeyFileWrong."""
        keys: dict[str, bytes] = {}
        for place, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.lstrip().startswith("#"):
                name, key = _read(line, place)
                keys[name] = key
        lookup = keys.pop(_LOOKUP, None)
        if lookup is None or not keys:
            raise KeyFileWrong(line="-")
        return cls(keys, lookup)

    def lines(self) -> list[str]:
        """Return the lines of its file. Whoever reads them can read everything."""
        keys = {_LOOKUP: self._lookup, **self._keys}
        return [f"{name} {base64.b64encode(key).decode()}" for name, key in keys.items()]

    def rotated(self) -> "Keyring":
        """Return these keys and a new one, which seals from now on."""
        return Keyring({**self._keys, _new_id(): secrets.token_bytes(_KEY)}, self._lookup)

    def newest(self) -> "Keyring":
        """Return the newest key alone."""
        return Keyring({self.current: self._keys[self.current]}, self._lookup)

    def seal(self, contents: Iterable[bytes], about: bytes) -> list[bytes]:
        """Seal values that stand in ``about`` (table.column): elsewhere they cannot be opened."""
        contents = list(contents)
        chance = os.urandom(_NONCE * len(contents))  # asked for once: it costs as much as a cipher
        encrypt, head, nonces = self._sealing.encrypt, self._head, _pieces(chance)
        return [
            head + nonce + encrypt(nonce, content, about)
            for nonce, content in zip(nonces, contents, strict=True)
        ]

    def unseal(self, stored: bytes, about: bytes) -> bytes:
        """Open a value. Raises KeyUnknown, and SealBroken for what was changed or moved."""
        cipher = self._ciphers.get(stored[len(MARK) : _BEGIN])
        if cipher is None:
            raise KeyUnknown(used=sealed_with(stored), known=", ".join(self.ids))
        nonce, content = stored[_BEGIN : _BEGIN + _NONCE], stored[_BEGIN + _NONCE :]
        try:
            return cipher.decrypt(nonce, content, about)
        except (InvalidTag, ValueError):
            raise SealBroken(place=about.decode(), used=sealed_with(stored)) from None

    def derived(self, purpose: str) -> bytes:
        """Return a key of 32 bytes for one purpose, which stays the same when keys are exchanged."""
        return HKDF(SHA256(), _KEY, salt=None, info=f"muara {purpose}".encode()).derive(
            self._lookup
        )

    def hashed(self, text: str) -> str:
        """Return the keyed hash by which a sealed text is found."""
        return hashlib.blake2b(text.encode(), key=self._finding, digest_size=_HASH).hexdigest()

    def numbered(self, number: int) -> int:
        """Return a keyed hash that fits a database's integers and is never 0, as a number that is one too."""
        hashed = hashlib.blake2b(b"%d" % number, key=self._finding, digest_size=8).digest()
        return int.from_bytes(hashed) % _LARGEST + 1

    @cached_property
    def _finding(self) -> bytes:
        return self.derived("lookup")

    def __repr__(self) -> str:
        """Show ids only."""
        return f"Keyring({', '.join(self.ids)})"


def sealed_with(stored: bytes) -> str:
    """Return the id of the key a value was sealed with."""
    return stored[len(MARK) : _BEGIN].hex()


def _pieces(chance: bytes) -> Iterable[bytes]:
    return (chance[at : at + _NONCE] for at in range(0, len(chance), _NONCE))


def _new_id() -> str:
    return secrets.token_hex(_ID)


def _read(line: str, place: int) -> tuple[str, bytes]:
    found = _LINE.fullmatch(line.strip())
    try:
        key = base64.b64decode(found[2], validate=True) if found else b""
    except binascii.Error:
        key = b""
    if found is None or len(key) != _KEY:
        raise KeyFileWrong(line=place)  # never the line itself
    return found[1], key
