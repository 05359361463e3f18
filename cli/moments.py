"""When did it happen? What an operator types between two sentences on the phone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

YESTERDAY = ("kemarin", "yesterday")
TOMORROW = ("besok", "tomorrow")
DATES = ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d")


def parse_moment(given: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return an aware moment from "", "14.30", "kemarin 14:30", "24-11-2026 14:30", a date or ISO 8601.

    Times without a zone are the office's. A day without a time counts from its beginning: no deadline
    gets longer by what nobody remembers. Raises ValueError for anything else and for the future.
    """
    moment = _parsed(given.strip().lower(), now.astimezone(zone))
    if moment > now + timedelta(minutes=1):
        raise ValueError("in the future")
    return moment


def parse_coming(given: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return an aware moment that is still to come, such as "14.30" or "besok 9.00". Raises ValueError."""
    day, _, rest = given.strip().lower().partition(" ")
    local = now.astimezone(zone)
    if day in TOMORROW and rest:
        moment = datetime.combine(local.date() + timedelta(days=1), _time(rest), local.tzinfo)
    else:
        moment = _parsed(given.strip().lower(), local)
    if moment <= now:
        raise ValueError("over")
    return moment


def _parsed(given: str, now: datetime) -> datetime:
    if not given:
        return now
    day, _, rest = given.partition(" ")
    if (named := _day(day, now)) is not None:
        return datetime.combine(named, _time(rest) if rest else time(), now.tzinfo)
    try:
        return datetime.combine(now.date(), _time(given), now.tzinfo)
    except ValueError:
        moment = datetime.fromisoformat(given.upper())
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)


def parse_day(given: str) -> date | None:
    """Return a date from "24-11-2026", "24/11/2026" or "2026-11-24"; None for anything else."""
    for form in DATES:
        try:
            return datetime.strptime(given, form).date()  # noqa: DTZ007 - only its date is used
        except ValueError:
            continue
    return None


def _day(given: str, now: datetime) -> date | None:
    return now.date() - timedelta(days=1) if given in YESTERDAY else parse_day(given)


def _time(given: str) -> time:
    return datetime.strptime(given.strip().replace(".", ":"), "%H:%M").time()  # noqa: DTZ007 - as above
