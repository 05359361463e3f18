"""The rounds of the daemon: watch the channels, and tell what began and what ended wherever that is wanted."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog

from ingest.troubles import Trouble, troubles
from ingest.watch import Watcher
from store import Store
from store.types import ChannelState

log = structlog.get_logger()


class Rounds:
    """``channels`` are those of the configuration: rows of others are history. ``tell`` gets all troubles each time."""

    def __init__(
        self,
        store: Store,
        watcher: Watcher,
        *,
        channels: Iterable[str],
        patience: timedelta,
        tell: Callable[[list[Trouble]], None] | None = None,
    ) -> None:
        self._store = store
        self._watcher = watcher
        self._channels = frozenset(channels)
        self._patience = patience
        self._tell = tell
        self._logged: frozenset[tuple[str, str]] = frozenset()

    def make(self, now: datetime) -> None:
        """One round. Raises StoreError."""
        self._watcher.look(now)
        found = self.troubles(now)
        self._log(found)
        if self._tell:
            self._tell(found)

    def troubles(self, now: datetime) -> list[Trouble]:
        """What is wrong now. Raises StoreError."""
        return troubles(self.states(), self._store.counts(), now, self._patience)

    def states(self) -> list[ChannelState]:
        """The rows of the channels there are. Raises StoreError."""
        return [one for one in self._store.channel_states() if one.name in self._channels]

    def _log(self, found: list[Trouble]) -> None:
        now = frozenset((trouble.subject, trouble.code) for trouble in found)
        for subject, code in sorted(now - self._logged):
            log.warning("trouble.began", subject=subject, code=code)
        for subject, code in sorted(self._logged - now):
            log.warning("trouble.over", subject=subject, code=code)
        self._logged = now
