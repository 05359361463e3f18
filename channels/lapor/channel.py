"""The LAPOR channel: one dialect behind the protocol every channel keeps."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from threading import Event

from channels.errors import Permanent
from channels.lapor.dialect import Dialect, Posting
from channels.lapor.report import message_from
from channels.types import Arrival, Message, Position, Seen, Shelf
from classify.types import Medium


class LaporChannel:
    """Reports of a platform. The ledger's item is ``id:content hash``: a changed report comes again.

    ``platform`` keeps the tracking IDs of another platform than the national one apart.
    """

    medium = Medium.LAPOR

    def __init__(self, name: str, dialect: Dialect, platform: str = "") -> None:
        self.name = name
        self._dialect = dialect
        self._platform = platform

    def fetch(self, seen: Seen) -> Iterator[Arrival]:
        """Yield new and changed reports. ``received_at`` is when the platform got it, at latest now."""
        for item in self._dialect.walk(seen.items(self._dialect.place, "")):
            now = datetime.now(UTC)
            yield Arrival(
                channel=self.name,
                position=Position(self._dialect.place, "", item.key),
                raw=item.raw,
                received_at=min(item.reported_at or now, now),
                size=len(item.raw),
            )

    def inventory(self, seen: Seen) -> Iterator[Shelf]:
        """Yield every report in the platform's lists. Raises Temporary or Permanent."""
        place = self._dialect.place
        known = seen.items(place, "")
        listed = dict(self._dialect.keys(known))
        unknown = {key: at for key, at in listed.items() if key not in known}
        yield Shelf(place, "", frozenset(listed), unknown)

    def read(self, arrival: Arrival) -> Message:
        """Read the report. Raises Unreadable, also for one without an id."""
        report = self._dialect.report(arrival.raw)
        return message_from(report, arrival.received_at, self._platform)

    def post(self, external_id: str, text: str) -> None:
        """Add an answer to a report; see channels.base.Answering."""
        if not isinstance(self._dialect, Posting):
            raise Permanent("lapor_no_answers", profile=self.name)
        self._dialect.post(external_id, text)

    def acknowledge(self, positions: Sequence[Position]) -> None:
        """Platforms keep no account of who has read what."""

    def wait(self, timeout: float, stop: Event) -> bool:
        """Platforms never call: wait for the next round."""
        stop.wait(timeout)
        return False

    def close(self) -> None:
        """Let go of the connection."""
        self._dialect.close()
