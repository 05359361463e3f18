"""Where a case stands on its way: a line of stations, each with its day once the case has passed it."""

from collections.abc import Iterator
from datetime import datetime

from babel.dates import format_datetime

from config.texts import Texts
from store.types import Journey, Status, Ticket

STATIONS = ("received", "told", "confirmed", "routed", "taken", "answered", "closed")
_BEFORE_WORK = STATIONS.index("taken")
PASSED, AHEAD = "●", "○"
_SHOWN = {
    Status.IN_PROGRESS: "taken_at",
    Status.ANSWERED: "answered_at",
    Status.CLOSED: "closed_at",
}


def line(words: Texts, journey: Journey, now: datetime) -> str:
    """Return all stations, such as ``● diterima 24 Nov · ○ diberi tahu``: those until somebody works on it above.

    When the case was reopened stands at the end.
    """
    stations = [_station(words, name, at, now) for name, at in _times(journey)]
    if journey.reopened_at:
        at = _day(words, journey.reopened_at, now)
        stations.append(words("journey.reopened", at=at))
    rows = (stations[:_BEFORE_WORK], stations[_BEFORE_WORK:])
    return "\n".join(" · ".join(row) for row in rows)


def short(words: Texts, ticket: Ticket, journey: Journey, now: datetime) -> str:
    """Return the line in a few characters, and the status with the day since when."""
    dots = "".join(PASSED if at else AHEAD for _, at in _times(journey))
    since = _since(ticket.status, journey)
    day = _day(words, since, now) if since else ""
    return " ".join(filter(None, (dots, words(f"statuses.{ticket.status}"), day)))


def _since(status: Status, journey: Journey) -> datetime | None:
    if status.open and status is not Status.IN_PROGRESS:
        return journey.reopened_at or journey.routed_at
    at: datetime | None = getattr(journey, _SHOWN[status]) if status in _SHOWN else None
    return at


def _times(journey: Journey) -> Iterator[tuple[str, datetime | None]]:
    return ((name, getattr(journey, f"{name}_at")) for name in STATIONS)


def _station(words: Texts, name: str, at: datetime | None, now: datetime) -> str:
    label = words(f"journey.{name}")
    return f"{PASSED} {label} {_day(words, at, now)}" if at else f"{AHEAD} {label}"


def _day(words: Texts, at: datetime, now: datetime) -> str:
    local = at.astimezone(words.zone)
    same_year = local.year == now.astimezone(words.zone).year
    pattern = words("journey.day_pattern" if same_year else "journey.year_pattern")
    return format_datetime(local, pattern, locale=words.language)
