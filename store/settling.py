"""Writing down how far clocks have run, and what follows from it: mails, and the event of a deadline's end."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from store import chain
from store.bulk import insert_rows
from store.models import AnyRow, CaseRow, EventRow, NoticeRow
from store.reminder_models import ReminderRow
from store.rows import Tokens, notice_row
from store.types import NoticeRequest, Status
from store.types.reminders import Settled
from store.upsert import insert_into

PASSED = 3
_OPEN = [status for status in Status if status.open]


class Settling:
    """One transaction that writes down how far clocks have run."""

    def __init__(
        self, connection: Connection, settled: Sequence[Settled], domain: str, now: datetime
    ) -> None:
        self._connection = connection
        self._settled = {one.running.number: one for one in settled}
        self._tokens = Tokens(domain)
        self._now = now
        numbers = sorted(self._settled)
        self._cases = _locked(connection, numbers)
        self._rows = stages(connection, numbers)
        self._opened = _reopened(connection, numbers)
        self._kept: list[dict[str, Any]] = []
        self._notices: list[dict[str, Any]] = []
        self._events: list[dict[str, Any]] = []
        self._reached: list[str] = []

    def current(self) -> list[Settled]:
        """Those whose case is still open and has the deadline that was looked at."""
        return [one for number, one in self._settled.items() if self._fits(one, number)]

    def _fits(self, one: Settled, number: str) -> bool:
        case = self._cases.get(number)
        return case is not None and (case.due_at, case.promise) == (
            one.running.due_at,
            one.running.limit,
        )

    def settle(self, one: Settled) -> None:
        """Write one case's row, and note what follows from it."""
        number = one.running.number
        opened = self._opened.get(number, 0)
        row = self._rows.get(number)
        if row is not None and row.reopened < opened:
            row = None
        before = row.stage if row else 0
        passed = one.stage == PASSED
        if passed and not (row and row.passed):
            details = {"due_at": one.running.due_at.isoformat(), "limit": one.running.limit}
            self._events.append(chain.event(number, "deadline.passed", "muara", details, self._now))
        if one.stage > before:
            self._reach(number, one.notices)
        self._keep(one, max(before, one.stage), passed=passed, opened=opened, row=row)

    def _reach(self, number: str, notices: Iterable[NoticeRequest]) -> None:
        self._reached.append(number)
        for one in notices:
            message_id = self._tokens.message_id(number.lower(), one.kind)
            row = notice_row(one.kind, one.recipient, message_id, self._now)
            self._notices.append(row | {"number": number, "details": dict(one.details)})

    def _keep(
        self, one: Settled, stage: int, *, passed: bool, opened: int, row: AnyRow | None
    ) -> None:
        since = row.stage_at if row is not None and row.stage == stage else self._now
        self._kept.append(
            {
                "number": one.running.number,
                "due_at": one.running.due_at,
                "promise": one.running.limit,
                "calendar": one.calendar,
                "stage": stage,
                "stage_at": since if stage else None,
                "next_at": one.next_at,
                "passed": passed,
                "reopened": opened,
            }
        )

    def finish(self) -> list[str]:
        """Write the rows, put the mails into the outbox and the events into the log."""
        _put(self._connection, self._kept)
        insert_rows(self._connection, NoticeRow, self._notices)
        chain.append(self._connection, chain.CLOCK, self._events)
        return self._reached


def _locked(connection: Connection, numbers: Sequence[str]) -> dict[str, AnyRow]:
    """The open ones of these cases, which nobody else changes until this transaction is over."""
    wanted = select(CaseRow.number, CaseRow.due_at, CaseRow.promise).where(
        CaseRow.number.in_(numbers), CaseRow.status.in_(_OPEN)
    )
    rows = connection.execute(wanted.order_by(CaseRow.number).with_for_update())
    return {row.number: row for row in rows}


def stages(connection: Connection, numbers: Sequence[str]) -> dict[str, AnyRow]:
    """Return what was written down of these cases before."""
    wanted = select(ReminderRow).where(ReminderRow.number.in_(numbers))
    return {row.number: row for row in connection.execute(wanted)}


def _put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    entry = insert_into(connection.dialect, ReminderRow)
    values = {name: entry.excluded[name] for name in rows[0] if name != "number"}
    connection.execute(entry.on_conflict_do_update(index_elements=["number"], set_=values), rows)


def _reopened(connection: Connection, numbers: Sequence[str]) -> dict[str, int]:
    wanted = select(EventRow.number, func.max(EventRow.id)).where(
        EventRow.number.in_(numbers), EventRow.what == "case.reopened"
    )
    rows = connection.execute(wanted.group_by(EventRow.number)).all()
    return {row.number: row[1] for row in rows}
