"""From settings to parts that work together. Nothing is connected or written here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from channels.base import Answering, Channel
from channels.manual import ManualChannel
from channels.smtp import Mailer, SmtpSettings
from classify.types import Medium
from config.channels import FeedSource, Source
from config.rules import sources
from config.settings import Settings
from config.texts import Texts
from ingest.desk import Desk
from ingest.letters import Letters
from ingest.letters.envelope import Desk as Writing
from ingest.office import Office
from ingest.outbox import Outbox
from ingest.platform_mail import PlatformNotices
from ingest.poll import Poller
from ingest.posting import Poster
from ingest.requeue import Requeue
from ingest.rounds import Rounds
from ingest.rulebook import RuleBook
from ingest.turn import Schedule, Turn, Watch
from store import Store
from wiring.channels import OpenedSecret, channel_of, platform_mail_of, posts
from wiring.clock import now
from wiring.office import office_of
from wiring.store import open_store
from wiring.watching import rounds_of


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything the daemon and the commands work with. ``clock`` gives aware moments."""

    clock: Callable[[], datetime]
    settings: Settings
    words: Texts
    store: Store
    rules: RuleBook
    office: Office
    poller: Poller
    mailer: Mailer
    outbox: Outbox
    requeue: Requeue
    turns: tuple[Turn, ...]
    rounds: Rounds


def build(settings: Settings, words: Texts, clock: Callable[[], datetime] = now) -> Parts:
    """Put the parts together. Raises RulesError, and ConfigError for a broken LAPOR profile."""
    store, rules, office = open_store(settings), rule_book(settings), office_of(settings, clock())
    desk = Desk(office, rules.current, store, platform_notices(settings, store, office))
    poller = Poller(store, desk, clock)
    own = office.own_addresses
    sources_of = [source for source in settings.channels if source.enabled]
    channels = [channel_of(source, settings, store, own) for source in sources_of]
    turns = tuple(
        Turn(
            channel,
            schedule=_schedule(source),
            poller=poller,
            store=store,
            office=office,
            words=words,
            watch=Watch(
                settings.health.failures_before_down, settings.health.team or office.default_team
            ),
            poster=Poster(
                source.name, channel, store=store, office=office, words=words, clock=clock
            )
            if isinstance(channel, Answering) and posts(source, settings)
            else None,
        )
        for source, channel in zip(sources_of, channels, strict=True)
    )
    readers: dict[str, Channel] = {m.value: ManualChannel(m, ()) for m in Medium}
    readers |= {channel.name: channel for channel in channels}
    letters = Letters(store, Writing(office, words, rules.meaning))
    mailer = Mailer(smtp_settings(settings))
    return Parts(
        clock=clock,
        settings=settings,
        words=words,
        store=store,
        rules=rules,
        office=office,
        poller=poller,
        mailer=mailer,
        outbox=Outbox(
            store,
            mailer,
            letters=letters,
            words=words,
            clock=clock,
            per_minute=settings.smtp.per_minute,
        ),
        requeue=Requeue(store, poller, readers, clock),
        turns=turns,
        rounds=rounds_of(settings, words, store, office),
    )


def platform_notices(settings: Settings, store: Store, office: Office) -> PlatformNotices:
    """Who reads a platform's mails. Where a feed is on, the team hears of changes from that."""
    has_feed = any(isinstance(s, FeedSource) and s.enabled for s in settings.channels)
    return PlatformNotices(store, office, platform_mail_of(settings), tells=not has_feed)


def rule_book(settings: Settings) -> RuleBook:
    """The shipped rules with the office's own folder over them. Raises RulesError."""
    return RuleBook(partial(sources, settings.rules.folder))


def smtp_settings(settings: Settings) -> SmtpSettings:
    """The server that sends our mail; its password is read when it is needed."""
    smtp = settings.smtp
    return SmtpSettings(
        host=smtp.host,
        port=smtp.port,
        security=smtp.security,
        username=smtp.username,
        password=OpenedSecret(smtp.password, "SMTP") if smtp.password else None,
        ca_file=str(smtp.ca_file) if smtp.ca_file else None,
        timeout=float(smtp.timeout_seconds),
        sender_address=smtp.sender_address,
        sender_name=smtp.sender_name or settings.office.section,
    )


def _schedule(source: Source) -> Schedule:
    return Schedule(timedelta(seconds=source.poll_seconds), skips_history=source.since is not None)
