"""Raw bytes of arrivals: compressed, equal ones stored once, big ones in pieces."""

import hashlib
import zlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from store.models import RawPart

PART = 4 * 1024 * 1024  # bytes; keeps a single value far below every limit of both databases
_SHORT = 8 * 1024  # bytes; the whole of a short mail lies within the smaller window
_LEVEL = 1  # on real mail level 6 saves 3 % more


def sha256(raw: bytes) -> str:
    """Return the name under which bytes are stored."""
    return hashlib.sha256(raw).hexdigest()


def rows(name: str, raw: bytes) -> list[dict[str, Any]]:
    """Return the rows that hold these bytes."""
    packed = _packed(raw)
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


def _packed(raw: bytes) -> bytes:
    # The usual window costs 256 KB of fresh memory each time: many times what a short mail needs.
    window, memory = (13, 6) if len(raw) <= _SHORT else (zlib.MAX_WBITS, zlib.DEF_MEM_LEVEL)
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, window, memory)
    return packer.compress(raw) + packer.flush()


def _whole(name: str, pieces: list[bytes]) -> bytes:
    if not pieces:
        raise KeyError(name)
    return zlib.decompress(b"".join(pieces))
