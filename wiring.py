"""From settings to parts that work together. Nothing is connected or written here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from channels.base import Answering, Channel
from channels.command import say
from channels.manual import ManualChannel
from channels.smtp import Mailer, SmtpSettings
from classify.calendar import Calendar, ClosedDay, DayState, OfficeHours, WorkDay
from classify.deadline import Limit
from classify.routing import Route
from classify.types import Kind, Medium, Tier
from config.channels import FeedSource, ImapSource, Source
from config.closed_days import closed_days
from config.office_calendar import WeekHours
from config.rules import sources
from config.sections import Route as RouteSection
from config.settings import Settings
from config.texts import Texts
from ingest.call import Caller
from ingest.desk import Desk
from ingest.letters import Letters
from ingest.letters.envelope import Desk as Writing
from ingest.office import Office, Team
from ingest.outbox import Outbox
from ingest.platform_mail import PlatformNotices
from ingest.poll import Poller
from ingest.posting import Poster
from ingest.requeue import Requeue
from ingest.rounds import Rounds
from ingest.rulebook import RuleBook
from ingest.turn import Schedule, Turn, Watch
from ingest.watch import Guard, Watcher
from store import Store
from wiring_channels import OpenedSecret, channel_of, platform_mail_of, posts

CALENDAR_YEARS = (-1, 2)  # years around the present that deadlines can touch


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


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


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
    mailer = Mailer(_smtp(settings))
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
        rounds=_rounds(settings, words, store, office),
    )


def platform_notices(settings: Settings, store: Store, office: Office) -> PlatformNotices:
    """Who reads a platform's mails. Where a feed is on, the team hears of changes from that."""
    has_feed = any(isinstance(s, FeedSource) and s.enabled for s in settings.channels)
    return PlatformNotices(store, office, platform_mail_of(settings), tells=not has_feed)


def open_store(settings: Settings) -> Store:
    """The database of the configuration; nothing is opened before its first use."""
    return Store(
        settings.store.connection_url(),
        backup_dir=settings.store.backup_folder,
        message_domain=settings.smtp.sender_address.rpartition("@")[2],
        own_names=(settings.office.name, settings.office.section),
    )


def rule_book(settings: Settings) -> RuleBook:
    """The shipped rules with the office's own folder over them. Raises RulesError."""
    return RuleBook(partial(sources, settings.rules.folder))


def office_of(settings: Settings, at: datetime) -> Office:
    """What the office has settled, with its calendar for the years around ``at``."""
    office, smtp, limits = settings.office, settings.smtp, settings.limits
    mailboxes = {s.username for s in settings.channels if isinstance(s, ImapSource)}
    return Office(
        name=office.section,
        signature=office.signature,
        phone=office.phone,
        address=office.address,
        sender=smtp.sender_address,
        sender_name=smtp.sender_name or office.section,
        teams={t.name: Team(t.name, t.label, t.members, t.examiner) for t in settings.teams},
        default_team=settings.default_team.name,
        limits={tier: Limit.parse(getattr(limits, tier.value)) for tier in Tier},
        information_limit=Limit.parse(limits.permintaan_informasi),
        calendar=calendar_of(settings, at),
        routes=tuple(map(_route, settings.routes)),
        own_addresses=frozenset(
            a.casefold() for a in {*mailboxes, *office.emails, smtp.sender_address}
        ),
        acknowledge=settings.acknowledgement.enabled,
        acknowledgements_per_hour=settings.acknowledgement.per_sender_per_hour,
    )


def calendar_of(settings: Settings, at: datetime) -> Calendar:
    """The legal calendar of the years around ``at``."""
    section = settings.calendar
    first, last = (at.year + years for years in CALENDAR_YEARS)
    days = closed_days(
        first,
        last,
        section.days,
        balinese=section.balinese_days,
        complete_years=section.complete_years,
        language=settings.general.language,
    )
    return Calendar(
        hours=tuple(map(_hours, section.hours)),
        days=tuple(ClosedDay(d.date, d.name, d.source, DayState(d.state)) for d in days.days),
        zone=settings.general.timezone,
        lunch_stops_clock=section.lunch_stops_clock,
        dispensation_stops_clock=section.dispensation_stops_clock,
        office_hours_only=section.office_hours_only,
        complete_years=days.complete_years,
    )


def _hours(hours: WeekHours) -> OfficeHours:
    week = tuple(
        WorkDay(d.opens, d.closes, d.break_starts, d.break_ends) if d else None for d in hours.week
    )
    return OfficeHours(hours.since, week)


def _route(route: RouteSection) -> Route:
    return Route(
        team=route.team,
        mediums=frozenset(map(Medium, route.medium)),
        kinds=frozenset(map(Kind, route.kind)),
        tiers=frozenset(map(Tier, route.tier)),
        channels=frozenset(route.channel),
        words=route.words,
    )


def _smtp(settings: Settings) -> SmtpSettings:
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


def _rounds(settings: Settings, words: Texts, store: Store, office: Office) -> Rounds:
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


def _schedule(source: Source) -> Schedule:
    return Schedule(timedelta(seconds=source.poll_seconds), skips_history=source.since is not None)
