"""What every channel kind can do. `tests/channels/contract.py` holds each kind to it."""

from collections.abc import Iterator, Sequence
from threading import Event
from typing import Protocol, runtime_checkable

from channels.types import Arrival, Message, Position, Seen, Shelf
from classify.types import Medium


class Channel(Protocol):
    """A configured source. One thread uses it at a time."""

    name: str
    medium: Medium

    def fetch(self, seen: Seen) -> Iterator[Arrival]:
        """Yield what the ledger does not hold yet, oldest first. Network only, no parsing.

        Raises Temporary or Permanent; what was yielded before stays valid.
        """
        ...

    def read(self, arrival: Arrival) -> Message:
        """Parse one arrival. No network. Raises Unreadable."""
        ...

    def acknowledge(self, positions: Sequence[Position]) -> None:
        """Tell the server these are stored: a courtesy, after commit, never the memory of it."""
        ...

    def wait(self, timeout: float, stop: Event) -> bool:
        """Return True as soon as something may have arrived, False after ``timeout`` seconds or on stop."""
        ...

    def close(self) -> None:
        """Let go of the connection. Safe to call twice, and the channel can be used again after."""
        ...


@runtime_checkable
class Answering(Protocol):
    """A channel through which an answer can be sent back to its platform."""

    def post(self, external_id: str, text: str) -> None:
        """Add an answer to a report. Tried once, whatever happens.

        Raises Temporary where it was surely not done, Permanent where it was refused, InDoubt else.
        """
        ...


@runtime_checkable
class Inventoried(Protocol):
    """A channel that can be asked what lies in it now, to be compared with the ledger."""

    def inventory(self, seen: Seen) -> Iterator[Shelf]:
        """Yield what lies in each folder, whether the ledger holds it or not. Nothing is fetched or marked.

        Raises Temporary or Permanent; what was yielded before stays valid.
        """
        ...
