"""How far the clocks of open cases have run, and who is reminded. Each look is one transaction.

What was settled stands beside the case (ReminderRow), so that neither a restart nor a calendar that
changes tells anybody the same twice. A case that is opened again begins anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, update

from classify.types import Kind, Medium, Tier
from store.bulk import insert_rows
from store.columns import key as index_key
from store.engine import Database
from store.models import AnyRow, ArrivalRow, CaseRow, EventRow, NoticeRow, ValueRow
from store.reminder_models import ReminderRow
from store.rows import Tokens, notice_row
from store.settling import Settling, stages
from store.types import Fate, NoticeKind, NoticeRequest, NoticeState, Status
from store.types.reminders import OpenCase, Running, Settled, Troubled
from store.upsert import insert_into

PAGE = 500
DIGEST_DAY = "digest.day"  # the kept value: the last day whose digest was made
_OPEN = [status for status in Status if status.open]
_LATE_COMMITS = 1000  # events: a transaction that began earlier may show its events later
_TAKEN, _GIVEN_BACK = "case.taken", ("case.assigned", "case.reopened")
_WENT_OUT = (NoticeState.SENT, NoticeState.UNDELIVERED)
_LOST = ("notice.failed", "notice.undelivered")
_OWED = (
    CaseRow.number, CaseRow.due_at, CaseRow.promise, CaseRow.kind, CaseRow.tier, CaseRow.suggested,
    CaseRow.certain, CaseRow.restricted, CaseRow.status, CaseRow.team, CaseRow.medium,
    CaseRow.channel, CaseRow.entered_at, ReminderRow.stage, ReminderRow.stage_at,
)  # fmt: skip


class Reminding:
    """The clocks' part of the store. Every method is one transaction and raises Unavailable."""

    def __init__(self, database: Database, message_domain: str) -> None:
        self._database = database
        self._domain = message_domain
        self._events_seen = 0

    def unsettled(self, calendar: str, now: datetime) -> list[Running]:
        """Return a page of open cases whose clock has to be looked at, the earliest deadline first.

        Who settles all of them and asks again gets the next page.
        """
        with self._database.read() as connection:
            anew = self._opened_again(connection)
            rows = connection.execute(_unsettled(calendar, now, anew)).all()
        return [
            Running(row.number, row.due_at, row.promise, _settled_stage(row, anew)) for row in rows
        ]

    def settle(self, settled: Sequence[Settled], now: datetime) -> list[str]:
        """Write down how far clocks have run, and what follows: mails, and the event of a deadline's end.

        What changed since it was looked at is left for the next look. Return the cases that reached a
        stage they were not at before.
        """
        with self._database.write() as connection:
            work = Settling(connection, settled, self._domain, now)
            for one in work.current():
                work.settle(one)
            return work.finish()

    def open_cases(self, numbers: Iterable[str] | None = None) -> list[OpenCase]:
        """Return open cases that have a deadline, all or these, the earliest deadline first."""
        wanted = select(*_OWED).outerjoin(ReminderRow, ReminderRow.number == CaseRow.number)
        wanted = wanted.where(CaseRow.status.in_(_OPEN), CaseRow.due_at.is_not(None))
        if numbers is not None:
            wanted = wanted.where(CaseRow.number.in_(list(numbers)))
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(CaseRow.due_at, CaseRow.id)).all()
            taken = _taken_by(connection, [row.number for row in rows])
        return [_open_case(row, taken.get(row.number, "")) for row in rows]

    def subjects(self, numbers: Sequence[str]) -> dict[str, str]:
        """Return the subjects of cases."""
        wanted = select(CaseRow.number, CaseRow.subject).where(CaseRow.number.in_(numbers))
        with self._database.read() as connection:
            return {row.number: row.subject for row in connection.execute(wanted)}

    def troubled(self, since: datetime) -> Troubled:
        """Return what lies beside the cases, and what is new of it."""
        quarantined = ArrivalRow.fate == Fate.QUARANTINED
        newly = func.count().filter(ArrivalRow.entered_at > since)
        lost = (
            select(EventRow.number)
            .join(NoticeRow, NoticeRow.number == EventRow.number)
            .where(
                NoticeRow.state.in_((NoticeState.FAILED, NoticeState.UNDELIVERED)),
                EventRow.what.in_(_LOST),
                EventRow.at > since,
            )
        )
        with self._database.read() as connection:
            counts = connection.execute(select(func.count(), newly).where(quarantined)).one()
            numbers = connection.scalars(lost.distinct().order_by(EventRow.number)).all()
        return Troubled(counts[0], counts[1], tuple(numbers))

    # The morning's digest

    def digest_made(self, day: str) -> bool:
        """Whether the digests of this day were made."""
        with self._database.read() as connection:
            return _kept_day(connection) == day

    def make_digests(self, day: str, notices: Sequence[NoticeRequest], now: datetime) -> bool:
        """Put a day's digests into the outbox, one for each recipient. False where they were made before."""
        with self._database.write() as connection:
            if _kept_day(connection) == day:
                return False
            value = insert_into(connection.dialect, ValueRow).values(key=DIGEST_DAY, value=day)
            connection.execute(
                value.on_conflict_do_update(index_elements=["key"], set_={"value": day})
            )
            tokens = Tokens(self._domain)
            rows = [
                notice_row(one.kind, one.recipient, tokens.message_id(day, one.kind), now)
                | {
                    "key": index_key(f"{one.kind}:{day} {one.recipient}"),
                    "details": dict(one.details),
                }
                for one in notices
            ]
            insert_rows(connection, NoticeRow, rows, skip_known=True)
        return True

    def told_until(self, recipient: str, now: datetime) -> datetime | None:
        """Return up to when an address was told by digests: that is when the last one was made.

        One that did not go out told nothing: then it is the moment from which on it would have told.
        """
        wanted = select(NoticeRow.state, NoticeRow.created_at, NoticeRow.details).where(
            NoticeRow.recipient_key == recipient,
            NoticeRow.kind == NoticeKind.DIGEST,
            NoticeRow.created_at < now,
        )
        last = wanted.order_by(NoticeRow.created_at.desc(), NoticeRow.id.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(last).one_or_none()
        if row is None:
            return None
        made: datetime = row.created_at
        went_out = row.state in _WENT_OUT
        return made if went_out else datetime.fromisoformat(row.details["since"])

    def drop(self, which: int) -> None:
        """Take a waiting notice out of the outbox that says nothing any more when its turn comes."""
        dropped = (
            update(NoticeRow)
            .where(NoticeRow.id == which, NoticeRow.state == NoticeState.WAITING)
            .values(state=NoticeState.DROPPED)
        )
        with self._database.write() as connection:
            connection.execute(dropped)

    def _opened_again(self, connection: Connection) -> dict[str, int]:
        """Cases opened again since their clock was settled, with the event; only new events are read."""
        last = connection.scalar(select(func.max(EventRow.id))) or 0
        new = select(EventRow.number, EventRow.id).where(
            EventRow.id > self._events_seen - _LATE_COMMITS, EventRow.what == "case.reopened"
        )
        found = {row.number: row.id for row in connection.execute(new.order_by(EventRow.id))}
        self._events_seen = last
        known = {number: row.reopened for number, row in stages(connection, sorted(found)).items()}
        return {number: event for number, event in found.items() if known.get(number, 0) < event}


def _unsettled(calendar: str, now: datetime, anew: Mapping[str, int]) -> Select[*tuple[Any, ...]]:
    changed: list[ColumnElement[bool]] = [
        ReminderRow.number.is_(None),
        ReminderRow.due_at != CaseRow.due_at,
        ReminderRow.promise != CaseRow.promise,
        ReminderRow.calendar != calendar,
        ReminderRow.next_at <= now,
        CaseRow.number.in_(list(anew)),
    ]
    return (
        select(
            CaseRow.number, CaseRow.due_at, CaseRow.promise, ReminderRow.stage, ReminderRow.reopened
        )
        .outerjoin(ReminderRow, ReminderRow.number == CaseRow.number)
        .where(CaseRow.status.in_(_OPEN), CaseRow.due_at.is_not(None), or_(*changed))
        .order_by(CaseRow.due_at, CaseRow.id)
        .limit(PAGE)
    )


def _settled_stage(row: AnyRow, anew: Mapping[str, int]) -> int:
    return 0 if row.stage is None or row.number in anew else row.stage


def _taken_by(connection: Connection, numbers: Sequence[str]) -> dict[str, str]:
    """Who works on each of these cases: who took it last, unless it was given away since."""
    steps = (_TAKEN, *_GIVEN_BACK)
    taken: dict[str, str] = {}
    for start in range(0, len(numbers), PAGE):
        wanted = select(EventRow.number, EventRow.what, EventRow.who).where(
            EventRow.number.in_(numbers[start : start + PAGE]), EventRow.what.in_(steps)
        )
        for number, what, who in connection.execute(wanted.order_by(EventRow.id)):
            taken[number] = who if what == _TAKEN else ""
    return taken


def _kept_day(connection: Connection) -> str | None:
    return connection.scalar(select(ValueRow.value).where(ValueRow.key == DIGEST_DAY))


def _open_case(row: AnyRow, taken_by: str) -> OpenCase:
    return OpenCase(
        number=row.number,
        due_at=row.due_at,
        limit=row.promise,
        kind=Kind(row.kind),
        tier=Tier(row.tier) if row.tier else None,
        suggested=Tier(row.suggested) if row.suggested else None,
        certain=row.certain,
        restricted=row.restricted,
        status=Status(row.status),
        team=row.team,
        medium=Medium(row.medium),
        channel=row.channel,
        entered_at=row.entered_at,
        stage=row.stage or 0,
        stage_at=row.stage_at,
        taken_by=taken_by,
    )
