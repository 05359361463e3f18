"""A person gives a case to another team, or merges two: who must be told follows from who may read."""

from collections.abc import Callable
from datetime import datetime

from ingest.office import Office
from store import Store
from store.types import NoticeKind, NoticeRequest, Ticket


def assign(
    store: Store,
    office: Office,
    ticket: Ticket,
    team: str,
    *,
    who: str,
    why: str,
    clock: Callable[[], datetime],
) -> None:
    """Give a case to a team and tell it. Raises NotAllowed.

    Of a restricted case, examiners of that team get the content, its other members number and clock.
    """
    members = office.members(team)
    readers = office.examiners() if ticket.restricted else members
    notices = [
        NoticeRequest(
            NoticeKind.TEAM_ASSIGNED if member in readers else NoticeKind.TEAM_RESTRICTED, member
        )
        for member in members
    ]
    store.working.assign(ticket.number, team, notices, who=who, why=why, now=clock())


def merge(
    store: Store,
    office: Office,
    ticket: Ticket,
    into: Ticket,
    *,
    who: str,
    why: str,
    clock: Callable[[], datetime],
) -> None:
    """Merge a case into another. Raises NotAllowed.

    Where that makes the other one restricted, the examiners get it, and its team learns that it is.
    """
    notices: list[NoticeRequest] = []
    if ticket.restricted and not into.restricted:
        notices = [NoticeRequest(NoticeKind.TEAM_NEW, one) for one in office.examiners()]
        notices += [
            NoticeRequest(NoticeKind.TEAM_RESTRICTED, one) for one in office.bystanders(into.team)
        ]
    store.merging.merge(ticket.number, into.number, notices, who=who, why=why, now=clock())
