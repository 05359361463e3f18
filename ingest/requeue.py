"""Try a quarantined arrival again: read, decide, and put the new fate in place of the old."""

from collections.abc import Callable, Mapping
from datetime import datetime

from channels.base import Channel
from channels.types import Arrival
from ingest.poll import Poller, renumbered
from store import NumberTaken, Store
from store.types import Outcome


class Requeue:
    """Needs no network: the bytes are in the store. ``readers`` are the channels by name."""

    def __init__(
        self,
        store: Store,
        poller: Poller,
        readers: Mapping[str, Channel],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._poller = poller
        self._readers = readers
        self._clock = clock

    def again(self, quarantined: int, who: str) -> Outcome:
        """Return the new fate. Raises LookupError when it is not in quarantine, or its channel is gone."""
        arrival = self._store.quarantined(quarantined)
        if arrival is None or arrival.channel not in self._readers:
            raise LookupError(quarantined)
        return self._release(quarantined, self._readers[arrival.channel], arrival, who)

    def _release(self, quarantined: int, reader: Channel, arrival: Arrival, who: str) -> Outcome:
        (intake,) = self._poller.decide(reader, [arrival], who)
        while True:
            try:
                return self._store.release(quarantined, intake, self._clock())
            except NumberTaken as error:
                intake = renumbered(intake, error.numbers)
