"""Copies of a SQLite database, taken and put back."""

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command

from channels.types import Position
from classify.types import Medium
from store import AlreadyRunning, DatabaseNewer, Store, upgrading
from store.engine import Database
from store.errors import CopyDamaged, CopyExists, InUse, NotACopy
from tests.store.samples import NOW, arrival, intake, message, open_case, put, sql

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "muara.db"


@pytest.fixture
def desk(place: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{place}")
    store.upgrade()
    yield store
    store.close()


def numbers(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM cases")}


def restore(desk: Store, file: Path, *, anyway: bool = False) -> Path | None:
    return desk.restore(file, LATER, anyway=anyway).aside


def test_a_backup_is_one_private_file_that_holds_everything(desk: Store, tmp_path: Path) -> None:
    number = open_case(desk)
    copy = desk.back_up(tmp_path / "copy.db")
    assert (copy.cases, copy.until, copy.damage) == (1, NOW, ())
    assert numbers(tmp_path / "copy.db") == {number}
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.db", "data"]


def test_a_backup_overwrites_nothing(desk: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("surat")
    with pytest.raises(CopyExists):
        desk.back_up(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "surat"


def test_a_backup_into_a_folder_that_is_not_there_names_the_folder(
    desk: Store, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError) as failed:
        desk.back_up(tmp_path / "usb" / "salinan.db")
    assert failed.value.filename in (tmp_path / "usb", str(tmp_path / "usb"))


def test_a_backup_of_a_damaged_database_is_refused_and_leaves_nothing(
    desk: Store, place: Path, tmp_path: Path
) -> None:
    put(desk, *(intake() for _ in range(50)))
    desk.close()
    with place.open("r+b") as file:
        file.seek(4096 * 8)
        file.write(os.urandom(4096 * 8))
    with pytest.raises(NotACopy):
        desk.back_up(tmp_path / "copy.db")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_a_backup_while_others_write_is_one_consistent_state_and_never_starts_anew(
    desk: Store, place: Path, tmp_path: Path
) -> None:
    put(desk, *(intake(arrival=arrival(raw=os.urandom(1_000_000))) for _ in range(12)))
    writer, stop, written = Store(f"sqlite:///{place}"), threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            written.append(open_case(writer))

    heard: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        heard.append((done, total))
        before = len(written)
        while len(written) < before + 2:  # somebody commits between any two steps
            stop.wait(0.001)

    busy = threading.Thread(target=write)
    busy.start()
    try:
        copy = desk.back_up(tmp_path / "copy.db", progress)
    finally:
        stop.set()
        busy.join()
        writer.close()
    assert len(heard) > 3
    assert [done for done, _ in heard] == sorted({done for done, _ in heard})
    assert len({total for _, total in heard}) == 1
    assert copy.damage == ()
    assert 12 <= copy.cases < len(written) + 12
    assert desk.verify() == []


def test_a_restore_brings_back_the_state_of_the_backup_and_keeps_the_present_one(
    desk: Store, place: Path, tmp_path: Path
) -> None:
    before = open_case(desk)
    desk.back_up(tmp_path / "copy.db")
    after = open_case(desk)
    aside = restore(desk, tmp_path / "copy.db")
    assert numbers(place) == {before}
    assert aside is not None
    assert aside.name == "muara-before-restore-20261124T043015Z.db"
    assert numbers(aside) == {before, after}
    assert desk.ticket(before) is not None
    assert desk.verify() == []
    assert open_case(desk)
    desk.close()
    left = {path.name for path in place.parent.iterdir()}
    assert left == {place.name, f"{place.name}.lock", aside.name}


def test_a_restore_into_an_empty_place_needs_nothing_to_be_there(
    desk: Store, tmp_path: Path
) -> None:
    number = open_case(desk)
    desk.back_up(tmp_path / "copy.db")
    (tmp_path / "new").mkdir()
    fresh = Store(f"sqlite:///{tmp_path / 'new' / 'muara.db'}")
    done = fresh.restore(tmp_path / "copy.db", LATER, anyway=False)
    assert (done.aside, done.later) == (None, None)
    assert fresh.ticket(number) is not None
    fresh.close()


def test_a_restore_tells_what_only_the_present_database_holds(desk: Store, tmp_path: Path) -> None:
    old = open_case(desk)
    desk.back_up(tmp_path / "copy.db")
    at_counter = arrival("walk_in", "a")
    typed = intake(
        "walk_in",
        arrival=replace(at_counter, position=Position("", "", "a")),
        message=message(medium=Medium.WALK_IN),
    )
    desk.commit([intake(), intake("webmail"), intake("webmail")], cursor=None, now=LATER)
    desk.commit([typed], cursor=None, now=LATER)
    desk.record(old, "staff.noted", "wayan", {"text": "ditelepon"}, LATER)
    later = desk.restore(tmp_path / "copy.db", LATER, anyway=False).later
    assert later is not None
    assert later.fetched == {"gmail": 1, "webmail": 2}
    assert later.typed == (typed.number,)
    assert later.decided == (old,)


def test_a_restore_over_a_broken_database_works(desk: Store, place: Path, tmp_path: Path) -> None:
    number = open_case(desk)
    desk.back_up(tmp_path / "copy.db")
    desk.close()
    place.write_bytes(b"no database at all" * 500)
    done = desk.restore(tmp_path / "copy.db", LATER, anyway=False)
    assert done.later is None
    assert done.aside is not None
    assert done.aside.read_bytes().startswith(b"no database")
    assert desk.ticket(number) is not None


def of_first_version(file: Path) -> None:
    """A database as the first version of the tables had it, with something in it."""
    database, alembic = Database(f"sqlite:///{file}"), upgrading.config()
    with database.alone() as connection:
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "0001")
    database.close()
    sql(f"sqlite:///{file}", "INSERT INTO kept_values VALUES ('first_contact:gmail', 'dulu')")


def test_an_older_backup_is_upgraded_and_stays_as_it_is(desk: Store, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    of_first_version(copy)
    before = copy.read_bytes()
    restore(desk, copy)
    assert desk.value("first_contact:gmail") == "dulu"
    assert desk.judged(by_people=True) == []
    assert open_case(desk)
    assert copy.read_bytes() == before


def test_what_is_no_backup_of_ours_changes_nothing(
    desk: Store, place: Path, tmp_path: Path
) -> None:
    number = open_case(desk)
    text, foreign = tmp_path / "text.db", tmp_path / "foreign.db"
    text.write_text("bukan basis data" * 100)
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE arrivals (x)")
    for file in (text, foreign, tmp_path / "absent.db"):
        with pytest.raises(NotACopy):
            restore(desk, file)
    assert numbers(place) == {number}
    assert not (tmp_path / "absent.db").exists()


def test_a_backup_of_a_newer_version_is_refused(desk: Store, place: Path, tmp_path: Path) -> None:
    desk.back_up(tmp_path / "copy.db")
    number = open_case(desk)
    sql(f"sqlite:///{tmp_path / 'copy.db'}", "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewer):
        restore(desk, tmp_path / "copy.db")
    assert numbers(place) == {number}


def test_a_backup_whose_log_was_changed_is_restored_only_on_demand(
    desk: Store, place: Path, tmp_path: Path
) -> None:
    number = open_case(desk)
    desk.back_up(tmp_path / "copy.db")
    open_case(desk)
    sql(f"sqlite:///{tmp_path / 'copy.db'}", "UPDATE events SET who = 'x' WHERE seq = 2")
    with pytest.raises(CopyDamaged):
        restore(desk, tmp_path / "copy.db")
    assert len(numbers(place)) == 2
    restore(desk, tmp_path / "copy.db", anyway=True)
    assert numbers(place) == {number}


def test_no_restore_while_a_daemon_holds_the_database(
    desk: Store, place: Path, tmp_path: Path
) -> None:
    desk.back_up(tmp_path / "copy.db")
    daemon = Store(f"sqlite:///{place}")
    with daemon.exclusive(), pytest.raises(AlreadyRunning):
        restore(desk, tmp_path / "copy.db")


def test_no_restore_while_another_command_has_the_database_open(
    desk: Store, place: Path, tmp_path: Path
) -> None:
    number = open_case(desk)
    desk.back_up(tmp_path / "copy.db")
    other = Store(f"sqlite:///{place}")
    other.ping()
    with pytest.raises(InUse):
        restore(desk, tmp_path / "copy.db")
    assert numbers(place) == {number}
    assert open_case(other)
    other.close()
    assert restore(desk, tmp_path / "copy.db") is not None
