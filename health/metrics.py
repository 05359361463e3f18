"""What Prometheus is told. Labels name channels and states, never a person."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from store.types import ChannelHealth, ChannelState, Counts, Status

CONTENT_TYPE = CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class Reading:
    """The database at one moment. ``late`` counts cases past their deadline."""

    at: datetime
    states: tuple[ChannelState, ...]
    counts: Counts
    late: int


def exposition(reading: Reading | None) -> bytes:
    """Return the text format; without a reading only that there is no database."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Collector(reading))
    return generate_latest(registry)


class _Collector(Collector):
    def __init__(self, reading: Reading | None) -> None:
        self._reading = reading

    def collect(self) -> Iterable[Metric]:
        """Everything we measure."""
        build = {"version": version("muara")}
        yield InfoMetricFamily("muara_build", "The version that runs.", value=build)
        up = float(self._reading is not None)
        yield GaugeMetricFamily("muara_database_up", "Whether the database answers.", value=up)
        if self._reading is not None:
            yield from _channels(self._reading)
            yield from _outbox(self._reading)
            yield from _cases(self._reading)


def _channels(reading: Reading) -> Iterator[Metric]:
    states, now = reading.states, reading.at
    health = GaugeMetricFamily(
        "muara_channel_state", "1 for the state a channel is in.", labels=["channel", "state"]
    )
    for state in states:
        for one in ChannelHealth:
            health.add_metric([state.name, one.value], float(state.health is one))
    yield health
    yield _ages(
        "success", "the last successful look", ((s.name, s.last_success) for s in states), now
    )
    yield _ages("arrival", "the last arrival", ((s.name, s.last_arrival) for s in states), now)
    yield _ages("canary", "the last test mail that came back", _canaries(states), now)
    failures = GaugeMetricFamily("muara_channel_failures", "Failures in a row.", labels=["channel"])
    arrivals = CounterMetricFamily(
        "muara_channel_arrivals", "Arrivals since the channel is known.", labels=["channel"]
    )
    trip = GaugeMetricFamily(
        "muara_channel_canary_seconds", "How long the last test mail took.", labels=["channel"]
    )
    for state in states:
        failures.add_metric([state.name], state.failures)
        arrivals.add_metric([state.name], state.arrivals)
        if state.canary_sent_at and state.canary_back_at:
            took = (state.canary_back_at - state.canary_sent_at).total_seconds()
            trip.add_metric([state.name], took)
    yield from (failures, arrivals, trip)


def _canaries(states: Iterable[ChannelState]) -> Iterator[tuple[str, datetime | None]]:
    return ((state.name, state.canary_back_at) for state in states)


def _ages(
    name: str, what: str, moments: Iterable[tuple[str, datetime | None]], now: datetime
) -> Metric:
    """Seconds since a moment of each channel; none where there was none."""
    ages = GaugeMetricFamily(
        f"muara_channel_seconds_since_{name}", f"Seconds since {what}.", labels=["channel"]
    )
    for channel, at in moments:
        if at is not None:
            ages.add_metric([channel], (now - at).total_seconds())
    return ages


def _outbox(reading: Reading) -> Iterator[Metric]:
    counts = reading.counts
    oldest = counts.oldest_waiting
    age = (reading.at - oldest).total_seconds() if oldest else 0.0
    for name, help_, value in (
        ("notices_waiting", "Mails that wait to be sent.", counts.waiting),
        ("notices_failed", "Mails refused for good: a person has to look.", counts.failed),
        ("notices_oldest_seconds", "How long the oldest unsent mail has waited.", age),
        ("quarantine_size", "Arrivals that could not be read.", counts.quarantined),
    ):
        yield GaugeMetricFamily(f"muara_{name}", help_, value=value)


def _cases(reading: Reading) -> Iterator[Metric]:
    cases = GaugeMetricFamily("muara_cases", "Cases by status.", labels=["status"])
    for status in Status:
        cases.add_metric([status.value], reading.counts.cases.get(status, 0))
    yield cases
    late = "Unanswered cases past their deadline."
    yield GaugeMetricFamily("muara_cases_late", late, value=reading.late)
