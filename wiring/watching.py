"""Who is told when a channel falls silent, and by which ways."""

from datetime import timedelta
from functools import partial

from channels.command import say
from config.channels import ImapSource, Source
from config.settings import Settings
from config.texts import Texts
from ingest.call import Caller
from ingest.office import Office
from ingest.rounds import Rounds
from ingest.watch import Guard, Watcher
from store import Store


def rounds_of(settings: Settings, words: Texts, store: Store, office: Office) -> Rounds:
    """The rounds the daemon makes every few seconds."""
    health = settings.health
    within = timedelta(minutes=health.canary_within_minutes)
    guards = {s.name: _guard(s, within) for s in settings.channels if s.enabled}
    command = health.notify_command
    return Rounds(
        store,
        Watcher(store, guards, office.members(health.team or office.default_team)),
        channels=guards,
        patience=timedelta(minutes=health.stuck_minutes),
        tell=Caller(store, words, partial(say, command)).tell if command else None,
    )


def _guard(source: Source, within: timedelta) -> Guard:
    silence = timedelta(hours=source.silence_hours) if source.silence_hours else None
    if not isinstance(source, ImapSource) or source.canary_minutes is None:
        return Guard(silence)
    every = timedelta(minutes=source.canary_minutes)
    return Guard(silence, every, source.canary_address or source.username, within)
