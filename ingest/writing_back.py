"""The complainant writes again: who has to read it, and the time an answer to it takes."""

from collections.abc import Iterator
from datetime import datetime

from classify.deadline import Limit, due_at
from ingest.office import Office
from store.types import Clock, Thread


def readers_of(office: Office, thread: Thread) -> tuple[str, ...]:
    """Return who reads what is said about a case: of a split one the teams of all its parts.

    Nobody knows which part it is about, so of a restricted complaint the examiners alone.
    """
    whole = (thread, *thread.parts)
    if any(one.restricted for one in whole):
        return office.examiners()
    teams = [one.team for one in thread.parts or whole]
    return tuple(dict.fromkeys(member for team in teams for member in office.members(team)))


def clocks(office: Office, thread: Thread, received_at: datetime) -> tuple[Clock, ...]:
    """Return the deadlines that run from a new message, if it reopens what was answered (store/reopening.py)."""
    return tuple(_clocks(office, thread, received_at))


def _clocks(office: Office, thread: Thread, received_at: datetime) -> Iterator[Clock]:
    calendar = office.calendar  # once: it may be another one in a moment
    for one in thread.parts or (thread,):
        if one.promise:
            due = due_at(received_at, Limit.parse(one.promise), calendar)
            yield Clock(one.number, received_at, due, one.promise, calendar.version)
