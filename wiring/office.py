"""What the office has settled: teams, routes, limits and the legal calendar."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache, partial

from classify.calendar import Calendar, ClosedDay, DayState, OfficeHours, WorkDay
from classify.deadline import Limit
from classify.routing import Route
from classify.types import Kind, Medium, Tier
from config.channels import ImapSource
from config.closed_days import ClosedDays, Day, State, closed_days
from config.office_calendar import WeekHours
from config.sections import Route as RouteSection
from config.settings import Settings
from ingest.datebook import DateBook
from ingest.office import Office, Person, Requirement, StaffReplies, Team
from ingest.redate import Promises
from store import Store
from store.types import OfficeDay

_STATES: Mapping[DayState, State] = {
    DayState.CLOSED: "closed",
    DayState.OPEN: "open",
    DayState.DISPENSATION: "dispensation",
}
CALENDAR_YEARS = (-4, 2)  # years around the present that open cases can touch


def office_of(
    settings: Settings, at: datetime, calendar: Callable[[], Calendar] | None = None
) -> Office:
    """What the office has settled. ``calendar`` gives the one in force, which people change.

    Without it, the configuration's for the years around ``at``.
    """
    office, smtp, promises = settings.office, settings.smtp, promises_of(settings)
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
        limits=promises.limits,
        information_limit=promises.information,
        dates=calendar or _fixed(settings, at),
        requirements=requirements_of(settings),
        staff=tuple(Person(p.name, p.email, p.login) for p in settings.staff),
        routes=tuple(map(_route, settings.routes)),
        own_addresses=frozenset(
            a.casefold() for a in {*mailboxes, *office.emails, smtp.sender_address}
        ),
        acknowledge=settings.acknowledgement.enabled,
        staff_replies=_staff_replies(settings),
        acknowledgements_per_hour=settings.acknowledgement.per_sender_per_hour,
    )


def _fixed(settings: Settings, at: datetime) -> Callable[[], Calendar]:
    """The configuration's calendar, put together where it is first asked for."""
    return cache(partial(calendar_of, settings, at))


def requirements_of(settings: Settings) -> tuple[Requirement, ...]:
    """What people have to show who ask for data or information."""
    return tuple(
        Requirement(one.name, one.label, one.label_en, frozenset(map(Kind, one.kind)))
        for one in settings.requirements
    )


def datebook_of(settings: Settings, store: Store, clock: Callable[[], datetime]) -> DateBook:
    """The legal calendar in force, which follows the office's own table in the database."""
    first, _ = CALENDAR_YEARS
    return DateBook(
        store, partial(calendar_of, settings), promises_of(settings), clock, years_back=-first
    )


def promises_of(settings: Settings) -> Promises:
    """How soon the office answers."""
    limits = settings.limits
    return Promises(
        {tier: Limit.parse(getattr(limits, tier.value)) for tier in Tier},
        Limit.parse(limits.permintaan_informasi),
    )


def days_of(settings: Settings, at: datetime, decided: Iterable[OfficeDay] = ()) -> ClosedDays:
    """What is known of the days of the years around ``at``; the office's table stands over all else."""
    section = settings.calendar
    first, last = (at.year + years for years in CALENDAR_YEARS)
    return closed_days(
        first,
        last,
        section.days,
        decided=map(_decided, decided),
        balinese=section.balinese_days,
        complete_years=section.complete_years,
        language=settings.general.language,
    )


def calendar_of(settings: Settings, at: datetime, decided: Iterable[OfficeDay] = ()) -> Calendar:
    """The legal calendar of the years around ``at``."""
    section, days = settings.calendar, days_of(settings, at, decided)
    return Calendar(
        hours=tuple(map(_hours, section.hours)),
        days=tuple(ClosedDay(d.date, d.name, d.source, DayState(d.state)) for d in days.days),
        zone=settings.general.timezone,
        lunch_stops_clock=section.lunch_stops_clock,
        dispensation_stops_clock=section.dispensation_stops_clock,
        office_hours_only=section.office_hours_only,
        complete_years=days.complete_years,
    )


def _decided(day: OfficeDay) -> Day:
    state = _STATES[DayState(day.state)]
    return Day(day.date, day.name or day.why, day.why, "decided", state)


def _staff_replies(settings: Settings) -> StaffReplies:
    section = settings.staff_mail
    mailboxes = [s for s in settings.channels if isinstance(s, ImapSource) and s.enabled]
    return StaffReplies(
        accept=section.accept,
        provable=any(source.authserv_id for source in mailboxes),
        window=timedelta(minutes=section.cancel_minutes),
        tagged=section.plus_address,
        files_limit=settings.answers.attachments_megabytes * 2**20,
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
