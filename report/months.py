"""Months as people in the office count them. A month is named by its first day."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_A_YEAR = 12


def back(month: date, count: int = 1) -> date:
    """Return the month so many months earlier; a negative count goes forward."""
    whole = month.year * _A_YEAR + month.month - 1 - count
    return date(whole // _A_YEAR, whole % _A_YEAR + 1, 1)


def begins(month: date, zone: ZoneInfo) -> datetime:
    """Return the moment a month begins in a zone, in UTC."""
    return datetime.combine(month.replace(day=1), time(), zone).astimezone(UTC)


def past_year(month: date) -> tuple[date, ...]:
    """Return the twelve months that end with this one, oldest first."""
    return tuple(back(month, count) for count in reversed(range(_A_YEAR)))
