"""What is wrong now, from the database alone: one list for the status page and for the command that calls a person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ingest.office import Words
from store.types import ChannelHealth, ChannelState, Counts

OUTGOING = "smtp"


@dataclass(frozen=True, slots=True)
class Trouble:
    """``subject`` is a channel, or OUTGOING for the mails we send; ``code`` names the sentence."""

    subject: str
    code: str
    since: datetime | None

    def sentence(self, words: Words) -> str:
        """What is wrong and since when. No address and no error text: it may go to another service."""
        since = words.moment(self.since) if self.since else "-"
        return words(f"health.{self.code}", channel=self.subject, since=since)


def troubles(
    states: Iterable[ChannelState], counts: Counts, now: datetime, patience: timedelta
) -> list[Trouble]:
    """Return what people have to know, at most one for each channel.

    Mails count as stuck when the oldest has waited for ``patience`` and none went out in that time.
    """
    found = [trouble for state in states if (trouble := _of_channel(state))]
    if since := stuck_since(counts, now, patience):
        found.append(Trouble(OUTGOING, "sending_stuck", since))
    return found


def stuck_since(counts: Counts, now: datetime, patience: timedelta) -> datetime | None:
    """Since when mails wait and none goes out, if that is too long."""
    if counts.oldest_waiting is None:
        return None
    since = max(counts.oldest_waiting, counts.last_sent or counts.oldest_waiting)
    return since if now - since >= patience else None


def _of_channel(state: ChannelState) -> Trouble | None:
    if state.told_down:
        return Trouble(state.name, "down", state.last_success)
    if state.health is ChannelHealth.DOWN:  # nobody was told yet: the next turn does
        return None
    if state.canary_lost_at:
        return Trouble(state.name, "canary_lost", state.canary_back_at)
    if state.silent_since:
        return Trouble(state.name, "silent", state.last_arrival)
    return None
