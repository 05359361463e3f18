"""A person decides tier or kind: the clock from receipt, the team and the readers follow the decision."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from classify.routing import Subject, promise, team_for
from classify.types import Kind, Tier, Verdict
from ingest.office import Office
from ingest.promises import Correction, Telling, correction
from store import Store
from store.types import Decision, NoticeKind, NoticeRequest, Ticket


class Contradiction(ValueError):  # noqa: N818 - says what is the case
    """Praise and spam carry no tier, everything else needs one."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided, and what the complainant is told of its deadline."""

    decision: Decision
    correction: Correction


def reclassify(
    store: Store,
    office: Office,
    ticket: Ticket,
    *,
    tier: Tier | None,
    kind: Kind | None,
    who: str,
    why: str,
    clock: Callable[[], datetime],
) -> Decided:
    """Put a person's decision in force and tell who must know. Raises Contradiction.

    ``kind`` None keeps the case's, except that what gets a tier is no longer praise or spam.
    """
    decision = _decided(office, ticket, tier, kind or _kind(ticket, tier), who=who, why=why)
    told = correction(store, ticket, decision.due_at, decision.tier)
    notices = _notices(office, ticket, decision)
    if told.telling is Telling.MAIL:
        notices.append(NoticeRequest(NoticeKind.PROMISE, told.recipient))
    store.reclassify(ticket.number, decision, notices, now=clock())
    if told.telling is Telling.READY:
        details = {"due_at": decision.due_at.isoformat() if decision.due_at else ""}
        store.record(ticket.number, "promise.corrected", who, details, clock())
    return Decided(decision, told)


def _kind(ticket: Ticket, tier: Tier | None) -> Kind:
    return ticket.kind if tier is None or ticket.kind.wants_answer else Kind.PENGADUAN


def _decided(
    office: Office, ticket: Ticket, tier: Tier | None, kind: Kind, *, who: str, why: str
) -> Decision:
    if kind.wants_answer is (tier is None):
        raise Contradiction(kind)
    verdict = Verdict(kind, tier, True, None, (tier,) if tier else (), (), "")
    words = f"{ticket.subject}\n{ticket.reply_text or ticket.text}"
    subject = Subject(ticket.channel, ticket.medium, words)
    due = promise(
        verdict, ticket.clock_starts_at, office.limits, office.information_limit, office.calendar
    )
    return Decision(
        kind=kind,
        tier=tier,
        team=team_for(subject, verdict, office.routes, office.default_team),
        due_at=due.due_at,
        limit=due.limit,
        calendar=due.calendar,
        who=who,
        why=why,
        asked=ticket.complainant.secret or ticket.complainant.anonymous,
    )


def _notices(office: Office, ticket: Ticket, decision: Decision) -> list[NoticeRequest]:
    """The readers learn of every change; who may read no longer learns that, without content."""
    readers = office.examiners() if decision.restricted else office.members(decision.team)
    had_it = office.examiners() if ticket.restricted else ()
    notices = [
        NoticeRequest(NoticeKind.TEAM_RECLASSIFIED, one)
        for one in dict.fromkeys((*readers, *had_it))
    ]
    if decision.restricted and not ticket.restricted:
        others = dict.fromkeys((*office.members(ticket.team), *office.bystanders(decision.team)))
        notices += [
            NoticeRequest(NoticeKind.TEAM_RESTRICTED, other)
            for other in others
            if other not in readers
        ]
    return notices
