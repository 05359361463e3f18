"""The database part of `muara doctor`: each check asks one question and answers with one finding."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from classify.deadline import Calendar, incomplete_years
from ingest.daily import daily_copies
from ingest.findings import Finding, fine, note, problem
from ingest.office import Words
from store import Store, StoreError
from store.types import Counts

STUCK_AFTER = timedelta(minutes=30)
BACKUP_LATE = timedelta(days=3)
CLOCK_SLACK = timedelta(minutes=2)
LEAST_FREE = 500 * 1000 * 1000  # bytes
SHOWN = 5  # examples in a sentence

Check = Callable[[], Finding]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the database's health depends on besides itself.

    ``folder`` is where its disk is looked at, ``backups`` where the daily copies lie. ``behind`` counts
    the open cases whose deadline was reckoned by another calendar.
    """

    folder: Path
    backups: Path
    calendar: Calendar
    words: Words
    clock: Callable[[], datetime]
    behind: Callable[[], int] = lambda: 0


class DatabaseChecks:
    """Looks only; nothing is changed."""

    def __init__(self, store: Store, around: Surroundings) -> None:
        self._store = store
        self._around = around
        self._ask = store.examination()

    def run(self, *, deep: bool, progress: Callable[[int], None]) -> Iterator[Finding]:
        """Yield a finding for every check. With ``deep`` all stored bytes are read again, which takes long."""
        checks: list[Check] = [
            self.integrity,
            self.references,
            self.chain,
            self.cases,
            self.deadlines,
            self.bytes_there,
            self.stuck,
            self.failed,
            self.quarantine,
            self.seals,
            self.calendar,
            self.behind,
            self.clock,
            self.disk,
            self.backup,
        ]
        if deep:
            checks += [lambda: self.bytes_right(progress), self.opened]
        for check in checks:
            try:
                yield check()
            except StoreError as error:  # a damaged table must not hide what the others say
                yield problem("question", reason=error.values.get("reason", error))

    def integrity(self) -> Finding:
        """The database's own check of its files."""
        wrong = self._ask.integrity()
        return problem("integrity", found=_some(wrong)) if wrong else fine("integrity")

    def references(self) -> Finding:
        """Foreign keys that lead nowhere."""
        broken = self._ask.broken_references()
        found = [f"{name} ({count})" for name, count in broken.items()]
        return problem("references", found=_some(found)) if found else fine("references")

    def chain(self) -> Finding:
        """The hash chain of the event log."""
        damage = self._store.verify()
        return problem("chain", count=len(damage)) if damage else fine("chain")

    def cases(self) -> Finding:
        """Cases against their log: without one, not as it says, or gone."""
        numbers = [one.number for one in self._ask.crosscheck()]
        return _numbered("cases", numbers)

    def deadlines(self) -> Finding:
        """Open cases without the deadline they are owed."""
        return _numbered("deadlines", self._ask.without_deadline())

    def bytes_there(self) -> Finding:
        """Arrivals without their raw bytes."""
        missing = self._ask.missing_bytes()
        return (
            problem("bytes", count=len(missing), found=_some(missing)) if missing else fine("bytes")
        )

    def bytes_right(self, progress: Callable[[int], None]) -> Finding:
        """Raw bytes that are not what they were."""
        wrong, count = [], 0
        for count, name in self._ask.changed_bytes():
            progress(count)
            if name:
                wrong.append(name)
        if wrong:
            return problem("deep", count=len(wrong), found=_some(wrong))
        return fine("deep", count=count)

    def stuck(self) -> Finding:
        """Notices that nobody sends."""
        count = self._ask.stuck(self._around.clock() - STUCK_AFTER)
        return problem("stuck", count=count) if count else fine("stuck")

    def failed(self) -> Finding:
        """Notices that were refused for good."""
        count = self._counts().failed
        return note("failed", count=count) if count else fine("failed")

    def quarantine(self) -> Finding:
        """Arrivals that wait to be readable."""
        count = self._counts().quarantined
        return note("quarantine", count=count) if count else fine("quarantine")

    def seals(self) -> Finding:
        """Rows that are not encrypted with the key in force, and copies from before there was one."""
        if count := self._store.seals.left():
            return problem("seals", count=count)
        copies = self._store.seals.plain_copies(self._around.backups)
        return note("copies", files=_some(map(str, copies))) if copies else fine("seals")

    def opened(self) -> Finding:
        """Values that the keys do not open."""
        place = self._store.seals.broken()
        return problem("opened", place=place) if place else fine("opened")

    def calendar(self) -> Finding:
        """Deadlines in years whose collective leave is not decreed yet."""
        calendar = self._around.calendar
        spans = self._ask.open_deadlines()
        reached = {year for span in spans for year in incomplete_years(*span, calendar)}
        return (
            note("calendar", years=_some(map(str, sorted(reached))))
            if reached
            else fine("calendar")
        )

    def behind(self) -> Finding:
        """Deadlines that the daemon has yet to bring to the calendar in force."""
        count = self._around.behind()
        return note("behind", count=count) if count else fine("behind")

    def clock(self) -> Finding:
        """The computer's clock against the last event."""
        now, newest = self._around.clock(), self._ask.newest_event()
        if newest is None or newest <= now + CLOCK_SLACK:
            return fine("clock", now=self._around.words.moment(now))
        moment = self._around.words.moment
        return problem("clock", now=moment(now), newest=moment(newest))

    def disk(self) -> Finding:
        """Room for more, and for a copy of the database."""
        folder = next(filter(Path.exists, (self._around.folder, *self._around.folder.parents)))
        size, free = self._ask.size(), shutil.disk_usage(folder).free
        needed = max(LEAST_FREE, size)
        values = {"free": _megabytes(free), "size": _megabytes(size), "needed": _megabytes(needed)}
        return fine("disk", **values) if free >= needed else problem("disk", **values)

    def backup(self) -> Finding:
        """The daily copies of a SQLite database."""
        if self._ask.file is None:
            return note("backup_elsewhere")
        copies, moment = daily_copies(self._around.backups), self._around.words.moment
        if not copies:
            return note("backup_none", folder=self._around.backups)
        last = copies[-1][0]
        late = self._around.clock() - last > BACKUP_LATE
        return (note if late else fine)("backup", last=moment(last), folder=self._around.backups)

    def _counts(self) -> Counts:
        return self._store.counts()


def _numbered(check: str, numbers: Sequence[str]) -> Finding:
    if not numbers:
        return fine(check)
    return problem(check, count=len(numbers), numbers=_some(numbers))


def _some(found: Iterable[str]) -> str:
    """The first few, and an ellipsis where there are more."""
    texts = list(found)
    more = ", ..." if len(texts) > SHOWN else ""
    return ", ".join(texts[:SHOWN]) + more


def _megabytes(count: int) -> str:
    return str(round(count / 1e6, 1))
