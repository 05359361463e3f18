"""The complainant writes back: what was answered is owed again, and by when.

The service standard gives a time for each complaint from its receipt, and does not speak of a second
message. An answer fulfils the promise; what is asked after it is new, and the same time runs from its
receipt: else whoever writes their thanks on day 20 would make an answer of day 3 late. What was closed
without an answer is still owed by the old deadline, and while a case is open more words change no clock.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, select

from store.models import EventRow
from store.types import Clock, Status

DONE = (Status.ANSWERED, Status.CLOSED)
RESTARTED = "clock.restarted"
_ANSWERED = "answer.recorded"


def reopened(cases: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return which of the cases that stand for a complaint are opened again.

    Of a split one none, while any part is still worked on: its team is told. After that all, because
    nobody knows which part is meant.
    """
    cases = list(cases)
    if any(Status(case["status"]).open for case in cases):
        return []
    return [case for case in cases if case["status"] in DONE]


def answered_since(connection: Connection, number: str) -> bool:
    """Whether the promise that runs for a case was fulfilled by an answer."""
    wanted = (
        select(EventRow.what, func.max(EventRow.id).label("last"))
        .where(EventRow.number == number, EventRow.what.in_((RESTARTED, _ANSWERED)))
        .group_by(EventRow.what)
    )
    last: dict[str, int] = {row.what: row.last for row in connection.execute(wanted)}
    return last.get(_ANSWERED, 0) > last.get(RESTARTED, 0)


def clock_of(clocks: Iterable[Clock], number: str) -> Clock | None:
    """Return the clock that was worked out for a case."""
    return next((clock for clock in clocks if clock.number == number), None)
