"""Moments as people say them: in 3 minutes, today 14.30, tomorrow, Wed 25 Nov."""

from datetime import datetime, timedelta

from babel.dates import format_datetime

from config.texts import Texts

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def friendly(words: Texts, at: datetime, now: datetime) -> str:
    """Return a moment near ``now`` by its distance or its day, others by date; in the office's zone."""
    distance = at - now
    if abs(distance) < HOUR:
        return _minutes(words, distance)
    local, today = at.astimezone(words.zone), now.astimezone(words.zone).date()
    names = {0: "today", 1: "tomorrow", -1: "yesterday"}
    name = names.get((local.date() - today).days)
    if name is None:
        return date(words, at, now)
    return words(f"times.{name}", time=_formatted(words, local, "time_pattern"))


def date(words: Texts, at: datetime, now: datetime) -> str:
    """Return a moment with its weekday; the year only where it is another one."""
    local = at.astimezone(words.zone)
    same_year = local.year == now.astimezone(words.zone).year
    return _formatted(words, local, "date_pattern" if same_year else "full_pattern")


def _minutes(words: Texts, distance: timedelta) -> str:
    count = round(abs(distance) / MINUTE)
    ahead = distance > timedelta()
    if count == 0:
        return words("times.in_a_moment" if ahead else "times.just_now")
    return words("times.in_minutes" if ahead else "times.minutes_ago", count=count)


def _formatted(words: Texts, local: datetime, pattern: str) -> str:
    return format_datetime(local, words(f"times.{pattern}"), locale=words.language)
