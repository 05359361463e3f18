"""Suggestions: which cases share keys, and what becomes of it."""

from dataclasses import replace
from datetime import timedelta

from channels.types import Address
from store import Store
from store.types import Comparable, Suggestion
from tests.store.samples import GRAVE, NOW, message, open_case, statements

SINCE = NOW - timedelta(days=90)


def compared(store: Store, **keys: list[int]) -> dict[str, Comparable]:
    """Compare every waiting case; those named by number get keys."""
    cases = store.duplicates.uncompared(SINCE, 100)
    for case in cases:
        store.duplicates.compared(case, keys.get(case.number, []), ())
    return {case.number: case for case in cases}


def suggest(store: Store, number: str, other: str, score: int = 80) -> Suggestion:
    made = Suggestion(number, other, score, 92, True, False, NOW)
    store.duplicates.compared(Comparable(1, number, "", "", "", NOW), [], [made])
    return made


def test_every_case_waits_once_to_be_compared(store: Store) -> None:
    one, other = open_case(store), open_case(store)
    waiting = store.duplicates.uncompared(SINCE, 100)
    assert [case.number for case in waiting] == [one, other]
    assert store.duplicates.uncompared(SINCE, 1) == waiting[:1]
    compared(store)
    assert store.duplicates.uncompared(SINCE, 100) == []


def test_a_case_that_became_visible_late_is_not_missed(store: Store) -> None:
    one, other = open_case(store), open_case(store)
    first, second = store.duplicates.uncompared(SINCE, 100)
    store.duplicates.compared(second, [7], ())
    assert [c.number for c in store.duplicates.uncompared(SINCE, 100)] == [one]
    assert (first.number, second.number) == (one, other)


def test_old_cases_are_not_compared(store: Store) -> None:
    open_case(store, message=message(received_at=NOW - timedelta(days=91)))
    assert store.duplicates.uncompared(SINCE, 100) == []


def test_cases_are_found_by_the_keys_they_share_most_first(store: Store) -> None:
    one, two, three, asked = (open_case(store) for _ in range(4))
    found = compared(store, **{one: [1, 2], two: [1, 2, 3], three: [9], asked: [1, 2, 3]})
    alike = store.duplicates.sharing([1, 2, 3], found[asked], SINCE, 10)
    assert [case.number for case in alike] == [two, one]
    assert [c.number for c in store.duplicates.sharing([1, 2], found[asked], SINCE, 1)] == [two]


def test_a_merged_case_is_found_under_the_number_it_is_worked_on(store: Store) -> None:
    b, a, asked = (open_case(store) for _ in range(3))
    found = compared(store, **{b: [1]})
    store.merging.merge(b, a, (), who="x", why="x", now=NOW)
    assert [c.number for c in store.duplicates.sharing([1], found[asked], SINCE, 9)] == [a]


def test_who_asked_not_to_be_known_is_not_found_by_phone_or_mail(store: Store) -> None:
    for hidden in ("anonymous", "secret"):
        open_case(store, message=message(phone="0812345678", **{hidden: True}))
    sender = Address("", "ketut@warga.test")
    open_case(store, message=message(phone="0812345678", sender=sender))
    seen = [(c.email, c.phone) for c in store.duplicates.uncompared(SINCE, 9)]
    assert seen == [("", ""), ("", ""), ("ketut@warga.test", "0812345678")]


def test_a_suggestion_is_seen_from_both_sides_until_it_is_dismissed(store: Store) -> None:
    a, b = open_case(store), open_case(store)
    made = suggest(store, b, a)
    assert store.duplicates.of(a) == store.duplicates.of(b) == store.duplicates.open() == [made]
    assert (made.beside(a), made.beside(b)) == (b, a)
    assert store.duplicates.dismiss(a, b, who="ani", now=NOW)
    assert store.duplicates.open() == []
    for number, other in ((a, b), (b, a)):
        ticket = store.ticket(number)
        assert ticket is not None
        last = ticket.events[-1]
        assert (last.what, last.who, last.details) == (
            "duplicate.dismissed",
            "ani",
            {"other": other},
        )
    assert not store.duplicates.dismiss(a, b, who="ani", now=NOW)
    suggest(store, b, a)
    assert store.duplicates.open() == []


def test_a_merge_settles_a_suggestion_and_unmerging_opens_it_again(store: Store) -> None:
    a, b = open_case(store), open_case(store)
    made = suggest(store, b, a)
    store.merging.merge(b, a, (), who="x", why="x", now=NOW)
    assert store.duplicates.open() == []
    store.merging.unmerge(b, who="x", why="x", now=NOW)
    assert store.duplicates.open() == [made]


def test_a_suggestion_names_what_is_restricted_now(store: Store) -> None:
    a, b = open_case(store, verdict=GRAVE), open_case(store)
    made = suggest(store, b, a)
    assert store.duplicates.of(b) == [replace(made, restricted=(a,))]


def test_suggestions_take_one_statement_however_many_there_are(store: Store) -> None:
    first = open_case(store)
    for score in range(5):
        suggest(store, open_case(store), first, score)
    with statements(store) as sent:
        assert [s.score for s in store.duplicates.of(first)] == [4, 3, 2, 1, 0]
    assert len([one for one in sent if one.startswith("SELECT")]) == 1
