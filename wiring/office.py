"""What the office has settled: teams, routes, limits and the legal calendar."""

from datetime import datetime

from classify.calendar import Calendar, ClosedDay, DayState, OfficeHours, WorkDay
from classify.deadline import Limit
from classify.routing import Route
from classify.types import Kind, Medium, Tier
from config.channels import ImapSource
from config.closed_days import closed_days
from config.office_calendar import WeekHours
from config.sections import Route as RouteSection
from config.settings import Settings
from ingest.office import Office, Person, Team

CALENDAR_YEARS = (-1, 2)  # years around the present that deadlines can touch


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
        staff=tuple(Person(p.name, p.email, p.login) for p in settings.staff),
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
