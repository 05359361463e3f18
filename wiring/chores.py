"""What the daemon does again and again besides the channels' turns. The schedule is data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event

import structlog

from health import OUTBOX, Pulse
from ingest.daily import DailyBackup
from store.errors import StoreError, Unavailable
from wiring.parts import Parts

RULES, STAFF, DATES, ROUNDS, REMINDERS = "rules", "staff", "dates", "rounds", "reminders"
BACKUP, REPORT, PURGE = "backup", "report", "purge"
BACKUP_FIRST = timedelta(minutes=5)  # after the rush of a start
REPORT_FIRST = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Chore:
    """One job: every so many seconds, the first time ``first`` after the start.

    A chore that is ``watched`` gives a sign of life each time. What it ``bears`` is logged as
    ``trouble``, with what it is ``about``, and tried again at the next time; anything else is a bug.
    """

    name: str
    every: int
    run: Callable[[], object]
    first: timedelta = timedelta()
    watched: bool = False
    bears: tuple[type[Exception], ...] = (Unavailable,)
    trouble: str = "store.unavailable"
    about: Mapping[str, str] = field(default_factory=dict)

    def do(self, pulse: Pulse) -> None:
        """Run once."""
        if self.watched:
            pulse.beat(self.name)
        try:
            self.run()
        except self.bears as error:
            log.warning(self.trouble, error=str(error), **self.about)


def chores(parts: Parts, stop: Event) -> tuple[Chore, ...]:
    """Return everything that is not a channel's turn. Hourly ones look whether a day or a month is over."""
    folder = parts.settings.store.backup_folder
    always = (
        # Entries typed into the CLI are another process's and wake nobody here.
        Chore(OUTBOX, 2, lambda: parts.outbox.send_due(stop), watched=True),
        Chore(RULES, 5, parts.rules.refresh),
        Chore(DATES, 3, parts.dates.refresh, bears=(StoreError,), trouble="calendar.not_read"),
        Chore(STAFF, 2, lambda: parts.staff_work.work(stop), bears=(StoreError,)),
        Chore(ROUNDS, 10, lambda: parts.rounds.make(parts.clock()), watched=True),
        # A promise of hours is reminded of in minutes, after deadlines that a changed calendar moves.
        Chore(
            REMINDERS,
            30,
            lambda: parts.reminders.look(parts.clock()),
            first=timedelta(seconds=5),
            watched=True,
        ),
        Chore(
            BACKUP,
            3600,
            DailyBackup(parts.store, folder, parts.clock).make,
            BACKUP_FIRST,
            bears=(StoreError, OSError),
            trouble="backup.failed",
            about={"folder": str(folder)},
        ),
    )
    return always + tuple(_wanted(parts))


def _wanted(parts: Parts) -> list[Chore]:
    """Return what the configuration may leave out."""
    found = []
    if parts.monthly:
        found.append(
            Chore(
                REPORT,
                3600,
                parts.monthly.make,
                REPORT_FIRST,
                bears=(StoreError, OSError),
                trouble="report.failed",
            )
        )
    if parts.purge:  # 900: in the first night of a month, whenever that is
        found.append(
            Chore(
                PURGE,
                900,
                parts.purge.make,
                REPORT_FIRST,
                bears=(StoreError,),
                trouble="retention.failed",
            )
        )
    return found
