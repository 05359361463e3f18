import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier

import pytest

from store import Store
from store.types import Fate, NoticeKind, NoticeRequest, Outcome, TicketFilter
from tests.store.samples import NOW, intake, open_case, put, report, sql

THREADS = 6


def together(*actions: Callable[[], list[Outcome]]) -> list[Outcome]:
    """Run all at the same moment; return all outcomes."""
    gate = Barrier(len(actions))

    def run(action: Callable[[], list[Outcome]]) -> list[Outcome]:
        gate.wait()
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return [outcome for outcomes in pool.map(run, actions) for outcome in outcomes]


def test_the_same_mail_in_many_channels_at_once_is_one_case(store: Store) -> None:
    for turn in range(4):
        ones = [intake(f"box{channel}", identity=f"same {turn}") for channel in range(THREADS)]
        outcomes = together(*(partial(put, store, one) for one in ones))
        fates = Counter(outcome.fate for outcome in outcomes)
        assert fates == {Fate.CASE: 1, Fate.MERGED: THREADS - 1}
        (number,) = {outcome.number for outcome in outcomes}
        ticket = store.ticket(number)
        assert ticket is not None
        assert ticket.arrivals == THREADS
        assert len(store.notices(number)) == 1
    assert store.verify() == []


def test_two_daemons_committing_the_same_position_store_it_once(store: Store, url: str) -> None:
    other = Store(url)
    for turn in range(8):
        ones = [intake(identity=f"same {turn}") for _ in range(2)]
        place = ones[0].arrival
        pair = [intake(arrival=place, identity=one.identity) for one in ones]
        outcomes = together(partial(put, store, pair[0]), partial(put, other, pair[1]))
        assert sorted(outcome.fate for outcome in outcomes) == [Fate.CASE, Fate.KNOWN]
    other.close()


def test_batches_with_the_same_mails_in_opposite_order_do_not_lock_each_other(
    store: Store,
) -> None:
    names = [f"mail {number}" for number in range(30)]
    left = [intake("gmail", identity=name) for name in names]
    right = [intake("webmail", identity=name) for name in reversed(names)]
    outcomes = together(lambda: put(store, *left), lambda: put(store, *right))
    assert Counter(o.fate for o in outcomes) == {Fate.CASE: 30, Fate.MERGED: 30}
    assert store.verify() == []


def test_many_writers_of_every_kind_leave_a_sound_log(store: Store) -> None:
    number = open_case(store)

    def take_in(channel: int) -> list[Outcome]:
        return [o for _ in range(6) for o in put(store, intake(f"box{channel}"), cursor="1")]

    def note() -> list[Outcome]:
        for _ in range(6):
            store.record(number, "staff.noted", "wayan", {"text": "x"}, NOW)
            store.channel_polled("box1", found=1, next_due=NOW, now=NOW)
        return []

    def send() -> list[Outcome]:
        for notice in store.due_notices(NOW):
            store.notice_sent(notice.id, NOW)
        return []

    together(lambda: take_in(1), lambda: take_in(2), lambda: take_in(1), note, note, send)
    assert store.verify() == []
    assert len(store.tickets(TicketFilter())) == 19


def test_a_log_that_grows_meanwhile_is_sound(store: Store) -> None:
    def grow() -> list[Outcome]:
        return [outcome for _ in range(25) for outcome in put(store, intake())]

    def verify() -> list[Outcome]:
        for _ in range(25):
            assert store.verify() == []
        return []

    assert len(together(grow, verify)) == 25


def test_one_update_by_two_pollers_tells_the_team_once(store: Store) -> None:
    first = intake("lapor", identity="r", message=report())
    put(store, first)
    changed = [
        intake(channel, identity="r", message=report(status="proses")) for channel in ("a", "b")
    ]
    outcomes = together(*(partial(put, store, one) for one in changed))
    assert sorted(o.fate for o in outcomes) == [Fate.MERGED, Fate.UPDATED]
    kinds = [notice.kind for notice in store.notices(first.number)]
    assert kinds == [NoticeKind.TEAM_NEW, NoticeKind.TEAM_UPDATE]


def test_one_reply_by_two_pollers_tells_the_team_once(store: Store) -> None:
    number = open_case(store, notices=())
    asked = (NoticeRequest(NoticeKind.TEAM_REPLY, "kesra@office.test"),)
    replies = [
        intake(channel, identity="r", joins=number, notices=asked) for channel in ("a", "b", "c")
    ]
    outcomes = together(*(partial(put, store, one) for one in replies))
    assert Counter(o.fate for o in outcomes) == {Fate.REPLIED: 1, Fate.MERGED: 2}
    assert len(store.notices(number)) == 1


KILLED = """
import os, signal, sys
from sqlalchemy import event
from store import Store
from tests.store.samples import intake, put

store = Store(sys.argv[1])
put(store, intake(identity="before"))
sent = 0

def count(connection, cursor, statement, *rest):
    global sent
    sent += 1
    if sent == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(store._database.engine, "after_cursor_execute", count)
put(store, *(intake(identity=f"mail {n}") for n in range(20)), cursor="20")
print(sent)
"""


def run_until(url: str, statement: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", KILLED, url, str(statement)],
        check=False,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("statement", [2, 5, 7, 9, 11, 13])
def test_a_process_killed_within_a_commit_leaves_nothing_of_it(
    store: Store, url: str, statement: int
) -> None:
    killed = run_until(url, statement)
    assert killed.returncode == -9, killed.stderr
    assert sql(url, "SELECT identity FROM cases") == [("before",)]
    for table, rows in (("arrivals", 1), ("events", 3), ("notices", 1), ("raws", 1)):
        assert sql(url, f"SELECT count(*) FROM {table}") == [(rows,)], table
    assert store.seen("gmail").cursor is None
    assert store.verify() == []
    assert put(store, intake(identity="after"))[0].fate is Fate.CASE


def test_a_process_that_is_not_killed_leaves_all_of_it(store: Store, url: str) -> None:
    done = run_until(url, 10**6)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 13
    assert store.counts().waiting == 21
    assert store.seen("gmail").cursor == "20"
    assert store.verify() == []


_LOOK = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM cases'); c.close()"


@pytest.mark.parametrize("backend", ["sqlite"], scope="session")
def test_somebody_who_leaves_does_not_take_the_log_of_one_who_stays(store: Store, url: str) -> None:
    """Without its lock on the file a daemon would write into a log that was deleted behind its back."""
    staying = Store(url)
    staying.upgrade()  # a second time: the file is there, and so are connections to it
    staying.upgrade()
    put(staying, intake())
    file = url.removeprefix("sqlite:///")
    store.close()
    subprocess.run([sys.executable, "-c", _LOOK, file], check=True)
    assert Path(f"{file}-wal").exists()
    put(staying, intake(identity="next"))
    staying.close()
    after = Store(url)
    assert len(after.tickets(TicketFilter())) == 2
    after.close()
