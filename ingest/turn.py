"""One turn of one channel: poll, write the result on its row, tell the team when it goes down or comes back."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event
from time import monotonic

import structlog

from channels.base import Channel
from channels.errors import ChannelError, Permanent
from classify.types import Medium
from ingest.backoff import CHANNEL_CAP, delay
from ingest.office import Office, Words
from ingest.poll import Poller
from ingest.posting import Poster
from store import Store, StoreError
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
    """The schedule is data: what a turn learns stands on the channel's row, so a restart needs nothing.

    ``polled`` hears of every poll that came to its end: the channel, and when it began (monotonic).
    """

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
        poster: Poster | None = None,
        polled: Callable[[str, float], None] | None = None,
    ) -> None:
        self.channel = channel
        self._schedule = schedule
        self._poller = poller
        self._store = store
        self._office = office
        self._words = words
        self._watch = watch
        self._poster = poster
        self._polled = polled

    @property
    def every(self) -> timedelta:
        """How long after a success the next turn is due."""
        return self._schedule.every

    def run(self, clock: Callable[[], datetime], stop: Event) -> ChannelState:
        """Poll once and return the channel's row after it. Only the store's own errors come out."""
        try:
            found = self._poll(clock, stop)
        except StoreError:
            raise
        except ChannelError as error:
            sentence = self._sentence(error)
            return self._failed(sentence, clock(), permanent=isinstance(error, Permanent))
        except Exception as error:
            # A bug here is a channel that is not read: people must hear of it like of any other trouble.
            log.exception("channel.failed_unexpectedly", channel=self.channel.name)
            return self._failed(f"{type(error).__name__}: {error}"[:500], clock())
        return self._succeeded(found, clock())

    def _poll(self, clock: Callable[[], datetime], stop: Event) -> int:
        if self._poster is not None:
            self._poster.post_due(stop)
        quiet = self._history_before(clock())
        began = monotonic()
        outcomes = self._poller.poll(self.channel, stop, silent_before=quiet)
        if self._polled is not None and not stop.is_set():
            self._polled(self.channel.name, began)
        if quiet is not None and not self._is_mail and not stop.is_set():
            self._store.set_value(self._key("history_read"), "yes")
        return sum(outcome.fate is not Fate.KNOWN and not outcome.own for outcome in outcomes)

    def _history_before(self, now: datetime) -> datetime | None:
        """What was received before our first look at a channel is stored, but nobody is written to.

        Old mail may turn up in a mailbox later: a folder restored, or added. A platform's old report that
        turns up after its history was read once was only now handed to this office: that is news.
        """
        if self._schedule.skips_history or (
            not self._is_mail and self._store.value(self._key("history_read"))
        ):
            return None
        known = self._store.value(self._key("first_contact"))
        if known is None:
            self._store.set_value(self._key("first_contact"), now.isoformat())
        return datetime.fromisoformat(known) if known else now

    @property
    def _is_mail(self) -> bool:
        return self.channel.medium is Medium.EMAIL

    def _key(self, what: str) -> str:
        return f"{what}:{self.channel.name}"

    def _succeeded(self, found: int, now: datetime) -> ChannelState:
        name = self.channel.name
        due = now + self._schedule.every
        state = self._store.channel_polled(name, found=found, next_due=due, now=now)
        if state.told_down:
            self._tell(NoticeKind.CHANNEL_UP, {"channel": name}, now)
        return state

    def _failed(self, sentence: str, now: datetime, *, permanent: bool = False) -> ChannelState:
        self.channel.close()
        name = self.channel.name
        failures = self._failures_before() + 1
        down = permanent or failures >= self._watch.down_after
        due = now + delay(failures, self._schedule.every, max(CHANNEL_CAP, self._schedule.every))
        state = self._store.channel_failed(name, error=sentence, next_due=due, down=down, now=now)
        log.warning("channel.failed", channel=name, failures=failures, error=sentence)
        if down and not state.told_down:
            self._tell(NoticeKind.CHANNEL_DOWN, {"channel": name, "error": sentence}, now)
        return state

    def _failures_before(self) -> int:
        rows = {state.name: state for state in self._store.channel_states()}
        return rows[self.channel.name].failures if self.channel.name in rows else 0

    def _tell(self, kind: NoticeKind, details: dict[str, str], now: datetime) -> None:
        members = self._office.members(self._watch.team)
        self._store.tell_of_channel(self.channel.name, kind, members, details, now)

    def _sentence(self, error: ChannelError) -> str:
        return self._words(f"errors.{error.code}", **{"channel": self.channel.name, **error.values})
