"""How far clocks have run stands in the database: nothing is told twice, whatever happens in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from store import Store
from store.types import NoticeKind, NoticeRequest, NoticeState
from store.types.reminders import OpenCase, Running, Settled
from tests.store.samples import NOW, arrival, intake, open_case, put, sql, statements

DUE = NOW + timedelta(hours=3)
LATER = NOW + timedelta(days=30)
SINCE = NOW - timedelta(days=1)
TEAM = "kesra@office.test"
MAILS = (NoticeRequest(NoticeKind.REMINDER, TEAM, details={"stage": "half"}),)
VERSION = "c1"


def case(store: Store, **values: Any) -> str:
    values = {"due_at": DUE, "limit": "3 h", "notices": (), **values}
    return open_case(store, **values)


def look(store: Store, now: datetime = NOW, calendar: str = VERSION) -> list[Running]:
    return store.reminding.unsettled(calendar, now)


def settle(
    store: Store, stage: int, *, now: datetime = NOW, next_at: datetime | None = None, **values: Any
) -> list[str]:
    """Say of all that is to be looked at that it is at this stage."""
    values = {"calendar": VERSION, "notices": MAILS, **values}
    found = look(store, now, values["calendar"])
    return store.reminding.settle([Settled(one, stage, next_at, **values) for one in found], now)


def mails(store: Store, number: str) -> list[str]:
    return [notice.details["stage"] for notice in store.notices(number)]


def passed(store: Store, number: str) -> int:
    ticket = store.ticket(number)
    assert ticket
    return [event.what for event in ticket.events].count("deadline.passed")


def test_a_new_case_is_looked_at_once_until_its_next_moment_comes(store: Store) -> None:
    number = case(store)
    assert look(store) == [Running(number, DUE, "3 h", 0)]
    assert settle(store, 0, next_at=NOW + timedelta(minutes=90)) == []
    assert look(store) == []
    assert [one.number for one in look(store, NOW + timedelta(minutes=90))] == [number]


def test_only_cases_that_owe_an_answer_have_a_clock(store: Store) -> None:
    case(store, due_at=None, limit="")
    answered = case(store)
    store.answer(answered, "Sudah.", who="sari", way="mail", recipient="", now=NOW)
    merged, other = case(store), case(store)
    store.merging.merge(merged, other, (), who="sari", why="sama", now=NOW)
    assert [one.number for one in look(store)] == [other]
    assert [one.number for one in store.reminding.open_cases()] == [other]


def test_a_stage_is_told_once(store: Store) -> None:
    number = case(store)
    assert settle(store, 1) == [number]
    assert settle(store, 1, now=LATER, calendar="c2") == []
    assert settle(store, 2, calendar="c3") == [number]
    assert mails(store, number) == ["half", "half"]
    assert look(store, calendar="c3") == []


def test_a_stage_that_was_told_stays_told_when_the_deadline_moves_away_and_comes_near_again(
    store: Store, url: str
) -> None:
    number = case(store)
    settle(store, 2)
    sql(url, "UPDATE cases SET promise = '5 wd'")
    assert look(store) == [Running(number, DUE, "5 wd", 2)]
    assert settle(store, 0) == []
    sql(url, "UPDATE cases SET promise = '3 h'")
    assert settle(store, 2) == []
    assert settle(store, 3, calendar="c2") == [number]
    assert len(mails(store, number)) == 2


def test_the_end_of_a_deadline_is_an_event_each_time_it_is_passed(store: Store) -> None:
    number = case(store)
    settle(store, 3)
    settle(store, 3, calendar="c2")
    assert passed(store, number) == 1
    settle(store, 0, calendar="c3")
    assert passed(store, number) == 1
    settle(store, 3, calendar="c4")
    assert passed(store, number) == 2
    assert len(mails(store, number)) == 1
    assert store.verify() == []


@pytest.mark.parametrize("restart", [False, True])
def test_a_case_that_is_opened_again_begins_anew(store: Store, url: str, restart: bool) -> None:
    number = case(store)
    settle(store, 2)
    store.answer(number, "Sudah.", who="sari", way="mail", recipient="", now=NOW)
    store.working.reopen(number, who="sari", why="belum", now=NOW)
    again = Store(url, message_domain="muara.test") if restart else store
    assert look(again) == [Running(number, DUE, "3 h", 0)]
    assert settle(again, 1) == [number]
    assert settle(again, 1) == []
    assert len(mails(again, number)) == 2
    again.close()


def test_two_looks_at_once_tell_once(store: Store) -> None:
    numbers = [case(store) for _ in range(20)]
    found = [Settled(one, 1, None, VERSION, MAILS) for one in look(store)]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda n: store.reminding.settle(found[:: (-1) ** n], NOW), range(4)))
    assert sorted(number for numbers in told for number in numbers) == sorted(numbers)
    assert [len(mails(store, number)) for number in numbers] == [1] * 20


def test_what_changed_since_it_was_looked_at_waits_for_the_next_look(
    store: Store, url: str
) -> None:
    moved, answered = case(store), case(store)
    found = [Settled(one, 3, None, VERSION, MAILS) for one in look(store)]
    sql(url, f"UPDATE cases SET promise = '5 wd' WHERE number = '{moved}'")
    store.answer(answered, "Sudah.", who="sari", way="mail", recipient="", now=NOW)
    assert store.reminding.settle(found, NOW) == []
    assert mails(store, moved) == []
    assert [one.number for one in look(store)] == [moved]


def test_more_than_a_page_is_settled_page_by_page(store: Store) -> None:
    put(
        store,
        *(
            intake(arrival=arrival(item=f"p{n}"), due_at=DUE, limit="3 h", notices=())
            for n in range(501)
        ),
    )
    assert len(look(store)) == 500
    settle(store, 0)
    assert len(look(store)) == 1


def test_who_took_a_case_works_on_it_until_it_is_given_away(store: Store) -> None:
    number = case(store)

    def worker() -> str:
        (found,) = store.reminding.open_cases([number])
        return found.taken_by

    assert worker() == ""
    store.working.take(number, who="sari", now=NOW)
    assert worker() == "sari"
    store.working.take(number, who="budi", now=NOW)
    assert worker() == "budi"
    store.working.assign(number, "bansos", (), who="sari", why="", now=NOW)
    assert worker() == ""


def test_open_cases_come_with_their_stage_the_earliest_deadline_first(store: Store) -> None:
    second, first = case(store), case(store, due_at=NOW)
    settle(store, 1)
    found = store.reminding.open_cases()
    assert [(one.number, one.stage, one.stage_at) for one in found] == [
        (first, 1, NOW),
        (second, 1, NOW),
    ]
    assert isinstance(found[0], OpenCase)
    assert store.reminding.subjects([first]) == {first: "Hibah pura"}


def test_digests_of_a_day_are_made_once(store: Store) -> None:
    wanted = [NoticeRequest(NoticeKind.DIGEST, TEAM, details={"day": "2026-11-24"})]
    assert not store.reminding.digest_made("2026-11-24")
    assert store.reminding.make_digests("2026-11-24", wanted, NOW)
    assert store.reminding.digest_made("2026-11-24")
    assert not store.reminding.make_digests("2026-11-24", wanted, NOW)
    assert store.reminding.make_digests("2026-11-25", wanted, NOW)
    assert store.reminding.make_digests("2026-11-24", wanted, NOW)  # the clock was set back
    assert [notice.kind for notice in store.due_notices(NOW)] == [NoticeKind.DIGEST] * 2


def test_a_digest_that_did_not_go_out_told_nothing(store: Store) -> None:
    def make(day: str, now: datetime) -> None:
        details = {"since": SINCE.isoformat()}
        store.reminding.make_digests(
            day, [NoticeRequest(NoticeKind.DIGEST, TEAM, details=details)], now
        )

    make("2026-11-24", NOW)
    (first,) = store.due_notices(NOW)
    assert store.reminding.told_until(TEAM, LATER) == SINCE
    store.notice_sent(first.id, LATER)
    assert store.reminding.told_until(TEAM, LATER) == NOW
    make("2026-12-24", LATER)
    assert store.reminding.told_until(TEAM, LATER + timedelta(days=1)) == SINCE
    assert store.reminding.told_until(TEAM, LATER) == NOW  # the clock was set back
    assert store.reminding.told_until("other@office.test", LATER) is None


def test_a_notice_that_says_nothing_any_more_is_not_sent(store: Store) -> None:
    number = case(store)
    settle(store, 1)
    (waiting,) = store.due_notices(NOW)
    store.reminding.drop(waiting.id)
    assert store.due_notices(NOW) == []
    assert [notice.state for notice in store.notices(number)] == [NoticeState.DROPPED]
    assert store.counts().failed == 0


def test_mails_that_were_lost_and_what_could_not_be_read_are_told_of(store: Store) -> None:
    put(store, intake(error="kacau", message=None, verdict=None))
    number = open_case(store)
    (waiting,) = store.due_notices(NOW)
    store.notice_failed(waiting.id, "ditolak", None, NOW)
    found = store.reminding.troubled(NOW - timedelta(hours=1))
    assert (found.quarantined, found.newly, found.undelivered) == (1, 1, (number,))
    found = store.reminding.troubled(NOW)
    assert (found.quarantined, found.newly, found.undelivered) == (1, 0, ())


def test_a_look_costs_the_same_number_of_statements_for_many_cases(store: Store) -> None:
    for _ in range(5):
        case(store)
    with statements(store) as few:
        settle(store, 1)
    for _ in range(20):
        case(store)
    with statements(store) as many:
        settle(store, 1)
    assert len(many) == len(few)
