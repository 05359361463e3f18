"""The complainant writes back: in every status a case can have, and what its clock does then."""

from datetime import timedelta

import pytest

from store import Store
from store.numbers import new_number
from store.types import Clock, Status, Ticket
from tests.store.samples import NOW, followup, intake, message, open_case, put, report
from tests.store.test_splitting import LEVY, ROAD, part, sound, split

NEXT = NOW + timedelta(days=20)
WHO = {"who": "wayan", "why": "x"}
NEWS = message(message_id="<lagi@warga.test>", reply_text="Belum beres.", received_at=NOW)


def case(store: Store, number: str) -> Ticket:
    found = store.ticket(number)
    assert found is not None
    return found


def clock(number: str) -> Clock:
    return Clock(number, NOW, NEXT, "14 wd", "2026-2")


def writes_back(store: Store, number: str, *numbers: str) -> None:
    """A reply to a mail of ours about a case; its clocks as ingest works them out."""
    thread = store.thread(number, "ketut@warga.test")
    assert thread is not None
    clocks = tuple(clock(one) for one in numbers or (thread.number,))
    put(store, intake(joins=thread.number, number="", message=NEWS, clocks=clocks))


def answer(store: Store, number: str) -> None:
    store.answer(number, "Sudah.", who="ani", way="call", recipient="", now=NOW)


def in_status(store: Store, status: Status) -> str:
    """A case in a status, with an answer where the status allows one."""
    number = open_case(store)
    match status:
        case Status.IN_PROGRESS:
            store.working.take(number, who="ani", now=NOW)
        case Status.ANSWERED:
            answer(store, number)
        case Status.CLOSED:
            answer(store, number)
            store.working.close(number, **WHO, now=NOW)
        case Status.MERGED:
            store.merging.merge(number, open_case(store), (), now=NOW, **WHO)
        case Status.SPLIT:
            split(store, number, part(ROAD), part(LEVY))
    assert status is Status.RECEIVED or case(store, number).status is status
    return number


AFTER = {
    Status.RECEIVED: Status.ROUTED,  # no case is left in it: routing follows receipt at once
    Status.ROUTED: Status.ROUTED,
    Status.IN_PROGRESS: Status.IN_PROGRESS,
    Status.ANSWERED: Status.ROUTED,
    Status.CLOSED: Status.ROUTED,
    Status.MERGED: Status.MERGED,
    Status.SPLIT: Status.SPLIT,
}


@pytest.mark.parametrize("status", Status)
def test_what_was_answered_or_closed_is_open_again_and_nothing_else_moves(
    store: Store, status: Status
) -> None:
    number = in_status(store, status)
    due = case(store, number).due_at
    writes_back(store, number)
    shown = case(store, number)
    assert shown.status is AFTER[status]
    reopened = status in (Status.ANSWERED, Status.CLOSED)
    assert shown.due_at == (NEXT if reopened else due)
    assert shown.restarted_at == (NOW if reopened else None)
    told = [e.what for e in shown.events if e.what in ("case.reopened", "clock.restarted")]
    assert told == (["case.reopened", "clock.restarted"] if reopened else [])
    assert sound(store)


def test_what_was_closed_without_an_answer_is_still_owed_by_its_old_deadline(store: Store) -> None:
    number = open_case(store)
    due = case(store, number).due_at
    store.working.close(number, **WHO, now=NOW)
    writes_back(store, number)
    assert (case(store, number).status, case(store, number).due_at) == (Status.ROUTED, due)
    assert sound(store)


def test_closing_what_was_reopened_without_a_new_answer_wins_no_time(store: Store) -> None:
    number = in_status(store, Status.ANSWERED)
    writes_back(store, number)
    store.working.close(number, **WHO, now=NOW)
    thread = store.thread(number, "ketut@warga.test")
    assert thread is not None
    later = Clock(number, NOW, NEXT + timedelta(days=9), "14 wd", "2026-2")
    said = message(message_id="<dan-lagi@warga.test>", reply_text="Masih belum.")
    put(store, intake(joins=number, number="", message=said, clocks=(later,)))
    assert (case(store, number).status, case(store, number).due_at) == (Status.ROUTED, NEXT)
    assert sound(store)


def test_a_reply_about_a_merged_case_reopens_the_one_that_stands_for_it(store: Store) -> None:
    merged, target = open_case(store), open_case(store)
    store.merging.merge(merged, target, (), now=NOW, **WHO)
    answer(store, target)
    writes_back(store, merged)
    assert (case(store, target).status, case(store, target).due_at) == (Status.ROUTED, NEXT)
    store.merging.unmerge(merged, now=NOW, **WHO)
    assert case(store, target).due_at == NEXT
    assert sound(store)


def test_a_reply_to_the_answer_about_a_part_reopens_that_part_alone(store: Store) -> None:
    whole = open_case(store)
    road, levy = split(store, whole, part(ROAD), part(LEVY))
    for number in (road, levy):
        answer(store, number)
    writes_back(store, road)
    assert [case(store, n).status for n in (road, levy)] == [Status.ROUTED, Status.ANSWERED]
    assert case(store, road).events[-1].what == "clock.restarted"
    assert sound(store)


def test_a_reply_about_the_whole_reopens_nothing_while_a_part_is_open(store: Store) -> None:
    whole = open_case(store)
    road, levy = split(store, whole, part(ROAD), part(LEVY))
    answer(store, road)
    writes_back(store, whole, road, levy)
    assert [case(store, n).status for n in (road, levy)] == [Status.ANSWERED, Status.ROUTED]
    for number in (whole, road, levy):
        assert "complainant.replied" in [e.what for e in case(store, number).events]
    assert sound(store)


def test_a_reply_about_the_whole_reopens_every_part_when_all_are_done(store: Store) -> None:
    whole, other = open_case(store), open_case(store)
    road, levy, third = split(store, whole, part(ROAD), part(LEVY), part("Kantor tutup."))
    answer(store, road)
    store.working.close(levy, **WHO, now=NOW)
    store.merging.merge(third, other, (), now=NOW, **WHO)
    answer(store, other)
    due = case(store, levy).due_at
    writes_back(store, whole, road, levy, other)
    assert [case(store, n).status for n in (road, levy, other)] == [Status.ROUTED] * 3
    assert [case(store, n).due_at for n in (road, levy, other)] == [NEXT, due, NEXT]
    assert sound(store)


def test_staff_who_reopen_a_case_get_no_new_time(store: Store) -> None:
    number = in_status(store, Status.CLOSED)
    due = case(store, number).due_at
    store.working.reopen(number, **WHO, now=NOW + timedelta(days=30))
    assert (case(store, number).status, case(store, number).due_at) == (Status.ROUTED, due)


@pytest.mark.parametrize(
    ("by", "status"),
    [
        ("Ketut Sari", Status.ROUTED),
        ("Pelapor", Status.ROUTED),
        ("Admin SP4N", Status.ANSWERED),
        ("Bagian Kesra Buleleng", Status.ANSWERED),
    ],
)
def test_what_the_complainant_says_on_the_platform_reopens_and_what_others_say_does_not(
    store: Store, by: str, status: Status
) -> None:
    number = open_case(store, message=report(), identity="lapor:9165816")
    answer(store, number)
    news = report(followups=(followup(by, "Masih rusak."),))
    again = intake(
        number=new_number(), message=news, identity="lapor:9165816", clocks=(clock(number),)
    )
    put(store, again)
    assert case(store, number).status is status
    assert (case(store, number).due_at == NEXT) == (status is Status.ROUTED)
    assert sound(store)
