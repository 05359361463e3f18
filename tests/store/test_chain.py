import pytest

from store import Store
from store.types import Damage
from tests.store.samples import NOW, behind, intake, open_case, put, sql


@pytest.fixture
def numbers(store: Store) -> list[str]:
    """Three cases in the chain of one channel, one in another's, and a note in the staff's."""
    opened = [intake() for _ in range(3)]
    put(store, *opened)
    open_case(store, channel="webmail")
    store.record(opened[0].number, "staff.noted", "wayan", {"text": "ditelepon"}, NOW)
    return [one.number for one in opened]


def damage(store: Store) -> list[tuple[str, int, str]]:
    return [(found.chain, found.seq, found.what) for found in store.verify()]


def test_an_untouched_log_is_sound_and_has_a_chain_for_each_writer(
    store: Store, numbers: list[str]
) -> None:
    assert store.verify() == []
    assert {name: length for name, (length, _hash) in store.heads().items()} == {
        "gmail": 9,
        "webmail": 3,
        "staff": 1,
    }


@pytest.mark.parametrize(
    "change",
    [
        "who = 'somebody'",
        "what = 'complaint.lost'",
        "at = '2026-11-24 03:30:16.000000+00'",
        "details = '{}'",
        "number = (SELECT max(number) FROM cases WHERE channel = 'webmail')",
    ],
)
def test_any_change_of_an_event_is_found_where_it_is(
    store: Store, url: str, numbers: list[str], change: str
) -> None:
    if url.startswith("sqlite"):
        change = change.replace("+00'", "'")
    sql(url, f"UPDATE events SET {change} WHERE chain = 'gmail' AND seq = 4")
    assert damage(store) == [("gmail", 4, "changed")]


def test_a_changed_event_with_a_new_hash_breaks_the_next_one(
    store: Store, url: str, numbers: list[str]
) -> None:
    sql(url, "UPDATE events SET hash = 'forged' WHERE chain = 'gmail' AND seq = 4")
    assert damage(store) == [("gmail", 4, "changed"), ("gmail", 5, "changed")]


def test_a_removed_event_is_missed(store: Store, url: str, numbers: list[str]) -> None:
    sql(url, "DELETE FROM events WHERE chain = 'gmail' AND seq = 4")
    assert damage(store) == [("gmail", 4, "missing")]


def test_events_cut_off_at_the_end_are_missed(store: Store, url: str, numbers: list[str]) -> None:
    sql(url, "DELETE FROM events WHERE chain = 'gmail' AND seq > 7")
    assert store.verify() == [Damage("gmail", 9, "", "missing")]


def test_an_event_put_in_between_is_found(store: Store, url: str, numbers: list[str]) -> None:
    sql(
        url,
        "INSERT INTO events (chain, seq, number, at, what, who, details, hash) "
        "SELECT chain, 10, number, at, what, who, details, hash FROM events "
        "WHERE chain = 'gmail' AND seq = 9",
    )
    assert damage(store) == [("gmail", 10, "changed"), ("gmail", 9, "head_changed")]


def test_a_removed_chain_is_missed(store: Store, url: str, numbers: list[str]) -> None:
    with behind(url) as connection:
        connection.exec_driver_sql("DELETE FROM events WHERE chain = 'webmail'")
    assert damage(store) == [("webmail", 3, "missing")]


def test_events_without_a_head_are_found(store: Store, url: str, numbers: list[str]) -> None:
    sql(url, "DELETE FROM chains WHERE name = 'webmail'")
    assert damage(store) == [("webmail", 0, "no_head")]


def test_a_long_chain_is_walked_to_its_end(store: Store, url: str) -> None:
    put(store, *(intake(notices=()) for _ in range(400)))
    assert store.heads()["gmail"][0] == 1200
    assert store.verify() == []
    sql(url, "UPDATE events SET who = 'x' WHERE seq = 1200")
    assert damage(store) == [("gmail", 1200, "changed")]
