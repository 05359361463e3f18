"""The daemon: schedules the channels' turns and the outbox, watches the clock and the database, stops cleanly.

APScheduler is the clock only; what is due stands in the database. Every channel has an executor of
its own with one thread, so a hung channel can delay nobody else.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from time import monotonic

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from channels.errors import ChannelError
from health import CHANNEL, OUTBOX, Pulse
from ingest.turn import Turn
from store.errors import Unavailable
from store.types import ChannelState
from wiring.chores import Chore, chores
from wiring.parts import Parts
from wiring.process import notify, signals, status_page

WATCH_EVERY = 5.0
STOP_GRACE = 5.0
STORE_RETRY = timedelta(seconds=5)
BUG_RETRY = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=60)  # who mended something and restarts wants to see it work
CLOCK_JUMP = timedelta(seconds=30)
STEADY_WAIT = 60.0  # seconds a held connection must last before a drop counts as the first again
MAIN = "main"

log = structlog.get_logger()


def run(parts: Parts) -> None:
    """Run until SIGTERM or SIGINT. Raises AlreadyRunning when another daemon has this database."""
    stop = Event()
    daemon = Daemon(parts, stop)
    with parts.store.exclusive(), signals(stop), status_page(parts, daemon.pulse):
        daemon.start()
        try:
            notify("READY=1")
            log.info("daemon.started", channels=daemon.channels, pid=os.getpid())
            daemon.watch()
        finally:
            stop.set()
            notify("STOPPING=1")
            daemon.shut_down()


class Daemon:
    """The scheduler and its jobs."""

    def __init__(self, parts: Parts, stop: Event) -> None:
        self._parts = parts
        self._stop = stop
        self.pulse = Pulse()
        self._clock = parts.clock
        self._drops: dict[str, int] = {}
        self.channels = [turn.channel.name for turn in parts.turns]
        self._chores = chores(parts, stop)
        names = (*(chore.name for chore in self._chores), *map(_job, self.channels))
        self._executors = {name: ThreadPoolExecutor(1) for name in names}
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors=self._executors,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Schedule everything by what the channels' rows say."""
        rows = {state.name: state for state in self._parts.store.channel_states()}
        for turn in self._parts.turns:
            self._schedule(turn, self._first_due(rows.get(turn.channel.name)))
        for chore in self._chores:
            self._every(chore)
        self._scheduler.start()

    def _first_due(self, row: ChannelState | None) -> datetime:
        """At once; a channel in trouble keeps its back-off, so that restarting does not hammer it."""
        now = self._clock()
        return min(row.next_due, now + FIRST_WAIT) if row and row.failures else now

    def _every(self, chore: Chore) -> None:
        self._scheduler.add_job(
            chore.do,
            "interval",
            [self.pulse],
            seconds=chore.every,
            id=chore.name,
            executor=chore.name,
            next_run_time=self._clock() + chore.first,
        )

    def _schedule(self, turn: Turn, due: datetime) -> None:
        if not self._stop.is_set():
            name = _job(turn.channel.name)
            self.pulse.beat(name, (due - self._clock()).total_seconds())
            self._scheduler.add_job(
                self._turn,
                "date",
                [turn],
                run_date=due,
                id=name,
                executor=name,
                replace_existing=True,
            )

    def _turn(self, turn: Turn) -> None:
        if self._stop.is_set():
            return
        self.pulse.beat(_job(turn.channel.name))
        try:
            state = turn.run(self._clock, self._stop)
            self._wake_outbox()
            due = state.next_due if state.failures else self._wait(turn)
        except Unavailable as error:
            log.warning("store.unavailable", channel=turn.channel.name, error=str(error))
            due = self._clock() + STORE_RETRY
        except Exception:
            # A bug in one channel's turn must not end that channel: say so, and try again later.
            log.exception("turn.failed", channel=turn.channel.name)
            due = self._clock() + BUG_RETRY
        self._schedule(turn, due)

    def _wait(self, turn: Turn) -> datetime:
        """Hold the connection until the server says something or the next turn is due: that is now."""
        began, name = monotonic(), turn.channel.name
        self.pulse.beat(_job(name), turn.every.total_seconds())
        try:
            turn.channel.wait(turn.every.total_seconds(), self._stop)
        except (ChannelError, OSError) as error:
            log.info("channel.dropped", channel=name, error=str(error))
            turn.channel.close()
            return self._clock() + min(turn.every, self._pause(name, monotonic() - began))
        self._drops.pop(name, None)
        return self._clock()

    def _pause(self, name: str, lasted: float) -> timedelta:
        """No pause after the first drop; a server that drops us again and again is given time."""
        drops = self._drops[name] = 1 if lasted > STEADY_WAIT else self._drops.get(name, 0) + 1
        return timedelta(seconds=0 if drops == 1 else min(2**drops, 60))

    def _wake_outbox(self) -> None:
        with suppress(JobLookupError):  # the scheduler is being shut down
            self._scheduler.modify_job(OUTBOX, next_run_time=self._clock())

    def watch(self) -> None:
        """Until told to stop: ask the database, tell systemd, and mind clocks that jump."""
        wall, steady = self._clock(), monotonic()
        while not self._stop.wait(WATCH_EVERY):
            self.pulse.beat(MAIN)
            wall, steady = self._mind_the_clock(wall, steady)
            self._feed_watchdog()

    def _feed_watchdog(self) -> None:
        try:
            self._parts.store.ping()
        except Exception as error:  # noqa: BLE001 - whatever it is, systemd will hear no WATCHDOG=1
            log.warning("store.unavailable", error=str(error))
        else:
            notify("WATCHDOG=1")

    def _mind_the_clock(self, wall: datetime, steady: float) -> tuple[datetime, float]:
        """Jobs wait for a wall-clock time: after a jump back they would sleep that much longer."""
        at, ticks = self._clock(), monotonic()
        jump = (at - wall) - timedelta(seconds=ticks - steady)
        if abs(jump) > CLOCK_JUMP:
            log.warning("clock.jumped", by=str(jump))
            for job in self._scheduler.get_jobs():
                with suppress(JobLookupError):  # it began just now
                    job.modify(next_run_time=at)
        return at, ticks

    def shut_down(self) -> None:
        """Finish what is in hand. A hung connection is abandoned: what it held is not in the ledger."""
        ending = Thread(target=self._finish, daemon=True)
        ending.start()
        ending.join(STOP_GRACE)
        abandoned = ending.is_alive()
        if not abandoned:
            for turn in self._parts.turns:
                turn.channel.close()
        log.info("daemon.stopped", abandoned=abandoned)
        if abandoned:
            os._exit(0)

    def _finish(self) -> None:
        """In two steps: while APScheduler itself waits for its jobs, it holds locks that they may need."""
        self._scheduler.shutdown(wait=False)
        for executor in self._executors.values():
            executor.shutdown(wait=True)


def _job(channel: str) -> str:
    """The name of a channel's job and executor; no channel can take another's."""
    return f"{CHANNEL}{channel}"
