"""Merging and taking it back: nothing moved, nothing deleted, everything as it was."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from channels.types import Address
from classify.types import Kind, Tier
from store import Store
from store.lifecycle import NotAllowed
from store.types import Decision, Fate, NoticeKind, NoticeRequest, Status, Ticket, TicketFilter
from tests.store.samples import GRAVE, NOW, intake, message, open_case, put, sql

WHO = {"who": "wayan", "why": "orang dan berkas yang sama"}
EARLY, LATE = NOW + timedelta(days=3), NOW + timedelta(days=14)


def case(store: Store, number: str) -> Ticket:
    found = store.ticket(number)
    assert found is not None
    return found


def merge(store: Store, number: str, target: str) -> None:
    store.merging.merge(number, target, (), now=NOW, **WHO)


def unmerge(store: Store, number: str) -> str:
    return store.merging.unmerge(number, now=NOW, **WHO)


def content(ticket: Ticket) -> Ticket:
    """A case without its log, which only grows."""
    return replace(ticket, events=())


def reply_to(store: Store, number: str, **values: Any) -> str:
    """A complainant's reply to our acknowledgement of a case; the case it ends up in."""
    ours = next(n.message_id for n in store.notices(number) if n.kind is NoticeKind.ACKNOWLEDGEMENT)
    thread = store.threads([ours])[ours]
    assert thread.recipient == thread.complainant_email
    said = message(message_id="<balas@warga.test>", reply_text="Ini buktinya.")
    (outcome,) = put(store, intake(joins=thread.number, number="", message=said, **values))
    assert outcome.fate is Fate.REPLIED
    return outcome.number


def acknowledged(store: Store, **values: Any) -> str:
    told = (NoticeRequest(NoticeKind.ACKNOWLEDGEMENT, "ketut@warga.test"),)
    return open_case(store, notices=told, **values)


def test_a_merged_case_is_found_says_where_it_went_and_is_not_listed(store: Store) -> None:
    b, a = open_case(store), open_case(store)
    merge(store, b, a)
    assert [t.number for t in store.tickets(TicketFilter())] == [a]
    assert [t.number for t in store.tickets(TicketFilter(words=b))] == [b]
    assert [t.number for t in store.tickets(TicketFilter(status=Status.MERGED))] == [b]
    merged, whole = case(store, b), case(store, a)
    assert (merged.status, merged.merged_into) == (Status.MERGED, a)
    assert (whole.merged, whole.arrivals, len(store.raw(a))) == ((b,), 2, 2)
    assert [n.number for n in store.notices(a)] == [b, a]
    assert merged.events[-1].details == {"into": a, "why": WHO["why"]}
    told = [e for e in whole.events if e.what == "case.joined"]
    assert told[0].details["joined"] == b
    assert any(e.details.get("case") == b for e in whole.events)


def test_the_earlier_deadline_counts_and_is_undone(store: Store) -> None:
    early = message(received_at=NOW - timedelta(days=11))
    b = open_case(store, due_at=EARLY, limit="14 wd", message=early)
    a = open_case(store, due_at=LATE)
    merge(store, b, a)
    assert case(store, a).due_at == EARLY
    assert case(store, a).clock_starts_at == early.received_at
    assert store.late(EARLY + timedelta(hours=1)) == 1
    assert store.examination().crosscheck() == []
    unmerge(store, b)
    assert case(store, a).due_at == LATE
    assert store.examination().crosscheck() == []


def test_a_later_deadline_does_not_lengthen_the_time(store: Store) -> None:
    b, a = open_case(store, due_at=LATE), open_case(store, due_at=EARLY)
    merge(store, b, a)
    assert case(store, a).due_at == EARLY


@pytest.mark.parametrize("grave", ["b", "a"])
def test_both_are_restricted_if_either_is_and_undone(store: Store, grave: str) -> None:
    b = open_case(store, **({"verdict": GRAVE} if grave == "b" else {}))
    a = open_case(store, **({"verdict": GRAVE} if grave == "a" else {}))
    merge(store, b, a)
    assert (case(store, b).restricted, case(store, a).restricted) == (True, True)
    unmerge(store, b)
    assert (case(store, b).restricted, case(store, a).restricted) == (grave == "b", grave == "a")


def test_unmerging_brings_both_back_exactly_and_forgets_nothing(store: Store) -> None:
    b, a = open_case(store, due_at=EARLY, verdict=GRAVE), open_case(store)
    store.working.take(b, who="made", now=NOW)
    before = content(case(store, b)), content(case(store, a)), store.raw(a)
    merge(store, b, a)
    assert unmerge(store, b) == a
    after = content(case(store, b)), content(case(store, a)), store.raw(a)
    assert after == before
    assert [e.what for e in case(store, b).events[-2:]] == ["case.merged", "case.unmerged"]
    assert [e.what for e in case(store, a).events[-2:]] == ["case.joined", "case.parted"]
    assert store.verify() == []
    assert store.examination().crosscheck() == []


def test_several_merges_are_undone_in_any_order(store: Store) -> None:
    first = open_case(store, due_at=EARLY, verdict=GRAVE)
    second = open_case(store, due_at=EARLY + timedelta(days=1))
    a = open_case(store, due_at=LATE)
    before = content(case(store, a))
    merge(store, first, a)
    merge(store, second, a)
    unmerge(store, first)
    assert case(store, a).due_at == EARLY + timedelta(days=1)
    assert not case(store, a).restricted
    unmerge(store, second)
    assert content(case(store, a)) == before


def test_a_decision_made_while_merged_outlives_the_merge(store: Store) -> None:
    b, a = open_case(store, due_at=EARLY), open_case(store, due_at=LATE)
    merge(store, b, a)
    sooner = NOW + timedelta(hours=3)
    decision = Decision(Kind.PENGADUAN, Tier.RINGAN, "kesra", sooner, "3 h", "2026-1", "ani", "x")
    store.reclassify(a, decision, (), now=NOW)
    unmerge(store, b)
    assert case(store, a).due_at == sooner


def test_no_decision_opens_a_case_that_stands_for_a_restricted_one(store: Store) -> None:
    b, a = open_case(store, verdict=GRAVE), open_case(store)
    merge(store, b, a)
    decision = Decision(Kind.PENGADUAN, Tier.RINGAN, "kesra", LATE, "3 h", "2026-1", "ani", "x")
    store.reclassify(a, decision, (), now=NOW)
    assert case(store, a).restricted
    with pytest.raises(NotAllowed):
        store.reclassify(b, decision, (), now=NOW)


def test_a_reply_to_a_merged_cases_mail_goes_to_the_other_while_merged(store: Store) -> None:
    b, a = acknowledged(store), open_case(store)
    merge(store, b, a)
    assert reply_to(store, b) == a
    assert case(store, b).status is Status.MERGED
    unmerge(store, b)
    assert reply_to(store, b, identity="later") == b


def test_a_reply_decided_on_before_the_merge_finds_its_way_too(store: Store) -> None:
    b, a = open_case(store), open_case(store)
    merge(store, b, a)
    (outcome,) = put(store, intake(joins=b, number=""))
    assert outcome.number == a


def test_a_merged_complainants_reply_reopens_the_answered_case(store: Store) -> None:
    b, a = acknowledged(store), open_case(store)
    merge(store, b, a)
    store.answer(a, "Sudah.", who="ani", way="call", recipient="", now=NOW)
    reply_to(store, b)
    assert case(store, a).status is Status.ROUTED


def test_the_staff_of_a_merged_case_stay_staff(store: Store) -> None:
    other = message(sender=Address("Made", "made@warga.test"))
    b, a = open_case(store), open_case(store, message=other)
    merge(store, b, a)
    ours = store.notices(b)[0].message_id
    thread = store.threads([ours])[ours]
    assert (thread.number, thread.complainant_email) == (a, "ketut@warga.test")


def test_what_was_restricted_stays_so_after_a_reply_in_between(store: Store) -> None:
    b, a = acknowledged(store, verdict=GRAVE), open_case(store)
    merge(store, b, a)
    reply_to(store, b)
    unmerge(store, b)
    assert case(store, a).restricted


def test_merges_of_merges_lead_to_the_last_and_are_undone_from_there(store: Store) -> None:
    c, b, a = acknowledged(store), open_case(store), open_case(store)
    merge(store, c, b)
    merge(store, b, a)
    assert case(store, a).merged == tuple(sorted((b, c)))
    assert store.tickets(TicketFilter())[0].arrivals == 3
    assert reply_to(store, c) == a
    with pytest.raises(NotAllowed):
        unmerge(store, c)
    unmerge(store, b)
    assert unmerge(store, c) == b


def test_what_makes_no_sense_is_refused(store: Store) -> None:
    b, a = open_case(store), open_case(store)
    with pytest.raises(ValueError, match="itself"):
        merge(store, a, a)
    with pytest.raises(NotAllowed):
        unmerge(store, a)
    with pytest.raises(LookupError):
        merge(store, a, "MR-XXXX-XXX")
    merge(store, b, a)
    with pytest.raises(NotAllowed):
        merge(store, b, a)
    with pytest.raises(NotAllowed):
        merge(store, a, b)


def test_another_copy_of_a_merged_mail_opens_no_case(store: Store) -> None:
    b, a = open_case(store, identity="mail:x"), open_case(store)
    merge(store, b, a)
    (outcome,) = put(store, intake("webmail", identity="mail:x"))
    assert outcome.fate is Fate.MERGED
    assert case(store, a).arrivals == 3


def test_an_answer_to_a_merged_case_leaves_it_merged(store: Store) -> None:
    b, a = open_case(store), open_case(store)
    merge(store, b, a)
    store.answer(b, "Lihat jawaban kami.", who="ani", way="call", recipient="", now=NOW)
    assert case(store, b).status is Status.MERGED


def test_the_record_of_a_merge_stays(store: Store, url: str) -> None:
    b, a = open_case(store), open_case(store)
    merge(store, b, a)
    unmerge(store, b)
    merge(store, b, a)
    rows = sql(url, "SELECT who, undone_by FROM merges ORDER BY id")
    assert [tuple(row) for row in rows] == [("wayan", "wayan"), ("wayan", "")]
