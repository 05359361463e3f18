"""What people do with a case: each step checked, done and recorded in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from store import chain, fulltext
from store.bulk import insert_rows
from store.engine import Database
from store.errors import CasePurged
from store.lifecycle import NotAllowed, Step, after
from store.models import AnyRow, CaseRow, NoticeRow
from store.rows import Tokens, notice_row
from store.types import NoticeRequest, Status

_EVENTS = {
    Step.TAKE: "case.taken",
    Step.ASSIGN: "case.assigned",
    Step.CLOSE: "case.closed",
    Step.REOPEN: "case.reopened",
}


class Working:
    """Steps of a case's life. Every method raises LookupError if there is no such case, and NotAllowed."""

    def __init__(self, database: Database, message_domain: str) -> None:
        self._database = database
        self._domain = message_domain

    def take(self, number: str, *, who: str, now: datetime) -> None:
        """Somebody works on a case now."""
        self._step(number, Step.TAKE, who=who, now=now)

    def assign(
        self,
        number: str,
        team: str,
        notices: Sequence[NoticeRequest],
        *,
        who: str,
        why: str,
        now: datetime,
    ) -> None:
        """Give a case to another team, and tell those who must know."""
        with self._database.write() as connection:
            row = locked(connection, number)
            status = after(number, Step.ASSIGN, Status(row.status))
            change(connection, number, status=status, team=team)
            tell(connection, number, notices, Tokens(self._domain), now)
            told = {"was_team": row.team, "team": team, "why": why}
            _log(connection, chain.event(number, _EVENTS[Step.ASSIGN], who, told, now))

    def close(self, number: str, *, who: str, why: str, now: datetime) -> None:
        """Nothing more is owed."""
        self._step(number, Step.CLOSE, who=who, now=now, why=why)

    def reopen(self, number: str, *, who: str, why: str, now: datetime) -> None:
        """Something is owed again."""
        self._step(number, Step.REOPEN, who=who, now=now, why=why)

    def told(self, number: str, *, who: str, why: str, now: datetime) -> None:
        """The complainant was told the number, on the telephone or on paper."""
        with self._database.write() as connection:
            after(number, Step.TOLD, Status(locked(connection, number).status))
            _log(connection, chain.event(number, "complainant.told", who, {"why": why}, now))

    def confirm(self, number: str, *, who: str, why: str, now: datetime) -> None:
        """Somebody looked at tier, kind and likely duplicates, and agrees.

        Raises NotAllowed also while the tier is uncertain: then it has to be settled.
        """
        with self._database.write() as connection:
            row = locked(connection, number)
            after(number, Step.CONFIRM, Status(row.status))
            if not row.certain:
                raise NotAllowed(number, Step.CONFIRM, Status(row.status), "uncertain")
            details = {"tier": row.tier or "", "kind": row.kind, "why": why}
            _log(connection, chain.event(number, "case.confirmed", who, details, now))

    def note(self, number: str, text: str, *, who: str, now: datetime) -> None:
        """Keep what somebody of the office has to say about a case; it is found by search."""
        with self._database.write() as connection:
            locked(connection, number)
            change(connection, number, said=text)
            _log(connection, chain.event(number, "staff.noted", who, {"text": text}, now))

    def _step(self, number: str, step: Step, *, who: str, now: datetime, why: str = "") -> None:
        with self._database.write() as connection:
            was = Status(locked(connection, number).status)
            change(connection, number, status=after(number, step, was))
            told = {"status": was, "why": why}
            _log(connection, chain.event(number, _EVENTS[step], who, told, now))


def locked(connection: Connection, number: str) -> AnyRow:
    """Return a case's row, which nobody else changes until this transaction is over.

    Raises LookupError, and CasePurged for a case of which only figures are left.
    """
    wanted = select(CaseRow).where(CaseRow.number == number).with_for_update()
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise LookupError(number)
    if row.purged_at:
        raise CasePurged(number=number)
    return row


def change(connection: Connection, number: str, *, said: str = "", **values: Any) -> None:
    """Change a case's columns. What was ``said`` about it is added to what it is found by."""
    if said:
        values["later_text"] = fulltext.add(connection, number, said)
    connection.execute(update(CaseRow).where(CaseRow.number == number).values(values))


def tell(
    connection: Connection,
    number: str,
    notices: Sequence[NoticeRequest],
    tokens: Tokens,
    now: datetime,
) -> None:
    """Put notices about a case into the outbox."""
    rows = [
        notice_row(one.kind, one.recipient, tokens.message_id(number.lower(), one.kind), now)
        | {"number": number}
        for one in notices
    ]
    insert_rows(connection, NoticeRow, rows)


def _log(connection: Connection, event: Mapping[str, Any]) -> None:
    chain.append(connection, chain.STAFF, [event])
