"""The outbox: what is to be sent, and what became of it. Each notice is settled in its own transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import Connection, func, or_, select, update

from store import chain, families
from store.addresses import without_addresses
from store.bulk import insert_rows
from store.columns import key as index_key
from store.models import AnyRow, CaseRow, ComplainantRow, NoticeRow
from store.rows import Tokens, message_key, notice_row
from store.types import Notice, NoticeKind, NoticeRequest, NoticeState, Status, Thread

# No retry is planned further ahead: what is was planned before the clock was set back.
FURTHEST = timedelta(minutes=40)

_WITH_CONTENT = (
    NoticeKind.TEAM_NEW,
    NoticeKind.TEAM_REPLY,
    NoticeKind.TEAM_UPDATE,
    NoticeKind.TEAM_RECLASSIFIED,
    NoticeKind.TEAM_ASSIGNED,
)
_TRIED = (
    select(NoticeRow.error)
    .where(NoticeRow.state == NoticeState.WAITING, NoticeRow.error != "")
    .order_by(NoticeRow.id)
    .limit(1)
)


def add(
    connection: Connection,
    kind: NoticeKind,
    recipient: str,
    *,
    details: Mapping[str, str],
    key: str,
    now: datetime,
    domain: str,
) -> None:
    """Put a notice about a channel into the outbox; a second one with the same key and recipient is not."""
    row = notice_row(kind, recipient, Tokens(domain).message_id("channel", kind), now)
    row |= {"key": index_key(f"{key} {recipient}"), "details": dict(details)}
    insert_rows(connection, NoticeRow, [row], skip_known=True)


def count_since(connection: Connection, recipient: str, kind: NoticeKind, since: datetime) -> int:
    """Return how many notices of a kind an address was meant to get since then."""
    counted = select(func.count()).where(
        NoticeRow.recipient_key == recipient, NoticeRow.kind == kind, NoticeRow.created_at >= since
    )
    return connection.scalar(counted) or 0


def due(connection: Connection, now: datetime, limit: int) -> list[Notice]:
    """Return waiting notices whose time has come, the longest due first; see FURTHEST."""
    come = or_(NoticeRow.next_at <= now, NoticeRow.next_at > now + FURTHEST)
    wanted = (
        select(NoticeRow)
        .where(NoticeRow.state == NoticeState.WAITING, NoticeRow.kind != NoticeKind.POSTING, come)
        .order_by(NoticeRow.next_at <= now, NoticeRow.next_at, NoticeRow.id)
        .limit(limit)
    )
    return [notice(row) for row in connection.execute(wanted)]


def of_case(connection: Connection, number: str) -> list[Notice]:
    """Return the notices of a case and of those merged into it, oldest first."""
    numbers = families.family(connection, number)
    wanted = select(NoticeRow).where(NoticeRow.number.in_(numbers)).order_by(NoticeRow.id)
    return [notice(row) for row in connection.execute(wanted)]


def told(connection: Connection, number: str) -> list[str]:
    """Return who was told the content of a case last: earlier ones may not know it any more."""
    about = (NoticeRow.number == number, NoticeRow.kind.in_(_WITH_CONTENT))
    last = select(func.max(NoticeRow.created_at)).where(*about).scalar_subquery()
    wanted = select(NoticeRow.recipient).where(*about, NoticeRow.created_at == last)
    return list(dict.fromkeys(connection.scalars(wanted.order_by(NoticeRow.id))))


def withhold(connection: Connection, number: str, notices: Iterable[NoticeRequest]) -> None:
    """Take the content from waiting mails to all but the readers of ``notices``.

    A mail is put together when it is sent: it would show what became restricted after it was queued.
    """
    readers = [one.recipient for one in notices if one.kind in _WITH_CONTENT]
    connection.execute(
        update(NoticeRow)
        .where(
            NoticeRow.number == number,
            NoticeRow.state == NoticeState.WAITING,
            NoticeRow.kind.in_(_WITH_CONTENT),
            NoticeRow.recipient_key.not_in(readers),
        )
        .values(kind=NoticeKind.TEAM_RESTRICTED)
    )


def sent(connection: Connection, which: int, now: datetime) -> None:
    """Mark a notice as handed to the mail server. Nothing happens if it was marked before."""
    changes = {
        "state": NoticeState.SENT,
        "sent_at": now,
        "error": "",
        "attempts": NoticeRow.attempts + 1,
    }
    row = _change(connection, which, changes)
    if row is not None and row.number:
        _log(connection, row, "notice.sent", {}, now)


def failed(
    connection: Connection, which: int, error: str, next_at: datetime | None, now: datetime
) -> None:
    """Note a failure: tried again at ``next_at``, never where it is None."""
    changes: dict[str, Any] = {"error": error, "attempts": NoticeRow.attempts + 1}
    changes |= {"state": NoticeState.FAILED} if next_at is None else {"next_at": next_at}
    row = _change(connection, which, changes)
    if row is not None and row.number and next_at is None:
        _log(connection, row, "notice.failed", {"error": error}, now)


def threads(connection: Connection, message_ids: Iterable[str]) -> dict[str, Thread]:
    """Return the case for each Message-ID that is one of our notices'; keys as they were given."""
    asked = {one: message_key(one) for one in message_ids}
    if not asked:
        return {}
    wanted = (
        select(
            NoticeRow.message_id, NoticeRow.number, ComplainantRow.email, NoticeRow.recipient,
            CaseRow.team, CaseRow.restricted, CaseRow.merged_into, CaseRow.promise, CaseRow.status,
        )
        .join(CaseRow, CaseRow.number == NoticeRow.number)
        .join(ComplainantRow, ComplainantRow.number == NoticeRow.number)
        .where(NoticeRow.message_id.in_(set(asked.values())))
    )  # fmt: skip
    found = {
        row.message_id: _thread(connection, row, row.recipient)
        for row in connection.execute(wanted).all()
    }
    return {one: found[mid] for one, mid in asked.items() if mid in found}


def thread(connection: Connection, number: str, recipient: str) -> Thread | None:
    """Return a case as the thread of somebody we wrote to about it."""
    wanted = select(
        CaseRow.number,
        ComplainantRow.email,
        CaseRow.team,
        CaseRow.restricted,
        CaseRow.merged_into,
        CaseRow.promise,
        CaseRow.status,
    ).join(ComplainantRow, ComplainantRow.number == CaseRow.number)
    row = connection.execute(wanted.where(CaseRow.number == number)).one_or_none()
    return _thread(connection, row, recipient) if row else None


def _thread(connection: Connection, row: AnyRow, recipient: str) -> Thread:
    """Who wrote is settled by the case we wrote about, where it goes by the one it is merged into."""
    case = families.worked_on(connection, row.merged_into) if row.merged_into else row
    case = case or row
    made = Thread(case.number, row.email, recipient, case.team, case.restricted, case.promise)
    if case.status != Status.SPLIT:
        return made
    numbers = [part.number for part in families.parts(connection, [case.number])]
    parts = tuple(thread(connection, number, recipient) for number in numbers)
    return replace(made, parts=tuple(part for part in parts if part))


class Totals(TypedDict):
    """The outbox as a whole, see types.Counts."""

    waiting: int
    failed: int
    oldest_waiting: datetime | None
    last_sent: datetime | None
    sending_error: str


def totals(connection: Connection) -> Totals:
    """Return how many notices wait and how many failed, since when the oldest waits and why."""
    grouped = select(
        NoticeRow.state,
        func.count().label("size"),
        func.min(NoticeRow.created_at).label("oldest"),
        func.max(NoticeRow.sent_at).label("last_sent"),
    ).group_by(NoticeRow.state)
    rows = connection.execute(grouped).all()
    counts = {row.state: row.size for row in rows}
    waiting: AnyRow | None = next((row for row in rows if row.state == NoticeState.WAITING), None)
    return Totals(
        waiting=counts.get(NoticeState.WAITING, 0),
        failed=counts.get(NoticeState.FAILED, 0),
        oldest_waiting=waiting.oldest if waiting else None,
        last_sent=max((row.last_sent for row in rows if row.last_sent), default=None),
        sending_error=without_addresses(connection.scalar(_TRIED) or "") if waiting else "",
    )


def notice(row: AnyRow) -> Notice:
    """Return a row as a plain value."""
    return Notice(
        id=row.id,
        kind=NoticeKind(row.kind),
        number=row.number or "",
        recipient=row.recipient,
        message_id=row.message_id,
        state=NoticeState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        next_at=row.next_at,
        details=row.details,
        sent_at=row.sent_at,
        error=row.error,
    )


def _change(connection: Connection, which: int, changes: dict[str, Any]) -> AnyRow | None:
    """Change a notice that still waits, and return it."""
    changed = (
        update(NoticeRow)
        .where(NoticeRow.id == which, NoticeRow.state == NoticeState.WAITING)
        .values(changes)
        .returning(NoticeRow.number, NoticeRow.kind, NoticeRow.recipient)
    )
    return connection.execute(changed).one_or_none()


def _log(
    connection: Connection, row: AnyRow, what: str, more: dict[str, str], now: datetime
) -> None:
    details = {"kind": row.kind, "recipient": row.recipient, **more}
    chain.append(connection, chain.OUTBOX, [chain.event(row.number, what, "muara", details, now)])
