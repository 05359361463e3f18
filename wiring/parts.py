"""From settings to parts that work together. Nothing is connected or written here."""

from collections.abc import Callable, Mapping
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
from config.texts import LANGUAGES, Texts
from ingest.datebook import DateBook
from ingest.desk import Desk
from ingest.letters import Letters
from ingest.letters.digest import DigestLetters
from ingest.letters.envelope import Desk as Writing
from ingest.monthly import MonthlyReport
from ingest.office import Office
from ingest.outbox import Outbox
from ingest.platform_mail import PlatformNotices
from ingest.poll import Poller
from ingest.posting import Poster
from ingest.reminders import Reminders
from ingest.requeue import Requeue
from ingest.retention import MonthlyPurge
from ingest.returned import Returned
from ingest.rounds import Rounds
from ingest.rulebook import RuleBook
from ingest.staff_mail.patience import Patience
from ingest.staff_mail.work import StaffWork
from ingest.turn import Schedule, Turn, Watch
from store import Store
from wiring.channels import OpenedSecret, channel_of, platform_mail_of, posts
from wiring.clock import now
from wiring.office import datebook_of, office_of
from wiring.reminding import digests_of, plan_of
from wiring.reporting import monthly_of
from wiring.retention import purge_of
from wiring.staff_mail import marks_of, patience_of, staff_work_of
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
    dates: DateBook
    office: Office
    poller: Poller
    mailer: Mailer
    outbox: Outbox
    requeue: Requeue
    turns: tuple[Turn, ...]
    rounds: Rounds
    staff_work: StaffWork
    reminders: Reminders
    monthly: MonthlyReport | None
    purge: MonthlyPurge | None


def build(settings: Settings, words: Texts, clock: Callable[[], datetime] = now) -> Parts:
    """Put the parts together. Raises RulesError, and ConfigError for a broken LAPOR profile."""
    store, rules = open_store(settings), rule_book(settings)
    dates = datebook_of(settings, store, clock)
    office = office_of(settings, clock(), dates.current)
    notices, marks = platform_notices(settings, store, office), marks_of(words)
    desk = Desk(office, rules.current, store, notices, marks=marks)
    poller, mailer = Poller(store, desk, clock), Mailer(smtp_settings(settings))
    languages = {name: Texts(name, settings.general.timezone) for name in LANGUAGES}
    rounds = rounds_of(settings, words, store, office)
    digests = digests_of(settings, store, office, rounds)
    reminders = Reminders(store, office, plan_of(settings.escalation), digests)
    writing = Writing(office, words, rules.meaning, languages, clock)
    letters = Letters(store, writing, DigestLetters(store, writing, digests).write)
    sources_on = [source for source in settings.channels if source.enabled]
    channels = {s.name: channel_of(s, settings, store, office.own_addresses) for s in sources_on}
    make = _Maker(settings, words, store, office, poller, clock, patience_of(settings))
    return Parts(
        clock=clock,
        settings=settings,
        words=words,
        store=store,
        rules=rules,
        dates=dates,
        office=office,
        poller=poller,
        mailer=mailer,
        outbox=make.outbox(mailer, letters, reminders),
        requeue=Requeue(store, poller, _readers(channels), clock),
        turns=tuple(make.turn(source, channels[source.name]) for source in sources_on),
        rounds=rounds,
        reminders=reminders,
        monthly=monthly_of(
            settings, words, store, calendar=dates.current, rules=rules.current, clock=clock
        ),
        purge=purge_of(settings, store, clock),
        staff_work=staff_work_of(
            settings, words, store, office, clock=clock, patience=make.patience
        ),
    )


@dataclass(frozen=True, slots=True)
class _Maker:
    """What every channel's turn and the outbox are made with."""

    settings: Settings
    words: Texts
    store: Store
    office: Office
    poller: Poller
    clock: Callable[[], datetime]
    patience: Patience

    def turn(self, source: Source, channel: Channel) -> Turn:
        health, every = self.settings.health, timedelta(seconds=source.poll_seconds)
        return Turn(
            channel,
            schedule=Schedule(every, skips_history=source.since is not None),
            poller=self.poller,
            store=self.store,
            office=self.office,
            words=self.words,
            watch=Watch(health.failures_before_down, health.team or self.office.default_team),
            poster=self._poster(source, channel),
            polled=self.patience.polled,
        )

    def outbox(self, mailer: Mailer, letters: Letters, reminders: Reminders) -> Outbox:
        return Outbox(
            self.store,
            mailer,
            letters=letters,
            returned=Returned(self.store, self.office, self.clock),
            words=self.words,
            clock=self.clock,
            per_minute=self.settings.smtp.per_minute,
            is_moot=reminders.is_moot,
        )

    def _poster(self, source: Source, channel: Channel) -> Poster | None:
        if not (isinstance(channel, Answering) and posts(source, self.settings)):
            return None
        return Poster(
            source.name,
            channel,
            store=self.store,
            office=self.office,
            words=self.words,
            clock=self.clock,
        )


def _readers(channels: Mapping[str, Channel]) -> dict[str, Channel]:
    """Who reads what lies in quarantine, by the channel's name."""
    typed_in: dict[str, Channel] = {m.value: ManualChannel(m, ()) for m in Medium}
    return typed_in | dict(channels)


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
