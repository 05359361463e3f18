"""`muara doctor`: proof that nothing on the servers is unaccounted for, and that the database is sound."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from channels.base import Channel
from channels.errors import ChannelError
from classify.types import Medium
from ingest.findings import Finding, fine, note, problem
from ingest.office import Words
from ingest.reconcile import Reconciled, reconcile
from store import Store
from store.types import ChannelState

LATE_AFTER = timedelta(minutes=15)


class ChannelDoctor:
    """Asks servers and the ledger. Nothing is fetched, stored or marked."""

    def __init__(
        self, store: Store, words: Words, clock: Callable[[], datetime], *, pause: float = 1.0
    ) -> None:
        self._store = store
        self._words = words
        self._clock = clock
        self._pause = pause

    def examine(self, channel: Channel) -> Iterator[Reconciled | Finding]:
        """Yield each folder compared with the ledger, then what there is to say about the channel."""
        states = {state.name: state for state in self._store.channel_states()}
        state = states.get(channel.name)
        try:
            yield from self._compared(channel, state)
        except ChannelError as error:
            sentence = self._words(
                f"errors.{error.code}", **{"channel": channel.name, **error.values}
            )
            yield problem("reach", channel=channel.name, error=sentence)
        except Exception as error:  # noqa: BLE001 - one channel's bug must not hide the others' state
            yield problem("reach", channel=channel.name, error=f"{type(error).__name__}: {error}")
        finally:
            channel.close()
        yield self._row(channel.name, state)

    def _compared(
        self, channel: Channel, state: ChannelState | None
    ) -> Iterator[Reconciled | Finding]:
        polled_at = state.last_success if state else None
        folders = reconcile(channel, self._store, polled_at, pause=self._pause)
        if folders is None:
            yield note("unproven", channel=channel.name)
            return
        for folder in folders:
            yield folder
            yield _verdict("ledger" if channel.medium is Medium.EMAIL else "feed", folder)

    def _row(self, name: str, state: ChannelState | None) -> Finding:
        """What the daemon has written about the channel."""
        if state is None or state.last_success is None:
            return problem("polled", channel=name)
        last = self._words.moment(state.last_success)
        if state.failures:
            return problem("failing", channel=name, last=last, error=state.error)
        if state.next_due < self._clock() - LATE_AFTER:
            return problem("late", channel=name, last=last)
        return fine("polled", channel=name, last=last)


def _verdict(check: str, folder: Reconciled) -> Finding:
    place = f"{folder.channel} {folder.folder}".strip()
    if folder.missing:
        return problem(check, place=place, count=len(folder.missing))
    if folder.waiting:
        return note(check, place=place, count=len(folder.waiting))
    return fine(check, place=place, count=folder.there)
