"""The daemon's scheduler, without a process around it. What it does as one is in tests/e2e."""

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Timer
from typing import Any, Self

import pytest

from channels.errors import Permanent, Temporary
from channels.memory import MemoryChannel
from channels.types import Arrival, Seen
from config.settings import load
from config.texts import Texts
from ingest.turn import Schedule, Turn, Watch
from service import FIRST_WAIT, Daemon
from testing.daemon import OWN, Site, eventually
from wiring.parts import Parts, build
from wiring.process import notify


class Clock:
    """The real time, moved by ``offset``."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def parts(tmp_path: Path, clock: Clock) -> Iterator[Parts]:
    site = Site(tmp_path)
    site.imap("gmail", ("localhost", 1), OWN, "x")
    site.write()
    (tmp_path / "data").mkdir()
    made = build(load(site.config), Texts("id"), clock)
    made.store.upgrade()
    yield replace(made, turns=())
    made.store.close()


class Running:
    """A daemon over channels in memory, ended at the end of the block."""

    def __init__(self, parts: Parts, *channels: MemoryChannel, every: float = 60) -> None:
        self.stop = Event()
        turns = tuple(
            Turn(
                channel,
                schedule=Schedule(timedelta(seconds=every), skips_history=True),
                poller=parts.poller,
                store=parts.store,
                office=parts.office,
                words=parts.words,
                watch=Watch(3, "kesra"),
            )
            for channel in channels
        )
        self.daemon = Daemon(replace(parts, turns=turns), self.stop)

    def __enter__(self) -> Self:
        self.daemon.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.daemon.shut_down()

    def due(self) -> dict[str, datetime]:
        return {job.id: job.next_run_time for job in self.daemon._scheduler.get_jobs()}


class Hanging(MemoryChannel):
    """A server that says nothing until let go."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.let_go = Event()

    def fetch(self, seen: Seen) -> Iterator[Arrival]:
        self.let_go.wait(30)
        yield from super().fetch(seen)


def arrivals(parts: Parts) -> dict[str, int]:
    return {state.name: state.arrivals for state in parts.store.channel_states()}


def test_a_channel_is_polled_at_once_and_again_when_it_has_news(parts: Parts) -> None:
    channel = MemoryChannel("gmail")
    channel.push(b"satu")
    with Running(parts, channel):
        eventually(lambda: arrivals(parts).get("gmail") == 1)
        channel.push(b"dua")
        eventually(lambda: arrivals(parts).get("gmail") == 2)


@pytest.mark.parametrize("name", ["outbox", "rules", "default", "gmail"])
def test_a_hanging_channel_delays_no_other_whatever_its_name(parts: Parts, name: str) -> None:
    hanging, other = Hanging(name), MemoryChannel("lain")
    with Running(parts, hanging, other):
        other.push(b"satu")
        eventually(lambda: arrivals(parts).get("lain") == 1)
        eventually(lambda: {one.attempts for one in parts.store.due_notices(_later())} >= {1})
        hanging.let_go.set()


def _later() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=30)


def test_a_restart_keeps_the_back_off_of_a_channel_in_trouble_but_not_for_long(
    parts: Parts, clock: Clock
) -> None:
    for name, wait in (("gmail", timedelta(seconds=40)), ("webmail", timedelta(hours=1))):
        due = clock() + wait
        parts.store.channel_failed(name, error="x", next_due=due, down=False, now=clock())
    with Running(parts, MemoryChannel("gmail"), MemoryChannel("webmail")) as running:
        due_in = {name: due - clock() for name, due in running.due().items()}
    assert timedelta(seconds=30) < due_in["channel:gmail"] <= timedelta(seconds=40)
    assert timedelta(seconds=50) < due_in["channel:webmail"] <= FIRST_WAIT


def test_after_the_clock_was_set_back_everything_is_due_now(parts: Parts, clock: Clock) -> None:
    channel = MemoryChannel("gmail")
    channel.trouble = Temporary("imap_timeout", host="x", port=1)
    with Running(parts, channel, every=600) as running:
        eventually(parts.store.channel_states)
        eventually(lambda: "channel:gmail" in running.due())
        wall, steady = clock() + timedelta(hours=1), time.monotonic()
        running.daemon._mind_the_clock(wall, steady)
        eventually(lambda: parts.store.channel_states()[0].failures >= 2)


def test_a_clock_that_is_only_corrected_moves_nothing(parts: Parts, clock: Clock) -> None:
    channel = MemoryChannel("gmail")
    channel.trouble = Temporary("imap_timeout", host="x", port=1)
    with Running(parts, channel, every=600) as running:
        eventually(lambda: "channel:gmail" in running.due() and arrivals(parts))
        before = running.due()["channel:gmail"]
        running.daemon._mind_the_clock(clock() + timedelta(seconds=20), time.monotonic())
        assert running.due()["channel:gmail"] == before


def test_a_clock_set_back_while_a_channel_waits_does_not_make_it_sleep_an_hour(
    parts: Parts, clock: Clock
) -> None:
    clock.offset = timedelta(hours=1)
    channel = MemoryChannel("gmail")
    running = Running(parts, channel, every=0.5)
    (turn,) = running.daemon._parts.turns
    turn.run(clock, running.stop)
    clock.offset = timedelta(0)
    assert running.daemon._wait(turn) <= clock()


def test_a_bug_in_a_turn_does_not_end_its_channel(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = MemoryChannel("gmail")
    calls: list[str] = []

    def broken(*_: Any, **__: Any) -> None:
        calls.append("polled")
        raise ZeroDivisionError

    monkeypatch.setattr(parts.store, "channel_polled", broken)
    monkeypatch.setattr("service.BUG_RETRY", timedelta(0))
    with Running(parts, channel):
        eventually(lambda: len(calls) > 2)


def test_a_server_that_drops_us_again_and_again_is_given_time(parts: Parts) -> None:
    class Dropping(MemoryChannel):
        def wait(self, timeout: float, stop: Event) -> bool:
            raise Temporary("imap_closed", host="x", reason="bye")

    running = Running(parts, Dropping("gmail"))
    (turn,) = running.daemon._parts.turns
    waits = [running.daemon._wait(turn) - datetime.now(UTC) for _ in range(9)]
    assert [round(wait.total_seconds()) for wait in waits] == [0, 4, 8, 16, 32, 60, 60, 60, 60]


def test_a_permanent_trouble_of_one_channel_is_polled_on_with_back_off(parts: Parts) -> None:
    channel = MemoryChannel("gmail")
    channel.trouble = Permanent("imap_login_refused", host="x", user="y", reply="NO")
    with Running(parts, channel, every=0.1):
        eventually(lambda: (s := parts.store.channel_states()) and s[0].failures >= 3)


def test_stopping_waits_for_the_batch_in_hand(parts: Parts) -> None:
    slow = Hanging("gmail")
    slow.push(b"satu")
    running = Running(parts, slow)
    with running:
        time.sleep(0.2)
        Timer(0.5, slow.let_go.set).start()
    assert arrivals(parts) == {"gmail": 1}


def test_without_systemd_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify("READY=1")


def test_a_systemd_that_does_not_listen_is_no_reason_to_fail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    notify("READY=1")


def test_an_abstract_socket_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0muara-test-notify")
        systemd.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", "@muara-test-notify")
        notify("READY=1")
        assert systemd.recv(100) == b"READY=1"
