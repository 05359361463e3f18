"""What a changed calendar does to a promise that was made: the same promise, reckoned anew from receipt."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache

from classify.calendar import Calendar
from classify.deadline import Limit, due_at
from classify.routing import plausible_limits
from classify.types import Tier, Verdict
from store.types import Owed, Redated, Redating

DAYS_TOLD = 5

Changes = Mapping[date, tuple[str, str]]
"""For each day that changed: ``why`` with what it is now, or ``gone`` with what it was."""


@dataclass(frozen=True, slots=True)
class Promises:
    """The office's limits: for each tier, and for requests for information."""

    limits: Mapping[Tier, Limit]
    information: Limit


def redating(calendar: Calendar, promises: Promises, changed: Changes, since: datetime) -> Redating:
    """Return how deadlines follow a calendar that begins at ``since``."""
    reckon = _reckoning(calendar)

    def rule(owed: Owed) -> Redated:
        due, limit = _shortest(owed, promises, reckon)
        return Redated(str(limit), due, dict(_told(owed, due, changed, calendar)))

    return Redating(calendar.version, since, snapshot(calendar), rule)


def snapshot(calendar: Calendar) -> str:
    """Return the calendar's days as text, to tell the next one's changes from."""
    days = {day.date.isoformat(): [day.state, day.name, day.source] for day in calendar.days}
    return json.dumps(days, ensure_ascii=False, sort_keys=True)


def changes(before: str, calendar: Calendar) -> Changes:
    """Return the days that are not what a `snapshot` says, in the years both know."""
    was = json.loads(before) if before else {}
    now = json.loads(snapshot(calendar))
    if not was or not now:
        return {}
    first, last = max(min(was), min(now))[:4], min(max(was), max(now))[:4]
    days = sorted(day for day in {*was, *now} if first <= day[:4] <= last)
    return {
        date.fromisoformat(day): _change(was.get(day), now.get(day))
        for day in days
        if was.get(day) != now.get(day)
    }


def _change(was: list[str] | None, now: list[str] | None) -> tuple[str, str]:
    name, (_, title, source) = ("why", now) if now else ("gone", was or ["", "", ""])
    return name, f"{title} ({source})"


def _reckoning(calendar: Calendar) -> Callable[[datetime, Limit], datetime]:
    """Return `due_at` of a calendar. Working days are the same for all that came on one day: once is enough."""

    @cache
    def of_day(day: date, limit: Limit) -> datetime:
        return due_at(calendar.at(day, time()), limit, calendar)

    def reckon(received_at: datetime, limit: Limit) -> datetime:
        if limit.working_days is None:
            return due_at(received_at, limit, calendar)
        return of_day(calendar.local(received_at).date(), limit)

    return reckon


def _shortest(
    owed: Owed, promises: Promises, reckon: Callable[[datetime, Limit], datetime]
) -> tuple[datetime, Limit]:
    """The shortest plausible deadline, as at receipt; the promise alone where the office has others now."""
    verdict = Verdict(owed.kind, owed.tier, owed.certain, None, owed.plausible, (), "")
    limits = plausible_limits(verdict, promises.limits, promises.information)
    own = Limit.parse(owed.limit)
    dated = [
        (reckon(owed.received_at, limit), str(limit), limit)
        for limit in (limits if own in limits else (own,))
    ]
    due, _, limit = min(dated, key=lambda one: one[:2])
    return due, limit


def _told(
    owed: Owed, due: datetime, changed: Changes, calendar: Calendar
) -> Iterator[tuple[str, str]]:
    """Which of the changed days lie between receipt and either deadline, and what is said about them."""
    first = calendar.local(owed.received_at).date()
    last = calendar.local(max(owed.due_at, due)).date()
    days = [day for day in sorted(changed) if first <= day <= last]
    if not days:
        yield "cause", "settings"
        return
    yield "days", ", ".join(day.isoformat() for day in days[:DAYS_TOLD])
    for name in ("why", "gone"):
        texts = [changed[day][1] for day in days[:DAYS_TOLD] if changed[day][0] == name]
        yield name, "; ".join(dict.fromkeys(texts))
