"""Poll a channel: fetch, decide, commit in batches, then tell the server. The order is the guarantee.

What is committed is in the ledger; what is not will be fetched again. Nothing else is remembered.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Event
from time import monotonic

import structlog

from channels.base import Channel
from channels.errors import Unreadable
from channels.types import Arrival
from ingest.desk import Desk
from store import NumberTaken, Store, StoreError
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
        intakes = self.decide(channel, batch, who, silent_before)
        outcomes = self._commit(intakes)
        channel.acknowledge([arrival.position for arrival in batch])
        for arrival, outcome in zip(batch, outcomes, strict=True):
            _report(arrival, outcome)
        return outcomes

    def decide(
        self,
        channel: Channel,
        arrivals: Sequence[Arrival],
        who: str,
        silent_before: datetime | None = None,
    ) -> list[Intake]:
        """Decide on arrivals that are stored together. Raises StoreError when the store cannot be asked."""
        intakes = [self._intake(channel, arrival, who, silent_before) for arrival in arrivals]
        return self._desk.within_cap(intakes, self._clock())

    def _intake(
        self, channel: Channel, arrival: Arrival, who: str, silent_before: datetime | None
    ) -> Intake:
        """Decide on one arrival; whatever is wrong with it, it is kept with its bytes and the error."""
        silent = silent_before is not None and arrival.received_at < silent_before
        try:
            return self._desk.decide(channel, arrival, who=who, silent=silent)
        except StoreError:
            raise
        except Unreadable as error:
            return Intake(arrival, error=str(error), who=who)
        except Exception as error:  # noqa: BLE001 - the error is kept with the bytes
            # One bug in one rule must not block the channel for ever: quarantine, go on.
            return _quarantined(Intake(arrival, who=who), error)

    def _commit(self, intakes: list[Intake]) -> list[Outcome]:
        try:
            return self._commit_together(intakes)
        except StoreError:
            raise
        except Exception as error:
            # Whatever the store cannot hold must not keep its neighbours out.
            if len(intakes) > 1:
                log.warning("batch.split", error=type(error).__name__, count=len(intakes))
                return [outcome for one in intakes for outcome in self._commit([one])]
            if intakes[0].message is None:
                raise
            return self._commit([_quarantined(intakes[0], error)])

    def _commit_together(self, intakes: list[Intake]) -> list[Outcome]:
        cursor = next((i.arrival.cursor for i in reversed(intakes) if i.arrival.cursor), None)
        while True:
            try:
                return self._store.commit(intakes, cursor=cursor, now=self._clock())
            except NumberTaken as error:
                intakes = [renumbered(intake, error.numbers) for intake in intakes]


def renumbered(intake: Intake, taken: Container[str]) -> Intake:
    """Return the intake under a new number if its own is taken."""
    return replace(intake, number=new_number()) if intake.number in taken else intake


def _quarantined(intake: Intake, error: Exception) -> Intake:
    arrival = intake.arrival
    log.error("arrival.failed", channel=arrival.channel, item=arrival.position.item, exc_info=error)
    return Intake(arrival, error=f"{type(error).__name__}: {error}"[:500], who=intake.who)


def _until(stop: Event, arrivals: Iterator[Arrival]) -> Iterator[Arrival]:
    for arrival in arrivals:
        yield arrival
        if stop.is_set():
            return


def _batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Group arrivals by count, bytes and time, so that a slow channel's mail is not kept waiting.

    What came before a channel broke off is handed on first: else a server that always breaks off at
    the same mail would keep those before it out for ever.
    """
    batch: list[Arrival] = []
    size, since = 0, monotonic()
    try:
        for arrival in arrivals:
            batch.append(arrival)
            size += len(arrival.raw)
            late = monotonic() - since > BATCH_SECONDS
            if len(batch) >= BATCH_COUNT or size >= BATCH_BYTES or late:
                yield batch
                batch, size, since = [], 0, monotonic()
    except Exception:
        if batch:
            yield batch
        raise
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
