"""What people decided about a case's tier (label): kept beside what it was before, to mend the rules by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from classify.types import Kind, Medium, Tier
from store import chain, families, merging, outbox, splitting
from store.bulk import insert_rows
from store.errors import CasePurged
from store.lifecycle import Step, after
from store.models import AnyRow, CaseRow, LabelRow, NoticeRow
from store.rows import Tokens, notice_row
from store.types import Decision, Judged, NoticeKind, NoticeRequest, NoticeState, Status
from store.working import change


def reclassify(
    connection: Connection,
    number: str,
    decision: Decision,
    notices: Sequence[NoticeRequest],
    *,
    now: datetime,
    domain: str,
) -> None:
    """Put a person's decision in force, with its event, its label and its notices.

    Raises LookupError if there is no such case, NotAllowed for a merged one. A case that stands for a
    restricted one stays restricted. Where the case becomes restricted, waiting mails to
    people who are not among the readers of ``notices`` lose their content.
    """
    splitting.hold_wholes(connection, [number])
    was = connection.execute(select(CaseRow).where(CaseRow.number == number)).one_or_none()
    if was is None:
        raise LookupError(number)
    if was.purged_at:
        raise CasePurged(number=number)
    after(number, Step.RECLASSIFY, Status(was.status))
    change(connection, number, **_columns(decision))
    members = families.family(connection, number)[1:]
    if decision.restricted:
        connection.execute(
            update(CaseRow).where(CaseRow.number.in_(members)).values(restricted=True)
        )
    elif members and was.restricted and merging.any_restricted(connection, number):
        change(connection, number, restricted=True)
    insert_rows(connection, LabelRow, [_label(was, decision, now)])
    if decision.restricted:
        outbox.withhold(connection, number, notices)
        splitting.restrict_wholes(connection, [was], notices)
    _tell(connection, number, notices, Tokens(domain), now)
    told = chain.event(number, "complaint.reclassified", decision.who, _details(was, decision), now)
    chain.append(connection, chain.STAFF, [told])


def judged(
    connection: Connection,
    *,
    since: datetime | None,
    after: int,
    limit: int,
    by_people: bool,
    decided: tuple[datetime, datetime] | None = None,
) -> list[Judged]:
    """Return a page of cases with their verdicts, in order of entry, those after row ``after``.

    Without those whose words were removed: rules cannot be held against them.

    ``decided`` is a span from and before a moment: only what people decided last within it.
    """
    latest = select(func.max(LabelRow.id)).group_by(LabelRow.number)
    wanted = (
        _JUDGED.where(CaseRow.id > after, CaseRow.purged_at.is_(None))
        .outerjoin(LabelRow, (LabelRow.number == CaseRow.number) & LabelRow.id.in_(latest))
        .order_by(CaseRow.id)
        .limit(limit)
    )
    if since is not None:
        wanted = wanted.where(CaseRow.received_at >= since)
    if by_people:
        wanted = wanted.where(LabelRow.id.is_not(None))
    if decided is not None:
        wanted = wanted.where(LabelRow.at >= decided[0], LabelRow.at < decided[1])
    return [_judged(row) for row in connection.execute(wanted)]


_JUDGED = select(
    CaseRow.id,
    CaseRow.number,
    CaseRow.subject,
    CaseRow.text,
    CaseRow.reply_text,
    CaseRow.medium,
    CaseRow.kind,
    CaseRow.tier,
    CaseRow.certain,
    CaseRow.suggested,
    CaseRow.restricted,
    LabelRow.who,
    LabelRow.why,
)


def _columns(decision: Decision) -> dict[str, Any]:
    return {
        "kind": decision.kind,
        "tier": decision.tier,
        "certain": True,
        "suggested": None,
        "plausible": [decision.tier] if decision.tier else [],
        "restricted": decision.restricted,
        "team": decision.team,
        "due_at": decision.due_at,
        "promise": decision.limit,
        "calendar": decision.calendar,
    }


def _label(was: AnyRow, decision: Decision, now: datetime) -> dict[str, object]:
    return {
        "number": was.number,
        "at": now,
        "who": decision.who,
        "why": decision.why,
        "kind": decision.kind,
        "tier": decision.tier,
        "was_kind": was.kind,
        "was_tier": was.tier,
        "was_certain": was.certain,
        "was_suggested": was.suggested,
        "rules_digest": was.rules_digest,
    }


def _details(was: AnyRow, decision: Decision) -> dict[str, str]:
    return {
        "was": was.tier or "",
        "suggested": was.suggested or "",
        "tier": decision.tier or "",
        "kind": decision.kind,
        "why": decision.why,
        "team": decision.team,
        "limit": decision.limit,
        "due_at": decision.due_at.isoformat() if decision.due_at else "",
        "calendar": decision.calendar,
    }


def _tell(
    connection: Connection,
    number: str,
    notices: Sequence[NoticeRequest],
    tokens: Tokens,
    now: datetime,
) -> None:
    waiting = select(NoticeRow.recipient).where(
        NoticeRow.number == number,
        NoticeRow.state == NoticeState.WAITING,
        NoticeRow.kind == NoticeKind.TEAM_RESTRICTED,
    )
    will_hear = set(connection.scalars(waiting))
    rows = [
        notice_row(one.kind, one.recipient, tokens.message_id(number.lower(), one.kind), now)
        | {"number": number}
        for one in notices
        if not (one.kind is NoticeKind.TEAM_RESTRICTED and one.recipient in will_hear)
    ]
    insert_rows(connection, NoticeRow, rows)


def _judged(row: AnyRow) -> Judged:
    return Judged(
        id=row.id,
        number=row.number,
        subject=row.subject,
        words=row.reply_text or row.text,
        medium=Medium(row.medium),
        restricted=row.restricted,
        kind=Kind(row.kind),
        tier=Tier(row.tier) if row.tier else None,
        certain=row.certain,
        suggested=Tier(row.suggested) if row.suggested else None,
        decided_by=row.who or "",
        why=row.why or "",
    )
