"""How late, in words; the same in mails and on screens."""

from datetime import datetime, timedelta

from classify.calendar import Calendar
from classify.stages import Lateness, lateness
from ingest.office import Words

HOUR = 60  # minutes


def late(words: Words, due: datetime, moment: datetime, calendar: Calendar) -> str:
    """Return such as ``2 hari kerja`` or ``35 menit``; empty where the moment is in time."""
    by = lateness(due, moment, calendar)
    return _told(words, by) if by else ""


def duration(words: Words, time: timedelta) -> str:
    """Return hours and minutes, such as ``1 jam 30 menit``; what is begun of a minute counts as one."""
    hours, minutes = divmod(-(-time // timedelta(minutes=1)), HOUR)
    parts = [words("reminders.hours", count=hours)] if hours else []
    parts += [words("reminders.minutes", count=minutes)] if minutes or not hours else []
    return " ".join(parts)


def _told(words: Words, by: Lateness) -> str:
    if by.working_days:
        return words("reminders.working_days", count=by.working_days)
    if by.minutes:
        return duration(words, timedelta(minutes=by.minutes))
    return words("reminders.under_a_day")
