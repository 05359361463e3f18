"""Column types: text no database chokes on, aware UTC times, JSON in one canonical form."""

import hashlib
import json
import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import String, TypeDecorator, TypeEngine

BigId = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER counts up by itself in SQLite
Json = JSON().with_variant(JSONB(), "postgresql")

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_KEY_LENGTH = 255  # PostgreSQL refuses an index entry above 2704 bytes


def is_storable(text: str) -> bool:
    """Whether text can go into the database as it is."""
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean(text: str) -> str:
    """Replace what PostgreSQL refuses: NUL goes, a lone surrogate becomes U+FFFD."""
    if is_storable(text):
        return text
    return _UNSTORABLE.sub(lambda found: "" if found[0] == "\0" else "\ufffd", text)


def canonical(value: Any) -> str:
    """Return the one JSON text of a value: sorted keys, no spaces, UTF-8, cleaned."""
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    text = _encode(value)
    if "\\u0000" in text or not is_storable(text):
        return canonical(_cleaned(value))
    return text


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(key): _cleaned(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_cleaned(entry) for entry in value]
    return value


def key(text: str) -> str:
    """Return text fit for an index: as it is, or its SHA-256 where a stranger made it too long."""
    text = clean(text)
    if len(text) <= _KEY_LENGTH:
        return text
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def utc_text(value: datetime | None) -> str | None:
    """Return an instant as SQLite holds it. Raises ValueError for a naive one."""
    if value is None:
        return None
    return aware(value).astimezone(UTC).isoformat(" ", "microseconds")[:26]


def aware(value: datetime) -> datetime:
    """Return an instant as it is. Raises ValueError for a naive one."""
    if value.tzinfo is None:
        raise ValueError(f"naive datetime {value!r}: every time in the store has its zone")
    return value


class SafeText(TypeDecorator[str]):
    """Text from strangers. Enumerations are stored by their value."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Clean what goes in."""
        return None if value is None else clean(str(value))


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values with ValueError; what comes out is aware UTC.

    SQLite holds ISO text of a fixed width, so that it sorts by time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Use text where the database knows no zones."""
        kind = String(26) if dialect.name == "sqlite" else DateTime(timezone=True)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Convert to UTC."""
        if value is None:
            return None
        return utc_text(value) if dialect.name == "sqlite" else aware(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the zone back."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        instant: datetime = value
        return instant.astimezone(UTC)
