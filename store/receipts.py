"""Receipts: whoever has number and code may read status, deadline and answer of a case, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from store import chain, codes
from store.answer_models import AnswerRow, ReceiptRow
from store.engine import Database
from store.errors import StoreError
from store.types import How, Receipt
from store.upsert import insert_into
from store.working import locked

TRIES = 5  # wrong codes for one case before it rests
TRIES_OF_ALL = 30  # wrong codes for whatever case, within REST
REST = timedelta(minutes=15)
_BY_HAND = ("call", "post")


class TooManyTries(StoreError):  # noqa: N818 - says what is the case
    """Too many wrong codes: none is looked at for so many ``minutes``."""

    code = "too_many_tries"


class Receipts:
    """Codes are made, replaced and tried here. Every method is one transaction or two."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(self, number: str, *, who: str, now: datetime) -> str:
        """Return a fresh code for a case; the one before is void. Raises LookupError.

        It is said or printed now or never: the database holds no more than a hash of it.
        """
        code = codes.new_code()
        fresh = {"made_at": now, "made_by": who, "hash": codes.hashed(code)}
        fresh |= {"refused": 0, "last_refused_at": None}
        with self._database.write() as connection:
            locked(connection, number)
            replaced = _row(connection, number) is not None
            put = insert_into(connection.dialect, ReceiptRow).values(number=number, **fresh)
            put = put.on_conflict_do_update(index_elements=["number"], set_=fresh)
            connection.execute(put)
            what = "receipt.replaced" if replaced else "receipt.made"
            _log(connection, number, what, who, now)
        return code

    def of(self, number: str) -> Receipt | None:
        """Return what is known of a case's receipt."""
        with self._database.read() as connection:
            row = _row(connection, number)
        if row is None:
            return None
        return Receipt(row.number, row.made_at, row.made_by, row.refused, row.last_refused_at)

    def opens(self, number: str, code: str, *, who: str, now: datetime) -> bool:
        """Whether this is the code of the case; each try is an event. Raises TooManyTries.

        A try counts as wrong before it is looked at, so that neither many at once nor a program that
        ends in between are tries for nothing. Answers read this way have arrived.
        """
        with self._database.write() as connection:
            row = _row(connection, number, lock=True)
            _rest(connection, number, now)
            _count(connection, number, now)
        right = codes.fits(code, row.hash if row else "")
        if row is None:
            return False
        with self._database.write() as connection:
            if right:
                _read(connection, number, who, now)
            what = "answer.read" if right else "code.refused"
            _log(connection, number, what, who, now)
        return right


def _row(connection: Connection, number: str, *, lock: bool = False) -> Any:
    wanted = select(ReceiptRow).where(ReceiptRow.number == number)
    return connection.execute(wanted.with_for_update() if lock else wanted).one_or_none()


def _rest(connection: Connection, number: str, now: datetime) -> None:
    """Raise TooManyTries where this case, or all together, had too many wrong codes of late."""
    counted = select(func.sum(ReceiptRow.refused), func.max(ReceiptRow.last_refused_at))
    late = counted.where(ReceiptRow.last_refused_at > now - REST)
    for wanted, most in ((late.where(ReceiptRow.number == number), TRIES), (late, TRIES_OF_ALL)):
        refused, last = connection.execute(wanted).one()
        if refused is not None and last is not None and refused >= most:
            raise TooManyTries(minutes=_minutes(last + REST - now))


def _minutes(wait: timedelta) -> int:
    return max(1, -(-int(wait.total_seconds()) // 60))


def _count(connection: Connection, number: str, now: datetime) -> None:
    """One more wrong try; those of long ago are forgiven."""
    long_ago = ReceiptRow.last_refused_at.is_(None) | (ReceiptRow.last_refused_at <= now - REST)
    mine = ReceiptRow.number == number
    fresh = update(ReceiptRow).where(mine, long_ago).values(refused=0)
    connection.execute(fresh)
    more = update(ReceiptRow).where(mine)
    connection.execute(more.values(refused=ReceiptRow.refused + 1, last_refused_at=now))


def _read(connection: Connection, number: str, who: str, now: datetime) -> None:
    connection.execute(
        update(ReceiptRow)
        .where(ReceiptRow.number == number)
        .values(refused=0, last_refused_at=None)
    )
    waiting = (
        AnswerRow.number == number,
        AnswerRow.message_id.is_(None),
        AnswerRow.done_at.is_(None),
        AnswerRow.way.in_(_BY_HAND),
    )
    done = {"done_at": now, "done_by": who, "how": How.READ, "next_at": None}
    connection.execute(update(AnswerRow).where(*waiting).values(done))


def _log(connection: Connection, number: str, what: str, who: str, now: datetime) -> None:
    chain.append(connection, chain.STAFF, [chain.event(number, what, who, {}, now)])
