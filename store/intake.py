"""Storing what came in: one transaction for the bytes, the ledger, the case, its log and its notices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from store import channels, ledger
from store.decide import settle
from store.engine import Database
from store.errors import Collision, Conflict
from store.types import Fate, Intake, Outcome
from store.work import Work

T = TypeVar("T")
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True)
class Office:
    """What the store has to know about us: domain of our Message-IDs, our names on platforms."""

    message_domain: str
    own_names: frozenset[str] = field(default_factory=frozenset)


def commit(
    database: Database,
    office: Office,
    intakes: Sequence[Intake],
    cursor: str | None,
    now: datetime,
) -> list[Outcome]:
    """Store a batch. Raises NumberTaken."""

    def once(connection: Connection) -> list[Outcome]:
        outcomes = _store(connection, office, intakes, now)
        if intakes and cursor is not None:
            channels.move_cursor(connection, intakes[0].arrival.channel, cursor, now)
        return outcomes

    return _persistently(database, once) if intakes else []


def release(
    database: Database, office: Office, which: int, intake: Intake, now: datetime
) -> Outcome:
    """Store a quarantined arrival anew, in place of its old ledger row. Raises NumberTaken."""

    def once(connection: Connection) -> Outcome:
        if not ledger.take_from_quarantine(connection, which):
            return Outcome(Fate.KNOWN)
        return _store(connection, office, [intake], now, keep_id=which)[0]

    return _persistently(database, once)


def _store(
    connection: Connection,
    office: Office,
    intakes: Sequence[Intake],
    now: datetime,
    keep_id: int | None = None,
) -> list[Outcome]:
    work = Work(
        connection,
        domain=office.message_domain,
        own_names=office.own_names,
        now=now,
        intakes=intakes,
        keep_id=keep_id,
    )
    outcomes = [settle(work, intake) for intake in intakes]
    work.batch.write(connection, work.cases, intakes[0].arrival.channel)
    return outcomes


def _persistently(database: Database, once: Callable[[Connection], T]) -> T:
    """Do it again when another transaction got in between: then its rows are there to be seen."""
    for _ in range(_ATTEMPTS - 1):
        try:
            with database.write() as connection:
                return once(connection)
        except (Conflict, Collision):
            continue
    with database.write() as connection:
        return once(connection)
