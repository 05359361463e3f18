"""One turn of one channel: poll, write the result on its row, tell the team when it goes down or comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

import structlog

from channels.base import Channel
from channels.errors import ChannelError, Permanent
from ingest.backoff import CHANNEL_CAP, delay
from ingest.office import Office, Words
from ingest.poll import Poller
from store import Store
from store.types import ChannelState, Fate, NoticeKind

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often a channel is polled; ``skips_history`` where its own start date leaves old mail out."""

    every: timedelta
    skips_history: bool


@dataclass(frozen=True, slots=True)
class Watch:
    """When a channel counts as down, in failures in a row (a permanent error counts at once), and who is told."""

    down_after: int
    team: str


class Turn:
    """The schedule is data: what a turn learns stands on the channel's row, so a restart needs nothing."""

    def __init__(
        self,
        channel: Channel,
        *,
        schedule: Schedule,
        poller: Poller,
        store: Store,
        office: Office,
        words: Words,
        watch: Watch,
    ) -> None:
        self.channel = channel
        self._schedule = schedule
        self._poller = poller
        self._store = store
        self._office = office
        self._words = words
        self._watch = watch

    def run(self, clock: Callable[[], datetime], stop: Event) -> ChannelState:
        """Poll once and return the channel's row after it. Only the store's own errors come out."""
        try:
            found = self._poll(clock, stop)
        except ChannelError as error:
            return self._failed(error, self._sentence(error), clock())
        except OSError as error:
            return self._failed(error, f"{type(error).__name__}: {error}", clock())
        return self._succeeded(found, clock())

    def _poll(self, clock: Callable[[], datetime], stop: Event) -> int:
        quiet = None if self._schedule.skips_history else self._first_contact(clock())
        outcomes = self._poller.poll(self.channel, stop, silent_before=quiet)
        return sum(outcome.fate is not Fate.KNOWN for outcome in outcomes)

    def _first_contact(self, now: datetime) -> datetime:
        """Mail older than our first look at a mailbox is history: stored, but nobody is written to."""
        key = f"first_contact:{self.channel.name}"
        known = self._store.value(key)
        if known is None:
            self._store.set_value(key, now.isoformat())
        return datetime.fromisoformat(known) if known else now

    def _succeeded(self, found: int, now: datetime) -> ChannelState:
        due = now + self._schedule.every
        state = self._store.channel_polled(self.channel.name, found=found, next_due=due, now=now)
        if state.told_down:
            self._tell(NoticeKind.CHANNEL_UP, {"channel": self.channel.name}, state, now)
            self._store.channel_told(self.channel.name, down=False)
        return state

    def _failed(self, error: Exception, sentence: str, now: datetime) -> ChannelState:
        self.channel.close()
        before = next(
            (s for s in self._store.channel_states() if s.name == self.channel.name), None
        )
        failures = before.failures + 1 if before else 1
        down = isinstance(error, Permanent) or failures >= self._watch.down_after
        due = now + delay(failures, self._schedule.every, max(CHANNEL_CAP, self._schedule.every))
        state = self._store.channel_failed(
            self.channel.name, error=sentence, next_due=due, down=down, now=now
        )
        log.warning(
            "channel.failed", channel=self.channel.name, failures=failures, error=str(error)
        )
        if down and not state.told_down:
            self._tell(
                NoticeKind.CHANNEL_DOWN,
                {"channel": self.channel.name, "error": sentence},
                state,
                now,
            )
            self._store.channel_told(self.channel.name, down=True)
        return state

    def _tell(
        self, kind: NoticeKind, details: dict[str, str], state: ChannelState, now: datetime
    ) -> None:
        # The key makes a notice once only, also when we die between telling and writing down that we told.
        key = f"{self.channel.name}:{kind}:{state.last_success if kind is NoticeKind.CHANNEL_DOWN else now}"
        for member in self._office.members(self._watch.team):
            self._store.add_notice(kind, member, details, key=f"{key}:{member}", now=now)

    def _sentence(self, error: ChannelError) -> str:
        return self._words(f"errors.{error.code}", **{"channel": self.channel.name, **error.values})
