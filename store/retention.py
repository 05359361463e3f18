"""Having removed what is past its term: some families of cases at a time, each time in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select

from store import chain, overdue, purging, scrubbing, values
from store.backup import Progress, no_progress
from store.engine import Database
from store.models import ArrivalRow, CaseRow, EventRow, ValueRow
from store.overdue import KEPT, RAW_PURGED, RELEASED
from store.retention_models import PurgeRow
from store.types.retention import Cutoffs, Due, Emptied, Held, PurgeRun
from store.working import locked

_TO_SCRUB = "retention.to_scrub"


class Retention:
    """Every method raises Unavailable; those that name a case LookupError if there is none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, number: str, *, who: str, why: str, now: datetime) -> None:
        """Let nothing of a case be removed, whatever its age, until it is released."""
        self._note(number, KEPT, who, why, now)

    def release(self, number: str, *, who: str, why: str, now: datetime) -> None:
        """Let the office's terms count for a case again."""
        self._note(number, RELEASED, who, why, now)

    def is_kept(self, number: str) -> bool:
        """Whether a case is to be kept."""
        with self._database.read() as connection:
            return number in overdue.kept(connection)

    def due(self, cutoffs: Cutoffs) -> list[Due]:
        """Return what is past its term, by sort."""
        with self._database.read() as connection:
            return overdue.due(connection, cutoffs)

    def purge(
        self, cutoffs: Cutoffs, *, who: str, now: datetime, progress: Progress = no_progress
    ) -> dict[Held, int]:
        """Remove what is past its term, and see it gone from a SQLite file; return how many of each sort.

        It can be broken off anywhere: what was removed stays so. Raises Unavailable also where others
        keep the file busy; the next purge sees to that again.
        """
        removed = dict.fromkeys(cutoffs, 0)
        with self._database.read() as connection:
            work = overdue.pages(connection, cutoffs)
        total, done = sum(len(page) for _, page in work), 0
        for held, page in work:
            removed[held] += self._remove(held, page, cutoffs, who, now)
            done += len(page)
            progress(done, total)
        self._scrub()
        return removed

    def runs(self) -> list[PurgeRun]:
        """Return every removal there was, the latest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(PurgeRow).order_by(PurgeRow.id.desc())).all()
        return [
            PurgeRun(row.at, row.who, Held(row.held), row.before, row.removed, row.details)
            for row in rows
        ]

    def emptied(self) -> Emptied:
        """Return how much of the log was emptied."""
        counted = select(func.count(), func.count(EventRow.number.distinct()))
        with self._database.read() as connection:
            events, cases = connection.execute(counted.where(EventRow.purged)).one()
        return Emptied(events, cases)

    def _note(self, number: str, what: str, who: str, why: str, now: datetime) -> None:
        with self._database.write() as connection:
            locked(connection, number)
            event = chain.event(number, what, who, {"why": why}, now)
            chain.append(connection, chain.STAFF, [event])

    def _remove(
        self, held: Held, page: Sequence[Any], cutoffs: Cutoffs, who: str, now: datetime
    ) -> int:
        """One transaction. What happened since it was looked for counts: a case may be open again."""
        with self._database.write() as connection:
            removed, rows = _REMOVERS[held](connection, page, cutoffs, who, now)
            if removed:
                run = {"at": now, "who": who, "held": held, "before": cutoffs[held]}
                run |= {"removed": removed, "details": dict(rows)}
                connection.execute(insert(PurgeRow).values(run))
                values.put(connection, _TO_SCRUB, "yes")
        return removed

    def _scrub(self) -> None:
        """Overwrite what a SQLite file still has of it."""
        with self._database.read() as connection:
            wanted = select(ValueRow.value).where(ValueRow.key == _TO_SCRUB)
            if connection.scalar(wanted) != "yes":
                return
        if self._database.is_sqlite:
            with self._database.write() as connection:
                connection.exec_driver_sql("INSERT INTO case_words(case_words) VALUES ('optimize')")
        scrubbing.scrub(self._database)
        with self._database.write() as connection:
            values.put(connection, _TO_SCRUB, "no")


def _remove_cases(
    connection: Connection, page: Sequence[Any], cutoffs: Cutoffs, who: str, now: datetime
) -> tuple[int, Mapping[str, int]]:
    columns = (CaseRow.id, CaseRow.number, CaseRow.identity)
    wanted = select(*columns).where(CaseRow.number.in_(page)).order_by(CaseRow.number)
    rows = connection.execute(wanted.with_for_update()).all()
    families = overdue.cases_due(connection, cutoffs, page).values()
    still = {row.number for family in families for row, _ in family}
    rows = [row for row in rows if row.number in still]
    return len(rows), purging.empty(connection, rows, who=who, now=now) if rows else {}


def _remove_raw(
    connection: Connection, page: Sequence[Any], cutoffs: Cutoffs, who: str, now: datetime
) -> tuple[int, Mapping[str, int]]:
    still = [which for which, _ in overdue.raw(connection, cutoffs[Held.RAW])]
    ids = sorted(set(page) & set(still))
    wanted = select(ArrivalRow.number, func.count().label("size")).where(ArrivalRow.id.in_(ids))
    counts = connection.execute(wanted.group_by(ArrivalRow.number)).all()
    purging.bytes_of(connection, ids, now)
    events = [
        chain.event(row.number or "", RAW_PURGED, who, {"arrivals": str(row.size)}, now)
        for row in counts
    ]
    chain.append(connection, chain.RETENTION, events)
    return len(ids), {"arrivals": len(ids)}


def _remove_other_mail(
    connection: Connection,
    page: Sequence[Any],
    cutoffs: Cutoffs,  # noqa: ARG001 - what all removers are given
    who: str,  # noqa: ARG001
    now: datetime,
) -> tuple[int, Mapping[str, int]]:
    mails = [which for sort, which in page if sort == overdue.MAIL]
    notices = [which for sort, which in page if sort == overdue.NOTICE]
    purging.bytes_of(connection, mails, now)
    purging.notices(connection, notices)
    return len(page), {"arrivals": len(mails), "notices": len(notices)}


def _remove_guests(
    connection: Connection,
    page: Sequence[Any],
    cutoffs: Cutoffs,  # noqa: ARG001 - what all removers are given
    who: str,  # noqa: ARG001
    now: datetime,  # noqa: ARG001
) -> tuple[int, Mapping[str, int]]:
    purging.guests(connection, page)
    return len(page), {"guests": len(page)}


_Remover = Callable[
    [Connection, Sequence[Any], Cutoffs, str, datetime], tuple[int, Mapping[str, int]]
]
_REMOVERS: Mapping[Held, _Remover] = {
    Held.CASES: _remove_cases,
    Held.EXAMINED: _remove_cases,
    Held.RAW: _remove_raw,
    Held.OTHER_MAIL: _remove_other_mail,
    Held.GUESTS: _remove_guests,
}
