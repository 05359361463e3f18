"""Try a quarantined arrival again: read, decide, and put the new fate in place of the old."""

from collections.abc import Callable, Mapping
from datetime import datetime

from channels.base import Channel
from channels.manual import ManualChannel
from channels.types import Arrival
from classify.types import Medium
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
        reader = self._reader_of(arrival) if arrival else None
        if arrival is None or reader is None:
            raise LookupError(quarantined)
        return self._release(quarantined, reader, arrival, who)

    def _reader_of(self, arrival: Arrival) -> Channel | None:
        """Typed-in entries lie nowhere, and a feed may be called `lapor` as they are."""
        place = arrival.position
        if not (place.folder or place.generation) and arrival.channel in set(Medium):
            return ManualChannel(Medium(arrival.channel), ())
        return self._readers.get(arrival.channel)

    def _release(self, quarantined: int, reader: Channel, arrival: Arrival, who: str) -> Outcome:
        (intake,) = self._poller.decide(reader, [arrival], who)
        while True:
            try:
                return self._store.release(quarantined, intake, self._clock())
            except NumberTaken as error:
                intake = renumbered(intake, error.numbers)
