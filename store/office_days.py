"""The days the office decides about, and the deadlines that follow: one transaction for both."""

from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Connection, func, insert, select

from store import redating
from store.calendar_models import OfficeDayRow
from store.engine import Database
from store.errors import Conflict
from store.models import AnyRow
from store.rows import Tokens
from store.types import Moved, OfficeDay, Redating


class OfficeDays:
    """The office's own table. Every method is one transaction; nothing is ever deleted."""

    def __init__(self, database: Database, message_domain: str) -> None:
        self._database = database
        self._tokens = Tokens(message_domain)

    def last(self) -> int:
        """Return a number that grows with every decision; 0 before the first."""
        with self._database.read() as connection:
            return _last(connection)

    def decided(self) -> tuple[int, list[OfficeDay]]:
        """Return `last` and the decisions in force, one a date, in order."""
        newest = select(func.max(OfficeDayRow.id)).group_by(OfficeDayRow.date)
        wanted = select(OfficeDayRow).where(OfficeDayRow.id.in_(newest), OfficeDayRow.state != "")
        with self._database.read() as connection:
            rows = connection.execute(wanted.order_by(OfficeDayRow.date)).all()
            return _last(connection), [_day(row) for row in rows]

    def history(self, first: date, last: date) -> list[OfficeDay]:
        """Return every decision about these dates, oldest first, also those taken back."""
        wanted = select(OfficeDayRow).where(OfficeDayRow.date.between(first, last))
        with self._database.read() as connection:
            return [_day(row) for row in connection.execute(wanted.order_by(OfficeDayRow.id))]

    def decide(self, day: OfficeDay, redating_: Redating, *, seen: int) -> list[Moved]:
        """Enter a decision and move the deadlines of open cases, with an event for each.

        ``seen`` is what `last` was when the calendar of ``redating_`` was made: raises Conflict where
        somebody else decided in between.
        """
        with self._database.write() as connection:
            _alone(connection)
            if _last(connection) != seen:
                raise Conflict(reason="office_days")
            connection.execute(insert(OfficeDayRow).values(asdict(day)))
            return redating.redate(connection, redating_, self._tokens, who=day.who, now=day.at)

    def would_move(self, redating_: Redating) -> list[Moved]:
        """Return the open cases whose deadline another calendar moves; nothing is changed."""
        with self._database.read() as connection:
            return redating.would_move(connection, redating_)

    def behind(self, redating_: Redating) -> int:
        """Return how many open cases have a deadline by another calendar than this version."""
        with self._database.read() as connection:
            return redating.behind(connection, redating_)

    def redate(self, redating_: Redating, *, who: str, now: datetime) -> list[Moved]:
        """Bring open cases to this calendar, with an event for each whose deadline moves."""
        with self._database.write() as connection:
            return redating.redate(connection, redating_, self._tokens, who=who, now=now)


def _alone(connection: Connection) -> None:
    """One decision at a time; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE office_days IN SHARE ROW EXCLUSIVE MODE")


def _last(connection: Connection) -> int:
    return connection.scalar(select(func.max(OfficeDayRow.id))) or 0


def _day(row: AnyRow) -> OfficeDay:
    return OfficeDay(row.date, row.state, row.name, row.why, row.who, row.at)
