from store import Store
from store.types import Fate, Outcome
from tests.store.samples import NOW, arrival, intake, put


def test_what_cannot_be_read_is_kept_with_its_bytes_and_error(store: Store) -> None:
    place = arrival(raw=b"\x00\xff broken")
    put(store, intake(arrival=place, message=None, error="mail_broken (part=2)"))
    (held,) = store.quarantine()
    assert (held.channel, held.item, held.size) == ("gmail", place.position.item, 9)
    assert (held.error, held.received_at) == ("mail_broken (part=2)", place.received_at)
    assert store.quarantined(held.id) == place


def test_a_released_arrival_becomes_a_case_and_leaves_quarantine(store: Store) -> None:
    place = arrival()
    put(store, intake(arrival=place, message=None, error="x"))
    (held,) = store.quarantine()
    better = intake(arrival=place)
    assert store.release(held.id, better, NOW) == Outcome(Fate.CASE, better.number)
    assert store.quarantine() == []
    assert store.quarantined(held.id) is None
    assert store.raw(better.number) == [place.raw]
    assert place.position.item in store.seen("gmail").items("INBOX", "7")
    assert len(store.notices(better.number)) == 1


def test_releasing_twice_changes_nothing(store: Store) -> None:
    put(store, intake(message=None, error="x"))
    (held,) = store.quarantine()
    place = store.quarantined(held.id)
    assert place is not None
    store.release(held.id, intake(arrival=place), NOW)
    late = intake(arrival=place)
    assert store.release(held.id, late, NOW) == Outcome(Fate.KNOWN)
    assert store.ticket(late.number) is None


def test_an_arrival_that_is_still_unreadable_keeps_its_place(store: Store) -> None:
    put(store, intake(message=None, error="old"))
    (held,) = store.quarantine()
    place = store.quarantined(held.id)
    assert place is not None
    again = intake(arrival=place, message=None, error="new")
    assert store.release(held.id, again, NOW) == Outcome(Fate.QUARANTINED)
    (still,) = store.quarantine()
    assert (still.id, still.error) == (held.id, "new")


def test_what_is_not_in_quarantine_is_not_handed_out(store: Store) -> None:
    put(store, intake())
    assert store.quarantined(1) is None
    assert store.quarantined(10**9) is None
