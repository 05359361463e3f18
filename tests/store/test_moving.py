from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store
from store.errors import AlreadyMoved, AlreadyRunning, HalfMoved, MovedWrongly, TargetInUse
from store.keyring import Keyring
from store.types import TicketFilter
from tests.store.samples import NOW, arrival, intake, open_case, put, sql

KEYS = Keyring.fresh()


class CutOff(Exception):  # noqa: N818 - what happens
    pass


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = Store(url, keyring=KEYS)
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def old_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'old.db'}"


@pytest.fixture
def old(old_url: str) -> Iterator[Store]:
    """A SQLite database with some of everything."""
    made = Store(old_url, keyring=KEYS)
    made.upgrade()
    for place in range(30):
        number = open_case(made, arrival=arrival(item=f"m{place}"))
        made.record(number, "note.added", "Luh", {"text": f"catatan {place}"}, NOW)
    put(made, intake(arrival=arrival(item="last")), cursor="c9")
    made.set_value("history_read:lapor", "yes")
    yield made
    made.close()


def told(store: Store) -> list[object]:
    tickets = store.tickets(TicketFilter(limit=100))
    whole = [store.ticket(ticket.number) for ticket in tickets]
    raws = [store.raw(ticket.number) for ticket in tickets]
    return [whole, raws, store.heads(), _ledger(store), store.value("history_read:lapor")]


def _ledger(store: Store) -> list[object]:
    seen = store.seen("gmail")
    known = seen.items("INBOX", "7")
    return [seen.cursor, [item for item in (f"m{place}" for place in range(35)) if item in known]]


def test_everything_is_in_the_target_and_still_sound(old: Store, store: Store) -> None:
    before = told(old)
    sizes = old.move_into(store)
    assert sizes["cases"] == 31
    store.upgrade()
    assert told(store) == before
    assert store.verify() == []
    assert [t.subject for t in store.tickets(TicketFilter(words="hibah", limit=1))] == [
        "Hibah pura"
    ]


def test_work_goes_on_in_the_target(old: Store, store: Store) -> None:
    old.move_into(store)
    number = open_case(store, arrival=arrival(item="new"))
    store.record(number, "note.added", "Luh", {"text": "baru"}, NOW)
    assert store.verify() == []
    assert store.ticket(number) is not None


def test_a_move_cut_off_after_any_page_goes_on(
    old: Store, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.moving._PAGE", 7)
    before, reached, cuts = told(old), 0, 0

    def cut(done: int, _total: int) -> None:
        nonlocal reached, cuts
        if done > reached:
            reached, cuts = done, cuts + 1
            raise CutOff

    for _ in range(100):
        try:
            old.move_into(store, cut)
            break
        except CutOff:
            with pytest.raises(HalfMoved):
                store.upgrade()
    store.upgrade()
    assert cuts > 10
    assert told(store) == before


def test_a_move_cut_off_between_closing_the_one_and_opening_the_other_is_finished(
    old: Store, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr("store.moving._open", _cut)
        with pytest.raises(CutOff):
            old.move_into(store)
    with pytest.raises(HalfMoved):
        store.upgrade()
    with pytest.raises(AlreadyMoved):
        old.upgrade()
    old.move_into(store)
    store.upgrade()
    assert len(store.tickets(TicketFilter(limit=100))) == 31


def _cut(_target: object) -> None:
    raise CutOff


def test_the_old_database_is_not_used_any_more(old: Store, store: Store, tmp_path: Path) -> None:
    old.move_into(store)
    with pytest.raises(AlreadyMoved):
        old.upgrade()
    another = Store(f"sqlite:///{tmp_path / 'third.db'}", keyring=KEYS)
    with pytest.raises(AlreadyMoved):
        old.move_into(another)
    another.close()


def test_nothing_is_moved_over_cases_that_are_there(old: Store, store: Store) -> None:
    number = open_case(store)
    with pytest.raises(TargetInUse):
        old.move_into(store)
    assert [ticket.number for ticket in store.tickets(TicketFilter())] == [number]
    old.upgrade()


def test_a_source_that_changed_after_the_cut_is_not_mixed(old: Store, store: Store) -> None:
    def cut(_done: int, _total: int) -> None:
        raise CutOff

    with pytest.raises(CutOff):
        old.move_into(store, cut)
    open_case(old)
    with pytest.raises(TargetInUse):
        old.move_into(store)


def test_a_row_that_changed_on_the_way_stops_the_move(
    old: Store, store: Store, old_url: str
) -> None:
    def meddle(done: int, total: int) -> None:
        if done == total:
            sql(old_url, "UPDATE cases SET team = 'lain'")

    with pytest.raises(MovedWrongly, match="cases"):
        old.move_into(store, meddle)
    old.upgrade()
    with pytest.raises(HalfMoved):
        store.upgrade()


def test_a_daemon_at_work_keeps_its_database(old: Store, store: Store, old_url: str) -> None:
    daemon = Store(old_url, keyring=KEYS)
    with daemon.exclusive(), pytest.raises(AlreadyRunning):
        old.move_into(store)
    daemon.close()
    assert old.move_into(store)["cases"] == 31


def test_an_installation_can_be_moved_back(old: Store, store: Store, tmp_path: Path) -> None:
    before = told(old)
    old.move_into(store)
    store.upgrade()
    back = Store(f"sqlite:///{tmp_path / 'back.db'}", keyring=KEYS)
    store.move_into(back)
    assert told(back) == before
    assert back.verify() == []
    back.close()
