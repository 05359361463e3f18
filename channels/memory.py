"""A channel in memory: for tests, the demo, and as the plainest example of the protocol."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from threading import Event
from time import monotonic

from channels.errors import ChannelError, Unreadable
from channels.types import Arrival, Message, Position, Seen, Shelf
from classify.types import Medium

_GLANCE = 0.1  # seconds between two looks at ``stop`` while waiting


class MemoryChannel:
    """Hands over what was pushed into it. ``trouble``, while set, is raised by every fetch.

    Without a ``reader`` the raw bytes are the text, in UTF-8.
    """

    def __init__(
        self,
        name: str = "memory",
        medium: Medium = Medium.EMAIL,
        reader: Callable[[Arrival], Message] | None = None,
    ) -> None:
        self.name = name
        self.medium = medium
        self.trouble: ChannelError | None = None
        self.acknowledged: list[Position] = []
        self._reader = reader or self._read_text
        self._arrivals: list[Arrival] = []
        self._news = Event()

    def push(self, raw: bytes, received_at: datetime | None = None) -> Position:
        """Let ``raw`` arrive, now unless told otherwise. May be called from any thread."""
        position = Position("", "", str(len(self._arrivals) + 1))
        received_at = received_at or datetime.now(UTC)
        self._arrivals.append(Arrival(self.name, position, raw, received_at, len(raw)))
        self._news.set()
        return position

    def fetch(self, seen: Seen) -> Iterator[Arrival]:
        """Yield what the ledger does not hold, oldest first. Raises ``trouble``."""
        self._news.clear()
        known = seen.items("", "")
        for arrival in tuple(self._arrivals):
            if self.trouble is not None:
                raise self.trouble
            if arrival.position.item not in known:
                yield arrival
        if self.trouble is not None:
            raise self.trouble

    def inventory(self, seen: Seen) -> Iterator[Shelf]:
        """Yield the one folder there is. Raises ``trouble``."""
        if self.trouble is not None:
            raise self.trouble
        known, pushed = seen.items("", ""), {a.position.item: a for a in tuple(self._arrivals)}
        unknown = {item: a.received_at for item, a in pushed.items() if item not in known}
        yield Shelf("", "", frozenset(pushed), unknown)

    def read(self, arrival: Arrival) -> Message:
        """Make a message of the bytes. Raises Unreadable."""
        return self._reader(arrival)

    def acknowledge(self, positions: Sequence[Position]) -> None:
        """Note what was stored, for tests to look at."""
        self.acknowledged.extend(positions)

    def wait(self, timeout: float, stop: Event) -> bool:
        """Return True once something was pushed since the last fetch began."""
        until = monotonic() + timeout
        while not stop.is_set() and (left := until - monotonic()) > 0:
            if self._news.wait(min(left, _GLANCE)):
                return True
        return False

    def close(self) -> None:
        """Nothing is held."""

    def _read_text(self, arrival: Arrival) -> Message:
        try:
            text = arrival.raw.decode()
        except UnicodeDecodeError as error:
            raise Unreadable("memory_not_utf8", position=error.start) from error
        return Message(medium=self.medium, received_at=arrival.received_at, text=text)
