"""Kill the daemon again and again, and take away disk, database, clock, mail server, names and certificates.

    nice .venv/bin/python -m bench.crash --kills 300

Mail and feed items arrive all the while. At the end every item must be exactly one case and every notice
sent at least once, always under one Message-ID. Prints a table; exit code 1 when anything is lost or double.
"""

import argparse
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from testing.crashing import BOXES, Account, World
from testing.daemon import Daemon, eventually

ROOMY = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
NICE = 5
FAKETIME = Path(f"/usr/lib/{os.uname().machine}-linux-gnu/faketime/libfaketime.so.1")


@dataclass(frozen=True)
class Plan:
    """How much of everything."""

    kills: int
    locked: float = 60.0  # seconds
    trouble: float = 10.0  # seconds of every other fault
    pause: float = 0.25  # seconds between two items, on average


# Killing


def killed_at_random(world: World, plan: Plan) -> str:
    """SIGKILL at any moment, the start of the process included."""
    for _ in range(plan.kills):
        with started(world) as daemon:
            if world.random.random() < 0.8:
                until_started(daemon)
            time.sleep(world.random.uniform(0, 1.5))
            daemon.kill()
    return f"{plan.kills} kills"


def killed_at_commits(point: str) -> Callable[[World, Plan], str]:
    """SIGKILL by the daemon itself at its n-th commit, n from 1 up and then at random."""

    def scenario(world: World, plan: Plan) -> str:
        at_commit = 0
        for turn in range(plan.kills):
            number = turn + 1 if turn < plan.kills // 2 else world.random.randint(1, 60)
            with started(world, MUARA_FAULT=f"commit:{point}:{number}") as daemon:
                at_commit += ended_by_itself(daemon, 12)
        return f"{plan.kills} kills, {at_commit} at a commit"

    return scenario


def ended_by_itself(daemon: Daemon, timeout: float) -> bool:
    try:
        daemon.wait(timeout)
    except subprocess.TimeoutExpired:
        daemon.kill()
        return False
    return True


# What is not there for a while


def disk_full(world: World, plan: Plan) -> str:
    """No file may grow: what a full disk does to SQLite, without a disk."""
    with started(world) as daemon:
        until_started(daemon)
        for _ in range(2):
            time.sleep(2)
            limit = max(path.stat().st_size for path in world.site.database.parent.iterdir())
            limit_files(daemon, (limit, resource.RLIM_INFINITY))
            time.sleep(plan.trouble)
            limit_files(daemon, ROOMY)
        refused = len(daemon.heard("store.unavailable"))
        finish(daemon)
    return f"2 x {plan.trouble:.0f} s, {refused} refusals"


def limit_files(daemon: Daemon, limit: tuple[int, int]) -> None:
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, limit)


def database_locked(world: World, plan: Plan) -> str:
    """Another program holds the write lock."""
    with started(world) as daemon:
        until_started(daemon)
        with closing(sqlite3.connect(world.site.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            time.sleep(plan.locked)
            other.execute("ROLLBACK")
        finish(daemon)
    return f"{plan.locked:.0f} s"


def clock_back(world: World, plan: Plan) -> str:
    """The clock is an hour ahead, then is set right, while notices wait for the mail server."""
    clock = world.site.folder / "clock"
    clock.write_text("+3600")
    environment = {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    if not FAKETIME.exists():
        return "not run: no libfaketime"
    with started(world, **environment) as daemon:
        until_started(daemon)
        time.sleep(plan.trouble)
        with world.smtp.down():
            time.sleep(3)
            clock.write_text("+0")
            time.sleep(3)
        eventually(lambda: daemon.heard("clock.jumped"), 30)
        caught = set(waiting(world))
        eventually(lambda: not caught & set(waiting(world)), 120)
        finish(daemon)
    return "1 jump of -1 h"


def waiting(world: World) -> list[tuple[int]]:
    return world.rows("SELECT id FROM notices WHERE state = 'waiting'")


def smtp_drops(world: World, plan: Plan) -> str:
    """The mail server takes each mail and hangs up; half of them it delivers nevertheless."""
    with started(world) as daemon:
        until_started(daemon)
        world.smtp.faults.drop_after_data = True
        for keeps in (False, True):
            world.smtp.faults.keep_dropped = keeps
            time.sleep(plan.trouble / 2)
        world.smtp.faults.drop_after_data = False
        failed = len(daemon.heard("notice.failed"))
        finish(daemon)
    return f"{plan.trouble:.0f} s, {failed} drops"


def names_unknown(world: World, plan: Plan) -> str:
    """DNS knows neither the mail server nor one of the mailboxes."""
    nowhere = "tidak-ada.invalid"
    world.site.smtp_host = nowhere
    world.site.imap("gmail", (nowhere, 993), BOXES["gmail"], "sandi-uji")
    return mended_by_hand(world, plan)


def certificates_wrong(world: World, plan: Plan) -> str:
    """Nobody we trust signed the certificate of the mail server and of one of the mailboxes."""
    world.site.smtp_port, world.site.smtp_security = world.mail.tls_port, 'security = "tls"'
    address = world.mail.host, world.mail.tls_port
    world.site.imap("gmail", address, BOXES["gmail"], "sandi-uji", security="tls")
    return mended_by_hand(world, plan)


def mended_by_hand(world: World, plan: Plan) -> str:
    usual = 'security = "plain"\nallow_plain = true'
    with started(world) as daemon:
        until_started(daemon)
        time.sleep(plan.trouble)
        failed = len(daemon.heard("channel.failed")) + len(daemon.heard("notice.failed"))
        assert daemon.heard("arrival.stored", channel="webmail"), daemon.story()
        daemon.stop()
    world.site.smtp_security = usual
    world.configure()
    return f"{plan.trouble:.0f} s, {failed} failures"


# Around every fault


def started(world: World, **environment: str) -> Daemon:
    return world.site.start(environment=environment, nice=NICE)


def until_started(daemon: Daemon) -> None:
    eventually(lambda: daemon.heard("daemon.started"), 60, every=0.02)


def finish(daemon: Daemon) -> None:
    """Prove that the same process gets over it, not only the next one."""
    time.sleep(5)
    assert daemon.process.poll() is None, daemon.story()
    code, _ = daemon.stop()
    assert code == 0, daemon.story()


SCENARIOS: dict[str, Callable[[World, Plan], str]] = {
    "SIGKILL at random": killed_at_random,
    "SIGKILL before a commit": killed_at_commits("before"),
    "SIGKILL after a commit": killed_at_commits("after"),
    "disk full": disk_full,
    "database locked": database_locked,
    "clock set back": clock_back,
    "SMTP takes, then drops": smtp_drops,
    "unknown host names": names_unknown,
    "wrong certificates": certificates_wrong,
}
KILLING = ("SIGKILL at random", "SIGKILL before a commit", "SIGKILL after a commit")


def tried(name: str, plan: Plan, seed: int = 1) -> tuple[str, Account]:
    """Run one scenario in a world of its own, let the daemon finish undisturbed, and count."""
    with (
        tempfile.TemporaryDirectory(prefix="muara-crash-") as folder,
        World(Path(folder), seed) as world,
    ):
        with world.streaming(plan.pause), smtp_of(name, world):
            faults = SCENARIOS[name](world, plan)
        with started(world) as daemon:
            world.settle(daemon)
            daemon.stop()
        return faults, world.account()


@contextmanager
def smtp_of(name: str, world: World) -> Iterator[None]:
    if name not in KILLING:
        yield
        return
    with world.shaky_smtp():
        yield


def main() -> int:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    asked.add_argument("--kills", type=int, default=300, help="over the three ways of killing")
    asked.add_argument("--locked", type=float, default=60.0, help="seconds the database is locked")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", choices=SCENARIOS, action="append")
    given = asked.parse_args()
    plan = Plan(kills=given.kills // len(KILLING), locked=given.locked)
    print(f"{'fault':<24} {'faults':<28} items cases notices repeats lost twice unsound seconds")
    clean = True
    for name in given.only or SCENARIOS:
        began = time.monotonic()
        faults, account = tried(name, plan, given.seed)
        clean = clean and account.clean
        print(line(name, faults, account, time.monotonic() - began), flush=True)
        for trouble in (*account.lost, *account.twice, *account.unsound):
            print("   ", trouble)
    return 0 if clean else 1


def line(name: str, faults: str, account: Account, seconds: float) -> str:
    counts = (account.items, account.cases, account.notices, account.repeats)
    bad = (len(account.lost), len(account.twice), len(account.unsound))
    widths = (5, 5, 7, 7, 4, 5, 7, 7)
    numbers = " ".join(
        f"{n:>{w}}" for n, w in zip((*counts, *bad, round(seconds)), widths, strict=True)
    )
    return f"{name:<24} {faults:<28} {numbers}"


if __name__ == "__main__":
    sys.exit(main())
