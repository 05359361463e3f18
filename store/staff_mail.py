"""What people of the office ask for by mail: kept with the ledger row of their mail, done once later.

The mail's own transaction only keeps the request. Doing it is another one, in which the request changes
its state first: whoever comes second finds it settled, and a crash in between leaves it waiting.
"""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, update

from store import chain, parents, parts, raw
from store.bulk import insert_rows
from store.columns import key as index_key
from store.engine import Database
from store.models import AnyRow, ArrivalRow, EventRow, NoticeRow
from store.rows import Tokens, message_key, notice_row
from store.staff_models import StaffMailRow
from store.types import Act, Intake, NoticeKind, NoticeState, Parent, StaffMail, StaffState
from store.working import locked

VIA = "mail"
_OPEN = (StaffState.WAITING, StaffState.HELD)
# What an answer written before it may not fit any more.
_OVERTAKES = ("complainant.replied", "answer.recorded", "report.updated")


def row(connection: Connection, number: str, intake: Intake, now: datetime) -> dict[str, Any]:
    """Return the row of a new request. Raises ValueError where the intake has none."""
    request = intake.staff
    if request is None:
        raise ValueError("no request of staff")
    return {
        "number": number,
        "channel": intake.arrival.channel,
        "act": request.act,
        "state": StaffState.WAITING,
        "who": request.who,
        "address": request.address,
        "text": request.text,
        "details": dict(request.details),
        "received_at": intake.arrival.received_at,
        "created_at": now,
        "seconds": int(request.window.total_seconds()),
        "seen": last_event(connection, number),
        "confirmed": False,
        "told_at": None,
        "echo": "",
        "settled_at": None,
        "reason": "",
    }


def last_event(connection: Connection, number: str) -> int:
    """Return the id of the last event that is about a case."""
    numbers = parts.concerning(connection, number)
    last = connection.scalar(select(func.max(EventRow.id)).where(EventRow.number.in_(numbers)))
    return last or 0


class StaffMails:
    """The requests. Every method is one transaction, or part of the one around it: `together`."""

    def __init__(self, database: Database, message_domain: str) -> None:
        self._database = database
        self._domain = message_domain

    def together(self, via: str = VIA) -> AbstractContextManager[None]:
        """Make what this thread does with the store one transaction, whose events came by mail."""
        return self._database.together(via)

    def parents(self, message_ids: Iterable[str]) -> list[Parent]:
        """Return the notices of ours among these Message-IDs, in their order; complainants' too."""
        ids = list(dict.fromkeys(message_key(one) for one in message_ids))
        if not ids:
            return []
        with self._database.read() as connection:
            return parents.among(connection, ids)

    def parent_of(self, number: str, recipient: str) -> Parent | None:
        """Return the first notice about a case that an address got."""
        with self._database.read() as connection:
            return parents.first(connection, number, recipient)

    def waiting(self) -> list[StaffMail]:
        """Return what is to be done, the oldest first."""
        return self._select(StaffMailRow.state == StaffState.WAITING)

    def held(self) -> list[StaffMail]:
        """Return the answers that a person has to let go or cancel, the oldest first."""
        return self._select(StaffMailRow.state == StaffState.HELD)

    def answers(self, number: str) -> list[StaffMail]:
        """Return the answers of a case that wait or are held, the oldest first."""
        return self._select(
            StaffMailRow.number == number,
            StaffMailRow.act == Act.ANSWER,
            StaffMailRow.state.in_(_OPEN),
        )

    def get(self, which: int) -> StaffMail | None:
        """Return one request."""
        return next(iter(self._select(StaffMailRow.id == which)), None)

    def settle(self, which: int, state: StaffState, reason: str, now: datetime) -> bool:
        """End a waiting request. False where it does not wait any more: then nothing is to be done."""
        return self._change(
            which, (StaffState.WAITING,), state=state, reason=reason, settled_at=now
        )

    def cancel(self, which: int, who: str, now: datetime, why: str = "") -> bool:
        """Take an answer back that waits or is held, with an event. False where it is settled."""
        done = self._change(which, _OPEN, state=StaffState.CANCELLED, settled_at=now)
        if done and (one := self.get(which)):
            self._log(one.number, "answer.cancelled", who, {"author": one.who, "why": why}, now)
        return done

    def hold(self, which: int, reason: str, now: datetime) -> bool:
        """Keep a waiting answer from going out until a person says so, with an event."""
        held = self._change(which, (StaffState.WAITING,), state=StaffState.HELD, reason=reason)
        if held and (one := self.get(which)):
            self._log(one.number, "answer.held", one.who, {"reason": reason}, now)
        return held

    def confirm(self, which: int) -> bool:
        """Let a held answer go out whatever happened until now."""
        with self._database.write() as connection:
            number = connection.scalar(select(StaffMailRow.number).where(StaffMailRow.id == which))
            seen = last_event(connection, number or "")
        return self._change(
            which,
            (StaffState.HELD,),
            state=StaffState.WAITING,
            confirmed=True,
            reason="",
            seen=seen,
        )

    def announced(self, one: StaffMail, echo: str, now: datetime) -> None:
        """Note that a person was told what will be sent, with an event."""
        self._change(one.id, (StaffState.WAITING,), told_at=now, echo=echo)
        self._log(one.number, "answer.pending", one.who, {}, now)

    def linked(self, which: int, echo: str) -> None:
        """Note which mail told that an answer is held: an answer to that one is about this."""
        self._change(which, (StaffState.HELD,), echo=echo)

    def raw(self, one: StaffMail) -> bytes:
        """Return the bytes of a request's mail, empty where they are not kept."""
        place = [one.details.get(name, "") for name in ("folder", "generation", "item")]
        columns = (ArrivalRow.channel, ArrivalRow.folder, ArrivalRow.generation, ArrivalRow.item)
        wanted = select(ArrivalRow.sha256).where(
            *(column == value for column, value in zip(columns, [one.channel, *place], strict=True))
        )
        with self._database.read() as connection:
            name = connection.scalar(wanted)
            return raw.load(connection, [name])[name] if name else b""

    def overtaken(self, which: int) -> str:
        """Return the first event since a request that makes it doubtful, empty where there is none.

        The case stays as it is until the transaction around this is over. Raises LookupError.
        """
        with self._database.write() as connection:
            about = select(StaffMailRow.number, StaffMailRow.seen).where(StaffMailRow.id == which)
            request = connection.execute(about).one()
            locked(connection, request.number)
            return _first_since(connection, request.number, EventRow.id > request.seen)

    def overtaken_since(self, number: str, moment: datetime) -> str:
        """Return the first event of a case after ``moment`` that makes an older answer doubtful."""
        with self._database.read() as connection:
            return _first_since(connection, number, EventRow.at > moment)

    def echo_sent(self, one: StaffMail) -> tuple[NoticeState, datetime | None]:
        """Return what became of the mail that told a person what will be sent, and when it went out."""
        wanted = select(NoticeRow.state, NoticeRow.sent_at)
        with self._database.read() as connection:
            found = connection.execute(wanted.where(NoticeRow.message_id == one.echo)).one()
        return NoticeState(found.state), found.sent_at

    def tell(
        self,
        kind: NoticeKind,
        number: str,
        recipient: str,
        details: Mapping[str, str],
        now: datetime,
        *,
        key: str = "",
    ) -> str:
        """Put a mail to staff into the outbox and return its Message-ID; once only for each ``key``."""
        message_id = Tokens(self._domain).message_id(number.lower(), kind)
        put = notice_row(kind, recipient, message_id, now)
        put |= {"number": number, "details": dict(details)}
        put |= {"key": index_key(f"{key} {recipient}")} if key else {}
        with self._database.write() as connection:
            insert_rows(connection, NoticeRow, [put], skip_known=bool(key))
        return message_id

    def _select(self, *narrow: ColumnElement[bool]) -> list[StaffMail]:
        wanted = select(StaffMailRow).where(*narrow).order_by(StaffMailRow.id)
        with self._database.read() as connection:
            return [_value(one) for one in connection.execute(wanted)]

    def _change(self, which: int, states: Iterable[StaffState], **values: Any) -> bool:
        about = update(StaffMailRow).where(
            StaffMailRow.id == which, StaffMailRow.state.in_(tuple(states))
        )
        with self._database.write() as connection:
            return connection.execute(about.values(**values)).rowcount == 1

    def _log(
        self, number: str, what: str, who: str, details: Mapping[str, str], now: datetime
    ) -> None:
        with self._database.write() as connection:
            chain.append(connection, chain.STAFF, [chain.event(number, what, who, details, now)])


def _first_since(connection: Connection, number: str, since: ColumnElement[bool]) -> str:
    about = EventRow.number.in_(parts.concerning(connection, number))
    wanted = select(EventRow.what).where(about, since, EventRow.what.in_(_OVERTAKES))
    return connection.scalar(wanted.order_by(EventRow.id).limit(1)) or ""


def _value(one: AnyRow) -> StaffMail:
    return StaffMail(
        id=one.id,
        number=one.number,
        channel=one.channel,
        act=Act(one.act),
        state=StaffState(one.state),
        who=one.who,
        address=one.address,
        text=one.text,
        details=one.details,
        received_at=one.received_at,
        created_at=one.created_at,
        window=timedelta(seconds=one.seconds),
        confirmed=one.confirmed,
        told_at=one.told_at,
        echo=one.echo,
        settled_at=one.settled_at,
        reason=one.reason,
    )
