"""The office's own days, and open deadlines that follow: one transaction, an event for each that moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from classify.types import Kind, Tier
from store import Store
from store.errors import Conflict
from store.redating import SNAPSHOT
from store.types import Moved, OfficeDay, Owed, Redated, Redating, Status, Ticket
from tests.store.samples import NOW, VERDICT, intake, message, open_case, put, sql

DAY = date(2026, 12, 11)
CLOSED = OfficeDay(DAY, "closed", "HUT", "SE Sekda 12/2026", "ani", NOW)
LONG_AGO = NOW - timedelta(days=3000)


def shifted(version: str, days: int, since: datetime = LONG_AGO) -> Redating:
    """A calendar by which every promise ends so many days later."""

    def rule(owed: Owed) -> Redated:
        due = owed.received_at + timedelta(days=int(owed.limit.split()[0]) + days)
        return Redated(owed.limit, due, {"days": DAY.isoformat(), "why": CLOSED.why})

    return Redating(version, since, f"snapshot of {version}", rule)


def case(store: Store, number: str) -> Ticket:
    found = store.ticket(number)
    assert found is not None
    return found


def opened(store: Store, days: int = 14, ago: int = 0, **values: Any) -> str:
    """A case promised for so many days after its receipt."""
    received = NOW - timedelta(days=ago)
    return open_case(
        store,
        message=message(received_at=received),
        due_at=received + timedelta(days=days),
        limit=f"{days} wd",
        calendar="old",
        **values,
    )


def decide(store: Store, redating: Redating, day: OfficeDay = CLOSED) -> list[Moved]:
    return store.office_days.decide(day, redating, seen=store.office_days.last())


def redate(store: Store, redating: Redating) -> list[Moved]:
    return store.office_days.redate(redating, who="muara", now=NOW)


def events(store: Store, number: str) -> list[dict[str, str]]:
    return [e.details for e in case(store, number).events if e.what == "deadline.moved"]


def sound(store: Store) -> bool:
    return not store.examination().crosscheck() and not store.verify()


def calendars(url: str) -> Sequence[str]:
    return [row.calendar for row in sql(url, "SELECT calendar FROM cases ORDER BY id")]


def test_a_decision_is_kept_with_who_when_and_why_and_moves_what_is_open(
    store: Store, url: str
) -> None:
    number = opened(store)
    was = case(store, number).due_at
    assert was
    (moved,) = decide(store, shifted("new", 1))
    assert moved == Moved(number, False, was, was + timedelta(days=1), "14 wd")
    assert case(store, number).due_at == moved.due_at
    assert store.office_days.decided() == (1, [CLOSED])
    assert events(store, number) == [
        {
            "was_due": was.isoformat(),
            "due_at": moved.due_at.isoformat(),
            "limit": "14 wd",
            "days": "2026-12-11",
            "why": "SE Sekda 12/2026",
            "calendar": "new",
        }
    ]
    assert case(store, number).events[-1].who == "ani"
    assert calendars(url) == ["new"]
    assert store.value(SNAPSHOT) == "snapshot of new"
    assert sound(store)


def test_a_deadline_that_does_not_move_gets_no_event_but_the_new_version(
    store: Store, url: str
) -> None:
    number = opened(store)
    assert decide(store, shifted("new", 0)) == []
    assert events(store, number) == []
    assert calendars(url) == ["new"]
    assert store.office_days.behind(shifted("new", 0)) == 0


def test_answered_closed_and_merged_cases_keep_their_deadline(store: Store, url: str) -> None:
    answered, closed, merged, into = (opened(store) for _ in range(4))
    store.answer(answered, "Sudah.", who="ani", way="call", recipient="", now=NOW)
    store.working.close(closed, who="ani", why="selesai", now=NOW)
    store.merging.merge(merged, into, (), who="ani", why="sama", now=NOW)
    before = [case(store, number).due_at for number in (answered, closed, merged)]
    moved = decide(store, shifted("new", 2))
    assert [one.number for one in moved] == [into]
    assert [case(store, number).due_at for number in (answered, closed, merged)] == before
    assert calendars(url) == ["old", "old", "old", "new"]
    assert sound(store)


def test_a_reopened_case_follows_the_calendar_in_force(store: Store) -> None:
    number = opened(store)
    store.working.close(number, who="ani", why="selesai", now=NOW)
    decide(store, shifted("new", 2))
    store.working.reopen(number, who="ani", why="belum", now=NOW)
    assert store.office_days.behind(shifted("new", 2)) == 1
    assert [one.number for one in redate(store, shifted("new", 2))] == [number]
    assert sound(store)


def test_praise_has_no_deadline_and_keeps_none(store: Store) -> None:
    praise = replace(VERDICT, kind=Kind.APRESIASI, tier=None, plausible=())
    number = open_case(store, verdict=praise, due_at=None, limit="")
    assert decide(store, shifted("new", 1)) == []
    assert case(store, number).due_at is None


def test_what_came_before_the_calendar_begins_keeps_its_deadline(store: Store) -> None:
    number = opened(store, ago=400)
    was = case(store, number).due_at
    assert decide(store, shifted("new", 1, since=NOW - timedelta(days=300))) == []
    assert case(store, number).due_at == was


def test_looking_first_changes_nothing(store: Store, url: str) -> None:
    number = opened(store)
    was = case(store, number)
    (moving,) = store.office_days.would_move(shifted("new", 3))
    assert moving.number == number
    assert case(store, number) == was
    assert calendars(url) == ["old"]
    assert store.office_days.last() == 0


def test_of_two_people_who_decide_at_once_the_second_is_refused(store: Store) -> None:
    number, seen = opened(store), store.office_days.last()
    store.office_days.decide(CLOSED, shifted("new", 1), seen=seen)
    was = case(store, number)
    with pytest.raises(Conflict):
        store.office_days.decide(CLOSED, shifted("newer", 2), seen=seen)
    assert case(store, number) == was
    assert len(store.office_days.history(DAY, DAY)) == 1


def test_what_is_taken_back_stays_in_the_history(store: Store) -> None:
    decide(store, shifted("1", 1))
    dispensation = replace(CLOSED, state="dispensation", why="SE 13", who="made")
    decide(store, shifted("2", 0), dispensation)
    assert store.office_days.decided()[1] == [dispensation]
    gone = replace(CLOSED, state="", name="", why="batal")
    decide(store, shifted("3", 0), gone)
    assert store.office_days.decided()[1] == []
    assert store.office_days.history(DAY, DAY) == [CLOSED, dispensation, gone]
    assert store.office_days.history(date(2027, 1, 1), date(2027, 1, 31)) == []


def test_many_cases_move_together(store: Store, url: str) -> None:
    numbers = {opened(store, ago=n % 7) for n in range(40)}
    quiet = open_case(store, due_at=None, limit="", calendar="old")
    assert {one.number for one in decide(store, shifted("new", 1))} == numbers
    assert calendars(url).count("new") == 40
    assert case(store, quiet).due_at is None
    assert sound(store)


# Cases that stand for others


def test_the_clock_of_a_merged_case_moves_the_one_that_stands_for_it(store: Store) -> None:
    b, a = opened(store, ago=5), opened(store)
    alone = case(store, a).due_at
    store.merging.merge(b, a, (), who="ani", why="sama", now=NOW)
    earlier = case(store, b).due_at
    assert case(store, a).due_at == earlier != alone
    assert earlier
    assert alone
    (moved,) = redate(store, shifted("new", 1))
    assert (moved.number, moved.due_at) == (a, earlier + timedelta(days=1))
    assert case(store, b).due_at == earlier
    assert sound(store)


def test_merges_are_undone_by_the_new_calendar(store: Store) -> None:
    b, a = opened(store, ago=5), opened(store)
    before = {number: case(store, number).due_at for number in (a, b)}
    store.merging.merge(b, a, (), who="ani", why="sama", now=NOW)
    redate(store, shifted("new", 1))
    redate(store, shifted("newer", 2))
    store.merging.unmerge(b, who="ani", why="beda", now=NOW)
    for number, was in before.items():
        assert was
        assert case(store, number).due_at == was + timedelta(days=2)
    assert redate(store, shifted("newer", 2)) == []
    assert sound(store)


def test_a_merge_undone_before_the_next_change_leaves_no_trace(store: Store) -> None:
    b, a = opened(store, ago=5), opened(store)
    alone = case(store, a).due_at
    assert alone
    store.merging.merge(b, a, (), who="ani", why="sama", now=NOW)
    redate(store, shifted("new", 1))
    store.merging.unmerge(b, who="ani", why="beda", now=NOW)
    redate(store, shifted("newer", 2))
    assert case(store, a).due_at == alone + timedelta(days=2)
    assert sound(store)


def test_merges_of_merges_follow_too(store: Store) -> None:
    c, b, a = opened(store, ago=9), opened(store, ago=5), opened(store)
    alone = {number: case(store, number).due_at for number in (a, b, c)}
    store.merging.merge(c, b, (), who="ani", why="sama", now=NOW)
    store.merging.merge(b, a, (), who="ani", why="sama", now=NOW)
    earliest = alone[c]
    assert earliest
    redate(store, shifted("new", 1))
    assert case(store, a).due_at == earliest + timedelta(days=1)
    redate(store, shifted("newer", 3))
    store.merging.unmerge(b, who="ani", why="beda", now=NOW)
    redate(store, shifted("newer", 3))
    store.merging.unmerge(c, who="ani", why="beda", now=NOW)
    redate(store, shifted("newer", 3))
    for number, was in alone.items():
        assert was
        assert case(store, number).due_at == was + timedelta(days=3), number
    assert sound(store)


def test_a_case_merged_later_counts_by_its_own_clock(store: Store) -> None:
    b, a, late = opened(store, ago=5), opened(store), opened(store, ago=8)
    store.merging.merge(b, a, (), who="ani", why="sama", now=NOW)
    redate(store, shifted("new", 1))
    store.merging.merge(late, a, (), who="ani", why="sama", now=NOW)
    due = case(store, late).due_at
    assert due
    assert case(store, a).due_at == due
    redate(store, shifted("newer", 2))
    assert case(store, a).due_at == due + timedelta(days=1)
    assert sound(store)


def test_what_is_uncertain_hands_the_rule_all_it_may_be(store: Store) -> None:
    unsure = replace(VERDICT, tier=None, certain=False, plausible=(Tier.NORMATIF, Tier.BERKADAR))
    number = opened(store, verdict=unsure)
    asked: list[Owed] = []
    plain = shifted("new", 1)

    def rule(owed: Owed) -> Redated:
        asked.append(owed)
        return plain.rule(owed)

    redate(store, replace(plain, rule=rule))
    (owed,) = asked
    assert (owed.number, owed.certain, owed.tier) == (number, False, None)
    assert owed.plausible == (Tier.NORMATIF, Tier.BERKADAR)
    assert owed.received_at == case(store, number).received_at


def test_a_case_stored_meanwhile_is_found_behind(store: Store) -> None:
    decide(store, shifted("new", 1))
    assert store.office_days.behind(shifted("new", 1)) == 0
    put(store, intake())
    assert store.office_days.behind(shifted("new", 1)) == 1


def test_nothing_moves_when_the_decision_cannot_be_stored(store: Store, url: str) -> None:
    number = opened(store)
    was = case(store, number)

    def broken(owed: Owed) -> Redated:
        raise RuntimeError(owed.number)

    with pytest.raises(RuntimeError):
        decide(store, replace(shifted("new", 1), rule=broken))
    assert case(store, number) == was
    assert case(store, number).status is Status.ROUTED
    assert sql(url, "SELECT count(*) AS n FROM office_days")[0].n == 0
