"""The seam: what one way of getting reports has to do. Everything else is the channel's."""

import hashlib
import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, runtime_checkable

from channels.errors import Unreadable
from channels.lapor.report import Report


@dataclass(frozen=True, slots=True)
class Item:
    """One report as it was received: the ledger's key, the evidence, and the platform's time of receipt."""

    key: str
    raw: bytes
    reported_at: datetime | None


class Dialect(Protocol):
    """A way of getting reports: a JSON feed described by a profile, Open311, a folder of exports."""

    place: str  # the folder of a Position

    def walk(self, known: Container[str]) -> Iterator[Item]:
        """Yield new and changed reports, oldest first. Raises Temporary or Permanent."""
        ...

    def keys(self, known: Container[str]) -> Iterator[tuple[str, datetime | None]]:
        """Yield the key of every report there is, as the ledger would have it, and its last activity.

        Only lists are asked for, no details. Raises Temporary or Permanent.
        """
        ...

    def report(self, raw: bytes) -> Report:
        """Read an item's evidence. No network. Raises Unreadable."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Posting(Protocol):
    """A dialect that can send answers back."""

    def post(self, external_id: str, text: str) -> None:
        """See channels.base.Answering."""
        ...


def canonical(value: Any) -> bytes:
    """JSON with sorted keys: the same content is the same bytes."""
    return json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def evidence(raw: bytes) -> Any:
    """The JSON value of an item. Raises Unreadable."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Unreadable("lapor_unreadable", reason=error) from error


def oldest_first(items: Iterable[Item]) -> list[Item]:
    """Sort by the platform's time of receipt; items without one come first."""
    never = datetime.min.replace(tzinfo=UTC)
    return sorted(items, key=lambda item: item.reported_at or never)


def key_of(external_id: str, value: Any, volatile: Iterable[str] = ()) -> str:
    """``id:content hash``; a changed report is a new item. ``volatile`` dotted paths do not count.

    Without an id the hash alone tells items apart: they are yielded, and quarantined when read.
    """
    for path in volatile:
        value = _without(value, path.split("."))
    return f"{external_id}:{hashlib.sha256(canonical(value)).hexdigest()[:24]}"


def _without(value: Any, steps: list[str]) -> Any:
    if not isinstance(value, dict) or steps[0] not in value:
        return value
    if len(steps) == 1:
        return {name: inner for name, inner in value.items() if name != steps[0]}
    return value | {steps[0]: _without(value[steps[0]], steps[1:])}
