"""Poll a channel: fetch, decide, commit in batches, then tell the server. The order is the guarantee.

What is committed is in the ledger; what is not will be fetched again. Nothing else is remembered.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from threading import Event
from time import monotonic

import structlog

from channels.base import Channel
from channels.errors import Unreadable
from channels.types import Arrival
from ingest.desk import Desk
from store import NumberTaken, Store
from store.numbers import new_number
from store.types import Fate, Intake, Outcome

BATCH_COUNT = 50
BATCH_BYTES = 8 * 1024 * 1024
BATCH_SECONDS = 1.0

log = structlog.get_logger()


class Poller:
    """Takes what channels yield into the store. One instance serves all channels."""

    def __init__(self, store: Store, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    def poll(
        self,
        channel: Channel,
        stop: Event,
        *,
        who: str = "muara",
        silent_before: datetime | None = None,
    ) -> list[Outcome]:
        """Take in everything new; stop after the batch in hand when ``stop`` is set.

        Arrivals received before ``silent_before`` are stored without a notice to anybody.
        Raises Temporary or Permanent from the channel; batches committed before stay.
        """
        outcomes: list[Outcome] = []
        for batch in _batches(_until(stop, channel.fetch(self._store.seen(channel.name)))):
            outcomes += self._take(channel, batch, who, silent_before)
        return outcomes

    def _take(
        self, channel: Channel, batch: list[Arrival], who: str, silent_before: datetime | None
    ) -> list[Outcome]:
        intakes = [self.intake(channel, arrival, who, silent_before) for arrival in batch]
        cursor = next((a.cursor for a in reversed(batch) if a.cursor is not None), None)
        outcomes = self._commit(intakes, cursor)
        channel.acknowledge([arrival.position for arrival in batch])
        for arrival, outcome in zip(batch, outcomes, strict=True):
            _report(arrival, outcome)
        return outcomes

    def intake(
        self, channel: Channel, arrival: Arrival, who: str, silent_before: datetime | None
    ) -> Intake:
        """Decide on one arrival; whatever goes wrong, it is kept with its bytes and the error."""
        silent = silent_before is not None and arrival.received_at < silent_before
        try:
            return self._desk.decide(channel, arrival, who=who, silent=silent)
        except Unreadable as error:
            return Intake(arrival, error=str(error), who=who)
        except Exception as error:
            # One bug in one rule must not block the channel for ever: quarantine, go on.
            log.exception("arrival.failed", channel=channel.name, item=arrival.position.item)
            return Intake(arrival, error=f"{type(error).__name__}: {error}"[:500], who=who)

    def _commit(self, intakes: list[Intake], cursor: str | None) -> list[Outcome]:
        while True:
            try:
                return self._store.commit(intakes, cursor=cursor, now=self._clock())
            except NumberTaken:
                intakes = [replace(i, number=new_number()) if i.number else i for i in intakes]


def _until(stop: Event, arrivals: Iterator[Arrival]) -> Iterator[Arrival]:
    for arrival in arrivals:
        yield arrival
        if stop.is_set():
            return


def _batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Group arrivals by count, bytes and time, so that a slow channel's mail is not kept waiting."""
    batch: list[Arrival] = []
    size, since = 0, monotonic()
    for arrival in arrivals:
        batch.append(arrival)
        size += len(arrival.raw)
        if len(batch) >= BATCH_COUNT or size >= BATCH_BYTES or monotonic() - since > BATCH_SECONDS:
            yield batch
            batch, size, since = [], 0, monotonic()
    if batch:
        yield batch


def _report(arrival: Arrival, outcome: Outcome) -> None:
    event = "arrival.quarantined" if outcome.fate is Fate.QUARANTINED else "arrival.stored"
    log.info(
        event,
        channel=arrival.channel,
        item=arrival.position.item,
        fate=outcome.fate.value,
        number=outcome.number or None,
    )
