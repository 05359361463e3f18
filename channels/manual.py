"""Typed-in entries: phone, suggestion box, walk-in, and reports of a platform copied by hand."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Event
from uuid import uuid4

from channels.errors import Unreadable
from channels.types import Address, Arrival, Message, Position, Seen
from classify.types import Medium


@dataclass(frozen=True, slots=True)
class Entry:
    """What an operator typed in. ``received_at`` (aware) is when the complainant spoke or wrote."""

    medium: Medium
    text: str
    received_at: datetime
    subject: str = ""
    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    location: str = ""
    external_id: str = ""
    anonymous: bool = False
    secret: bool = False


class ManualChannel:
    """Entries typed in by one operator: the same path as every other channel, no special case."""

    def __init__(self, medium: Medium, entries: Iterable[Entry]) -> None:
        self.name = medium.value
        self.medium = medium
        self._arrivals = [_arrival(entry) for entry in entries]

    def fetch(self, seen: Seen) -> Iterator[Arrival]:
        """Yield the entries not stored yet."""
        known = seen.items("", "")
        yield from (one for one in self._arrivals if one.position.item not in known)

    def read(self, arrival: Arrival) -> Message:
        """Return the entry as a message. Raises Unreadable when the form is damaged."""
        try:
            form = json.loads(arrival.raw)
            return _message(Medium(form["medium"]), form, arrival.received_at)
        except (KeyError, TypeError, ValueError) as error:
            raise Unreadable("manual_unreadable", reason=error) from error

    def acknowledge(self, positions: Sequence[Position]) -> None:
        """Nobody waits for a sign: the operator sees the number."""

    def wait(self, timeout: float, stop: Event) -> bool:
        """Nothing arrives by itself."""
        stop.wait(timeout)
        return False

    def close(self) -> None:
        """Nothing is held open."""


def _arrival(entry: Entry) -> Arrival:
    form = asdict(entry) | {"received_at": entry.received_at.isoformat()}
    raw = json.dumps(form, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")
    position = Position("", "", uuid4().hex)
    return Arrival(entry.medium.value, position, raw, entry.received_at, len(raw))


def _message(medium: Medium, form: dict[str, str], received_at: datetime) -> Message:
    return Message(
        medium=medium,
        received_at=received_at,
        sender=Address(form["name"], form["email"]),
        phone=form["phone"],
        postal_address=form["address"],
        subject=form["subject"],
        text=form["text"],
        reply_text=form["text"],
        external_id=form["external_id"],
        location=form["location"],
        may_answer=False,
        anonymous=bool(form["anonymous"]),
        secret=bool(form["secret"]),
        by_hand=True,
    )
