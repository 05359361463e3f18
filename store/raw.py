"""Raw bytes of arrivals: compressed, equal ones stored once, big ones in pieces."""

import hashlib
import zlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from store.models import RawPart

PART = 4 * 1024 * 1024  # bytes; keeps a single value far below every limit of both databases
_LEVEL = (
    1  # mail is mostly base64 or short text: level 6 saves 3 % more and takes three times as long
)


def sha256(raw: bytes) -> str:
    """Return the name under which bytes are stored."""
    return hashlib.sha256(raw).hexdigest()


def rows(name: str, raw: bytes) -> list[dict[str, Any]]:
    """Return the rows that hold these bytes."""
    packed = zlib.compress(raw, _LEVEL)
    starts = range(0, len(packed), PART)
    return [
        {"sha256": name, "part": part, "data": packed[start : start + PART]}
        for part, start in enumerate(starts)
    ]


def load(connection: Connection, names: Iterable[str]) -> dict[str, bytes]:
    """Return the bytes stored under each name. Raises KeyError where one is not there."""
    wanted = list(dict.fromkeys(names))
    parts: dict[str, list[bytes]] = {name: [] for name in wanted}
    stored = select(RawPart).where(RawPart.sha256.in_(wanted)).order_by(RawPart.part)
    for row in connection.execute(stored):
        parts[row.sha256].append(row.data)
    return {name: _whole(name, pieces) for name, pieces in parts.items()}


def _whole(name: str, pieces: list[bytes]) -> bytes:
    if not pieces:
        raise KeyError(name)
    return zlib.decompress(b"".join(pieces))
