"""Column types for what says who somebody is or what they wrote: sealed in the database, plain in the program.

The keys reach the types by the engine's dialect, of which every `Database` has its own. Without keys
(tests of lower layers) values are stored as they are. Empty texts, ``{}`` and ``[]`` are never sealed:
that somebody gave no telephone number is no secret, and most columns of most rows are empty.
Sealed columns can be compared with "" only; what has to be found by its value gets a `Keyed` column
beside it, with the hash.
"""

import json
import re
from collections.abc import Sequence
from operator import eq, ne
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Engine, LargeBinary, Text
from sqlalchemy.sql.operators import is_, is_not
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.columns import canonical, clean
from store.errors import KeyMissing
from store.keyring import MARK, Keyring

_KEYRING = "muara_keyring"
UNSEALED = (None, b"", b"{}", b"[]")
KEYED_LENGTH = 33
_KEYED = re.compile(r"#[0-9a-f]{32}")


def give(engine: Engine, keyring: Keyring | None) -> None:
    """Let the types of an engine seal and unseal."""
    vars(engine.dialect)[_KEYRING] = keyring


def keyring_of(dialect: Dialect) -> Keyring | None:
    """Return the keys that were given to an engine."""
    keyring: Keyring | None = vars(dialect).get(_KEYRING)
    return keyring


def keyed(dialect: Dialect, text: str) -> str:
    """Return the form in which a `Keyed` column holds a text; what has the form already stays."""
    keyring = keyring_of(dialect)
    if keyring is None or not text or _KEYED.fullmatch(text):
        return text
    return f"#{keyring.hashed(text)}"


class AsStored(TypeDecorator[Any]):
    """What stands in a sealed column, untouched: for looking at seals and for exchanging them."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """SQLite holds text and bytes in one column, as they come."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else LargeBinary())


def _is_column(other: Any) -> bool:
    return isinstance(other, ColumnElement)


class _OnlyEmpty(TypeDecorator.Comparator[Any]):
    """Keeps what has no meaning for sealed values from being asked of the database."""

    def operate(self, op: Any, *other: Any, **options: Any) -> Any:
        """Compare with "" or NULL. Raises TypeError for anything else."""
        # SQLAlchemy itself looks for a column among others by ==.
        if op in (is_, is_not) or (op in (eq, ne) and (_is_column(other[0]) or other[0] == "")):
            return super().operate(op, *other, **options)
        raise TypeError(f"a sealed column cannot be asked for {getattr(op, '__name__', op)}")


class Opaque(AsStored):
    """What all sealed types share. ``about`` is table.column, and part of every seal."""

    comparator_factory = _OnlyEmpty

    def __init__(self, about: str) -> None:
        super().__init__()
        self.about = about
        self._about = about.encode()

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Seal."""
        return self.stored([value], dialect)[0]

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Unseal. Raises KeyMissing, KeyUnknown, SealBroken."""
        return None if value is None else self.from_bytes(self.opened(value, dialect))

    def stored(self, values: Sequence[Any], dialect: Dialect) -> list[Any]:
        """Return values as the database is to hold them; many at once cost less."""
        contents = [None if value is None else self.to_bytes(value) for value in values]
        keyring = keyring_of(dialect)
        sealable = [one for one in contents if keyring and one not in UNSEALED]
        sealed = iter(keyring.seal(sealable, self._about) if keyring else ())
        plain = self.plain if dialect.name == "sqlite" else bytes
        return [
            None if one is None else next(sealed) if keyring and one not in UNSEALED else plain(one)
            for one in contents
        ]

    def opened(self, value: Any, dialect: Dialect) -> bytes:
        """Return the bytes of what the database holds, sealed or not."""
        content: bytes = value.encode() if isinstance(value, str) else bytes(value)
        if not content.startswith(MARK):
            return content
        keyring = keyring_of(dialect)
        if keyring is None:
            raise KeyMissing
        return keyring.unseal(content, self._about)

    def to_bytes(self, value: Any) -> bytes:
        """Return a value as bytes."""
        raise NotImplementedError

    def from_bytes(self, content: bytes) -> Any:
        """Return the value of `to_bytes`."""
        raise NotImplementedError

    def plain(self, content: bytes) -> Any:
        """Return what SQLite holds unsealed."""
        return content.decode()


class Sealed(Opaque):
    """Text. Enumerations are stored by their value."""

    cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        """Clean and encode."""
        return clean(str(value)).encode()

    def from_bytes(self, content: bytes) -> str:
        """Decode."""
        return content.decode()


class SealedJson(Opaque):
    """Objects and lists. What is text is their canonical JSON already."""

    cache_ok = True

    def to_bytes(self, value: Any) -> bytes:
        """Write canonical JSON."""
        return (value if type(value) is str else canonical(value)).encode()

    def from_bytes(self, content: bytes) -> Any:
        """Read JSON."""
        return json.loads(content)


class SealedBytes(Opaque):
    """Bytes that do not begin with 0xff when they are plain, such as zlib's."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """There is no text in such a column."""
        return dialect.type_descriptor(LargeBinary())

    def to_bytes(self, value: bytes) -> bytes:
        """Take bytes as they are."""
        return value

    def from_bytes(self, content: bytes) -> bytes:
        """Give them back."""
        return content

    def plain(self, content: bytes) -> bytes:
        """Bytes stay bytes."""
        return content


class Keyed(TypeDecorator[str]):
    """A text to be found by its value that must not be read: its keyed hash. What comes out is the hash."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Hash, on writing and on comparing alike."""
        return self.stored([value], dialect)[0]

    def stored(self, values: Sequence[str | None], dialect: Dialect) -> list[str | None]:
        """Return values as the database is to hold them."""
        return [None if value is None else keyed(dialect, clean(str(value))) for value in values]
