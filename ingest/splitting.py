"""A person splits a complaint with several matters: each part is classified, routed and timed as a new case is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from classify.engine import RuleSet
from classify.routing import Subject, promise, team_for
from classify.types import Kind, Tier, Verdict
from ingest.office import Office
from ingest.promises import mail_for
from ingest.reclassify import Contradiction
from ingest.telling import team_notices
from store import NumberTaken, Store
from store.numbers import new_number
from store.types import NewPart, NoticeKind, NoticeRequest, NoticeState, Status, Ticket

SUBJECT_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """What a person made a part of: its words, which sentences they are, and what they decided about it."""

    text: str
    extent: str = ""
    tier: Tier | None = None
    kind: Kind | None = None
    team: str = ""


def planned(office: Office, rules: RuleSet, ticket: Ticket, piece: Piece) -> NewPart:
    """Return the case a piece becomes. Raises Contradiction."""
    ruled = rules.classify("", piece.text, ticket.medium)
    verdict = _decided(ruled, piece)
    subject = Subject(ticket.channel, ticket.medium, piece.text)
    team = piece.team or team_for(subject, verdict, office.routes, office.default_team)
    due = promise(
        verdict, ticket.clock_starts_at, office.limits, office.information_limit, office.calendar
    )
    asked = ticket.complainant.secret or ticket.complainant.anonymous  # see ingest/desk.py
    restricted = verdict.restricted or asked
    notices = team_notices(office, team, restricted=restricted)
    return NewPart(
        number=new_number(),
        subject=_subject(piece.text),
        text=piece.text,
        extent=piece.extent,
        verdict=verdict,
        team=team,
        due_at=due.due_at,
        limit=due.limit,
        calendar=due.calendar,
        restricted=restricted,
        notices=tuple(notices) if verdict.needs_people else (),
        ruled=ruled if piece.tier or piece.kind else None,
    )


def split(
    store: Store,
    ticket: Ticket,
    parts: Sequence[NewPart],
    *,
    who: str,
    why: str,
    clock: Callable[[], datetime],
) -> None:
    """Open a case for each part, tell its team, and the complainant by the mail they know us by. Raises NotAllowed."""
    told = _to_complainant(store, ticket, parts)
    received_at = ticket.first_received_at or ticket.received_at
    while True:
        try:
            store.splitting.split(
                ticket.number, parts, told, who=who, why=why, received_at=received_at, now=clock()
            )
        except NumberTaken:
            parts = [replace(part, number=new_number()) for part in parts]
        else:
            return


def unsplit(
    store: Store, ticket: Ticket, *, who: str, why: str, clock: Callable[[], datetime]
) -> Status:
    """Let a complaint be one again; who was told of its parts is told. Raises NotAllowed."""
    told = [n for n in store.notices(ticket.number) if n.kind is NoticeKind.PARTS]
    again = [n.recipient for n in told[-1:] if n.state is NoticeState.SENT]
    notices = [NoticeRequest(NoticeKind.PARTS, recipient) for recipient in again]
    return store.splitting.unsplit(ticket.number, notices, who=who, why=why, now=clock())


def _decided(ruled: Verdict, piece: Piece) -> Verdict:
    """A person's word counts; what they leave open the rules say."""
    tier, kind = piece.tier, piece.kind
    if tier is None and kind is None:
        return ruled
    if kind is None:
        kind = ruled.kind if ruled.kind.wants_answer else Kind.PENGADUAN
    if tier is None and kind.wants_answer:
        if ruled.certain and ruled.tier is None:
            raise Contradiction(kind)
        return replace(ruled, kind=kind)
    if tier is not None and not kind.wants_answer:
        raise Contradiction(kind)
    plausible = (tier,) if tier else ()
    return replace(ruled, kind=kind, tier=tier, certain=True, suggested=None, plausible=plausible)


def _to_complainant(store: Store, ticket: Ticket, parts: Sequence[NewPart]) -> list[NoticeRequest]:
    """Nothing where all parts are for the examiners: which matters are examined is not put into a mail."""
    to = mail_for(store, ticket)
    if not to or all(part.restricted for part in parts):
        return []
    return [NoticeRequest(NoticeKind.PARTS, to)]


def _subject(text: str) -> str:
    """The first words of a part: the whole's subject may name what only examiners may read."""
    line = " ".join(text.split())
    if len(line) <= SUBJECT_LENGTH:
        return line
    return line[:SUBJECT_LENGTH].rsplit(" ", 1)[0] + "…"
