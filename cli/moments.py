"""When did it happen? What an operator types between two sentences on the phone."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

YESTERDAY = ("kemarin", "yesterday")
CLOCK = re.compile(r"\d\d?[.:]\d\d")
FORMATS = ("%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M")


def parse_moment(given: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return an aware moment from "", "14:30", "kemarin 14.30", "24-11-2026 14:30" or ISO 8601.

    Times without a zone are the office's. Raises ValueError for anything else and for the future.
    """
    moment = _parsed(given.strip().lower(), now.astimezone(zone))
    if moment > now + timedelta(minutes=1):
        raise ValueError("in the future")
    return moment


def _parsed(given: str, now: datetime) -> datetime:
    if not given:
        return now
    day, _, time = given.rpartition(" ")
    if day in ("", *YESTERDAY) and CLOCK.fullmatch(time):
        at = datetime.strptime(time.replace(".", ":"), "%H:%M")  # noqa: DTZ007 - the zone is the office's
        date = now - timedelta(days=1) if day else now
        return date.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    for form in FORMATS:
        try:
            return datetime.strptime(given.replace(".", ":"), form).replace(tzinfo=now.tzinfo)
        except ValueError:
            continue
    moment = datetime.fromisoformat(given.upper())
    return moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
