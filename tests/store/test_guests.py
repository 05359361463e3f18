"""The guest book: nobody is forgotten, names are with the case they came about, and opening them is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from channels.types import Address
from classify.types import Medium
from store import Store
from store.types import Fate, Guest
from tests.store.samples import GRAVE, NOW, intake, message, open_case, put, sql

MADE = Guest(NOW, "Ni Made", "Undiksha", "Minta data", "Kabag", "0812", who="ani")
DAY = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
CALLER = message(
    medium=Medium.WALK_IN,
    sender=Address("Pak Ketut", ""),
    phone="081",
    received_at=NOW,
    message_id="",
)


def guests(store: Store) -> list[Guest]:
    return store.guests.between(*DAY)


def events(store: Store, number: str, what: str) -> list[str]:
    ticket = store.ticket(number)
    assert ticket
    return [event.who for event in ticket.events if event.what == what]


def test_a_guest_is_found_by_day(store: Store) -> None:
    which = store.guests.add(MADE, NOW)
    later = replace(MADE, came_at=NOW + timedelta(days=1))
    store.guests.add(later, NOW)
    assert guests(store) == [replace(MADE, id=which)]


def test_a_guest_may_come_about_a_case_which_then_says_so(store: Store) -> None:
    number = open_case(store)
    store.guests.add(replace(MADE, number=number), NOW)
    (guest,) = guests(store)
    assert (guest.number, guest.name, guest.restricted) == (number, "Ni Made", False)
    assert events(store, number, "guest.recorded") == ["ani"]


def test_a_case_that_is_not_there_is_refused(store: Store) -> None:
    with pytest.raises(LookupError):
        store.guests.add(replace(MADE, number="MR-XXXX-XXX"), NOW)
    assert guests(store) == []


def test_a_walk_in_stands_in_the_book_in_the_same_step(store: Store, url: str) -> None:
    number = open_case(store, message=CALLER, who="ani")
    (guest,) = guests(store)
    assert (guest.number, guest.name, guest.phone, guest.who) == (number, "Pak Ketut", "081", "ani")
    assert [row.name for row in sql(url, "SELECT name FROM guests")] in ([""], [b""])


def test_the_same_entry_again_is_no_second_guest(store: Store) -> None:
    open_case(store, message=CALLER, identity="walk_in:1")
    (outcome,) = put(store, intake(message=CALLER, identity="walk_in:1"))
    assert outcome.fate is Fate.MERGED
    assert len(guests(store)) == 1


def test_who_calls_or_writes_is_no_guest(store: Store) -> None:
    open_case(store)
    open_case(store, message=replace(CALLER, medium=Medium.PHONE))
    assert guests(store) == []


def test_what_is_no_part_of_the_complaint_is_added_to_the_walk_ins_entry(store: Store) -> None:
    number = open_case(store, message=CALLER)
    store.guests.describe(number, agency="Desa Sangsit", meets="Bu Luh")
    store.guests.describe(number, agency="", meets="")
    (guest,) = guests(store)
    assert (guest.agency, guest.meets) == ("Desa Sangsit", "Bu Luh")


@pytest.mark.parametrize("secret", [True, False])
def test_who_brought_a_restricted_or_secret_case_is_for_examiners(
    store: Store, *, secret: bool
) -> None:
    caller = replace(CALLER, secret=secret)
    if secret:
        open_case(store, message=caller)
    else:
        open_case(store, message=caller, verdict=GRAVE)
    assert guests(store)[0].restricted


def test_a_case_that_becomes_restricted_closes_its_guest_too(store: Store) -> None:
    number, grave = open_case(store, message=CALLER), open_case(store, verdict=GRAVE)
    assert not guests(store)[0].restricted
    store.merging.merge(grave, number, (), who="ani", why="sama", now=NOW)
    assert guests(store)[0].restricted


def test_who_would_not_be_named_is_anonymous(store: Store) -> None:
    open_case(store, message=replace(CALLER, sender=Address("", ""), anonymous=True))
    assert (guests(store)[0].anonymous, guests(store)[0].name) == (True, "")


def test_opening_names_is_kept_with_the_book_and_with_the_case(store: Store) -> None:
    number = open_case(store, message=CALLER)
    store.guests.add(MADE, NOW)
    store.guests.looked(guests(store), *DAY, who="ani", now=NOW)
    (look,) = store.guests.looks()
    assert (look.who, look.first, look.last, look.shown) == ("ani", *DAY, 2)
    assert events(store, number, "guest.revealed") == ["ani"]
    assert store.verify() == []
