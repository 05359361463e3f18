import os
import subprocess
import sys
from traceback import format_exception

import pytest

from store import AlreadyRunning, Store
from store.errors import Rejected
from tests.store.samples import NOW, intake, put

HOLDER = """
import sys, time
from store import Store
with Store(sys.argv[1]).exclusive():
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_daemon_is_refused_by_the_first_ones_process_id(store: Store, url: str) -> None:
    with (
        store.exclusive(),
        pytest.raises(AlreadyRunning) as refused,
        Store(url).exclusive(),
    ):
        pass
    assert refused.value.values == {"pid": str(os.getpid())}


def test_the_lock_is_free_again_afterwards(store: Store, url: str) -> None:
    with store.exclusive():
        pass
    with Store(url).exclusive():
        pass


def test_the_lock_of_a_killed_daemon_is_free(store: Store, url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning) as refused, store.exclusive():
            pass
        assert refused.value.values == {"pid": str(holder.pid)}
        holder.kill()
        holder.wait()
    _wait_for_lock(store)


def _wait_for_lock(store: Store) -> None:
    """PostgreSQL notices a dead client within moments, not at once."""
    for _ in range(50):
        try:
            with store.exclusive():
                return
        except AlreadyRunning:
            subprocess.run(["sleep", "0.1"], check=True)
    pytest.fail("the lock of a dead process was never freed")


def test_staff_commands_work_while_the_daemon_runs(store: Store, url: str) -> None:
    other = Store(url)
    with store.exclusive():
        assert put(other, intake())[0].number
    other.close()


def test_a_database_that_is_not_there_is_unavailable() -> None:
    for url in ("sqlite:////nowhere/at/all/muara.db", "postgresql+psycopg://x@/y?host=/nowhere"):
        store = Store(url)
        with pytest.raises(store.Unavailable) as trouble:
            store.ping()
        assert trouble.value.values["reason"]
        store.close()


def test_an_error_shows_no_personal_data(store: Store, url: str) -> None:
    store.close()
    broken = Store(url)
    with pytest.raises(Rejected, match=r"(?i)null") as trouble:
        broken.commit([intake(team=None)], cursor=None, now=NOW)
    broken.close()
    told = "".join(format_exception(trouble.value))
    assert "Ketut" not in told
    assert "tiga bulan" not in told


def test_an_in_memory_database_is_refused() -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="SQLite file"):
            Store(url)
