"""Watch what no turn can see: a channel that works but brings nothing, a mail to itself that does not return.

Everything is asked of the database, so a restart changes nothing, and people are told once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from store import Store
from store.types import Canary, ChannelState, NoticeKind, NoticeState

NEVER_DELIVERED = (NoticeState.FAILED, NoticeState.UNDELIVERED)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Guard:
    """What to watch a channel for; None: not for that.

    ``silence`` is plain time, not office time, without an arrival. Every ``canary`` a mail goes to
    ``address``, the channel's own, and must be back ``within`` that time.
    """

    silence: timedelta | None = None
    canary: timedelta | None = None
    address: str = ""
    within: timedelta = timedelta(minutes=15)


class Watcher:
    """Looks at every guarded channel and tells ``recipients`` once of what began and of what ended."""

    def __init__(
        self, store: Store, guards: Mapping[str, Guard], recipients: Sequence[str]
    ) -> None:
        self._store = store
        self._guards = guards
        self._recipients = recipients

    def look(self, now: datetime) -> None:
        """One round over all channels. Raises StoreError."""
        for state in self._store.channel_states():
            guard = self._guards.get(state.name)
            if guard is not None:
                self._mind_silence(state, guard, now)
                self._mind_canary(state, guard, now)

    def _mind_silence(self, state: ChannelState, guard: Guard, now: datetime) -> None:
        if not state.silent_since and not _quiet(state, guard.silence, state.last_arrival):
            return
        # A turn that broke off left what it stored out of the row: the ledger has the last word.
        latest = max(
            filter(None, (state.last_arrival, self._store.latest_arrival(state.name))), default=None
        )
        quiet = _quiet(state, guard.silence, latest)
        if quiet and not state.silent_since:
            self._tell(state, NoticeKind.CHANNEL_SILENT, now, _silence(guard))
        elif state.silent_since and not quiet:
            heard = latest is not None and latest > state.silent_since
            self._tell(state, NoticeKind.CHANNEL_HEARD, now, aloud=heard)

    def _mind_canary(self, state: ChannelState, guard: Guard, now: datetime) -> None:
        if guard.canary is None:
            if state.canary_lost_at:
                self._tell(state, NoticeKind.CANARY_BACK, now, aloud=False)
            return
        last = self._store.canary(state.name)
        lost = last is not None and _lost(last, state, guard.within)
        if last and last.sent_at and last.back_at:
            self._came_back(state, last.sent_at, last.back_at, now)
        elif last and lost and not state.canary_lost_at:
            self._tell(state, NoticeKind.CANARY_LOST, now, _loss(last, guard))
        settled = last is None or lost or last.back_at is not None
        due = last is None or abs(now - last.made_at) >= guard.canary
        if settled and due and state.last_success and not state.failures:
            self._store.send_canary(state.name, guard.address, now)

    def _came_back(
        self, state: ChannelState, sent_at: datetime, back_at: datetime, now: datetime
    ) -> None:
        if state.canary_sent_at != sent_at:
            self._store.canary_came_back(state.name, sent_at, back_at)
        if state.canary_lost_at:
            self._tell(state, NoticeKind.CANARY_BACK, now)

    def _tell(
        self,
        state: ChannelState,
        kind: NoticeKind,
        now: datetime,
        details: Mapping[str, str] | None = None,
        *,
        aloud: bool = True,
    ) -> None:
        """Note it on the row, and write to people unless it only ended because it is not watched any more."""
        values = {"channel": state.name, **(details or {})}
        recipients = self._recipients if aloud else ()
        self._store.tell_of_channel(state.name, kind, recipients, values, now)
        log.warning("channel.watched", channel=state.name, what=kind.value)


def _quiet(state: ChannelState, limit: timedelta | None, latest: datetime | None) -> bool:
    """Whether a successful look, so long after the last arrival, found nothing.

    Time during which nobody could or did look says nothing: the daemon was off, the channel down.
    """
    since = max(filter(None, (latest, state.known_since)), default=None)
    if limit is None or since is None or state.last_success is None:
        return False
    return state.last_success - since >= limit


def _silence(guard: Guard) -> dict[str, str]:
    return {"hours": str(guard.silence // timedelta(hours=1) if guard.silence else 0)}


def _lost(last: Canary, state: ChannelState, within: timedelta) -> bool:
    """Whether the inbox was read long enough after the mail was sent, or it was refused or bounced.

    While it waits for the server that sends, that server is the trouble and not this channel.
    """
    if last.back_at:
        return False
    if last.state in NEVER_DELIVERED:
        return True
    looked = state.last_success
    return bool(last.sent_at and looked and looked - last.sent_at >= within)


def _loss(last: Canary, guard: Guard) -> dict[str, str]:
    minutes = guard.within // timedelta(minutes=1)
    return {"minutes": str(minutes), "error": last.error or "-"}
