"""Reading cases. The number of statements does not grow with the number of cases."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Dialect, and_, case, false, func, or_, select

from channels.types import Attachment
from classify.types import Hit, Kind, Medium, Tier
from store import chain, families, fulltext, parts, raw
from store.lifecycle import Step, after
from store.models import AnyRow, ArrivalRow, CaseRow, ComplainantRow, EventRow
from store.numbers import normalise
from store.rows import followup
from store.types import Complainant, Event, Fate, Status, Ticket, TicketFilter
from store.working import change, locked

_WHO = (
    ComplainantRow.name,
    ComplainantRow.email,
    ComplainantRow.phone,
    ComplainantRow.address,
    ComplainantRow.anonymous,
    ComplainantRow.secret,
)
_WHOLE = select(CaseRow, *_WHO).join(ComplainantRow, ComplainantRow.number == CaseRow.number)
_DONE = [status for status in Status if not status.open]
_STOOD_FOR = [status for status in Status if status.stood_for]
_SAME = (Fate.CASE, Fate.MERGED, Fate.UPDATED)  # the complaint itself, not what was said later


def tickets(connection: Connection, narrow: TicketFilter) -> list[Ticket]:
    """Return the cases a filter leaves, in its order, without their events."""
    wanted = (
        _WHOLE.where(*_conditions(narrow, connection.dialect))
        .order_by(*_order(narrow))
        .limit(narrow.limit)
    )
    rows = connection.execute(wanted).all()
    counts = _arrival_counts(connection, [row.number for row in rows])
    return [_ticket(row, counts.get(row.number, 0), ()) for row in rows]


def ticket(connection: Connection, number: str) -> Ticket | None:
    """Return a case with everything known about it."""
    row = connection.execute(_WHOLE.where(CaseRow.number == number)).one_or_none()
    if row is None:
        return None
    counts = _arrival_counts(connection, [number])
    members = families.family(connection, number)
    whole = _ticket(row, counts.get(number, 0), _events(connection, number, members))
    if members[1:]:
        whole = _standing_for(connection, whole, members[1:])
    return parts.placed(connection, row, whole)


def _standing_for(connection: Connection, whole: Ticket, merged: list[str]) -> Ticket:
    received = (CaseRow.number == whole.number) | CaseRow.number.in_(merged)
    first = connection.scalar(select(func.min(CaseRow.received_at)).where(received))
    return replace(whole, merged=tuple(merged), first_received_at=first)


def named(connection: Connection, numbers: Collection[str]) -> dict[str, Ticket]:
    """Return these cases by their numbers, without their events."""
    rows = connection.execute(_WHOLE.where(CaseRow.number.in_(numbers))) if numbers else ()
    return {row.number: _ticket(row, 0, ()) for row in rows}


def raw_of(connection: Connection, number: str) -> list[bytes]:
    """Return the bytes of what people sent about a case and those merged into it, in order of arrival.

    A part came in with the whole: with all of it, where all of it may be read.
    """
    members = [*families.family(connection, number), *parts.source(connection, number)]
    wanted = select(ArrivalRow.sha256).where(
        ArrivalRow.number.in_(members),
        ArrivalRow.fate != Fate.MACHINE,
    )
    names = connection.scalars(wanted.order_by(ArrivalRow.id)).all()
    stored = raw.load(connection, [name for name in names if name])
    return [stored[name] for name in names if name]


def record(
    connection: Connection,
    number: str,
    *,
    what: str,
    who: str,
    details: Mapping[str, str],
    now: datetime,
) -> None:
    """Add an event to a case's log. Raises LookupError if there is no such case."""
    if connection.scalar(select(CaseRow.id).where(CaseRow.number == number)) is None:
        raise LookupError(number)
    chain.append(connection, chain.STAFF, [chain.event(number, what, who, details, now)])


def answered(
    connection: Connection,
    number: str,
    text: str,
    *,
    who: str,
    way: str,
    files: str = "",
    now: datetime,
) -> None:
    """Record an answer to the complainant. Raises LookupError if there is no such case."""
    status = after(number, Step.ANSWER, Status(locked(connection, number).status))
    change(
        connection, number,
        status=status,
        said=text,
        answered_at=func.coalesce(CaseRow.answered_at, now),
    )  # fmt: skip
    details = {"text": text, "way": way, "attachments": files}
    chain.append(
        connection, chain.STAFF, [chain.event(number, "answer.recorded", who, details, now)]
    )


def by_status(connection: Connection) -> dict[Status, int]:
    """Return how many cases there are in each state."""
    counted = select(CaseRow.status, func.count()).group_by(CaseRow.status)
    return {Status(status): count for status, count in connection.execute(counted)}


def late(connection: Connection, now: datetime) -> int:
    """Return how many cases are past their deadline and still owe an answer."""
    counted = select(func.count()).where(CaseRow.status.not_in(_DONE), CaseRow.due_at < now)
    return connection.scalar(counted) or 0


def _order(narrow: TicketFilter) -> Iterable[ColumnElement[Any]]:
    if narrow.by_deadline:
        owes_nothing = or_(CaseRow.status.in_(_DONE), CaseRow.due_at.is_(None))
        yield owes_nothing
        yield case((owes_nothing, None), else_=CaseRow.due_at)
    yield CaseRow.received_at.desc()
    yield CaseRow.id.desc()


def _conditions(narrow: TicketFilter, dialect: Dialect) -> Iterable[ColumnElement[bool]]:
    exact = ("channel", "team", "tier", "kind", "status")
    yield from (getattr(CaseRow, n) == getattr(narrow, n) for n in exact if getattr(narrow, n))
    if narrow.uncertain is not None:
        yield CaseRow.certain.is_(not narrow.uncertain)
    if narrow.open_only:
        yield CaseRow.status.not_in(_DONE)
    if narrow.due_before is not None:
        yield CaseRow.due_at < narrow.due_before
    if narrow.received_since is not None:
        yield CaseRow.received_at >= narrow.received_since
    if narrow.words.strip():
        yield _about(narrow, dialect)
    if narrow.status not in _STOOD_FOR:
        yield or_(CaseRow.status.not_in(_STOOD_FOR), CaseRow.number == normalise(narrow.words))


def _about(narrow: TicketFilter, dialect: Dialect) -> ColumnElement[bool]:
    asked = narrow.words
    words = fulltext.words_of(asked)
    found = fulltext.matching(words, dialect) if words else false()
    if not narrow.examiner:  # what a restricted case says must not be guessed word by word
        found = and_(found, CaseRow.restricted.is_(False))
    number = normalise(asked)
    return or_(found, CaseRow.number == number) if number else found


def _arrival_counts(connection: Connection, numbers: list[str]) -> dict[str, int]:
    tree = families.tree(numbers)
    counted = (
        select(tree.c.root, func.count())
        .join(ArrivalRow, ArrivalRow.number == tree.c.number)
        .where(ArrivalRow.fate.in_(_SAME))
        .group_by(tree.c.root)
    )
    return {row.root: row[1] for row in connection.execute(counted)}


def _events(connection: Connection, number: str, members: list[str]) -> tuple[Event, ...]:
    """The events of a case and, under their numbers, of those merged into it."""
    wanted = select(EventRow).where(EventRow.number.in_(members))
    rows = connection.execute(wanted.order_by(EventRow.at, EventRow.id))
    return tuple(Event(row.at, row.what, row.who, _details(row, number)) for row in rows)


def _details(row: AnyRow, number: str) -> dict[str, str]:
    details = chain.told(row.details)
    return details if row.number == number else {**details, "case": row.number}


def _ticket(row: AnyRow, arrivals: int, events: tuple[Event, ...]) -> Ticket:
    return Ticket(
        number=row.number,
        channel=row.channel,
        medium=Medium(row.medium),
        kind=Kind(row.kind),
        tier=Tier(row.tier) if row.tier else None,
        certain=row.certain,
        suggested=Tier(row.suggested) if row.suggested else None,
        restricted=row.restricted,
        status=Status(row.status),
        team=row.team,
        subject=row.subject,
        text=row.text,
        reply_text=row.reply_text,
        received_at=row.received_at,
        entered_at=row.entered_at,
        due_at=row.due_at,
        limit=row.promise,
        complainant=Complainant(
            row.name, row.email, row.phone, row.address, row.anonymous, row.secret
        ),
        rules_digest=row.rules_digest,
        hits=tuple(Hit(**hit) for hit in row.hits),
        attachments=tuple(Attachment(**entry) for entry in row.attachments),
        followups=tuple(followup(entry) for entry in row.followups),
        events=events,
        arrivals=arrivals,
        message_id=row.message_id,
        external_id=row.external_id,
        external_url=row.external_url,
        location=row.location,
        category=row.category,
        platform_status=row.platform_status,
        forwarded=row.forwarded,
        truncated=row.truncated,
        merged_into=row.merged_into or "",
        restarted_at=row.clock_from,
        language=row.language,
        purged_at=row.purged_at,
    )
