"""Steps of a case's life: what is allowed where, recorded with who and why."""

from datetime import timedelta

import pytest

from store import Store
from store.lifecycle import NotAllowed, Step, after, possible, reopening_helps
from store.types import NoticeKind, NoticeRequest, Status, Ticket, TicketFilter
from tests.store.samples import GRAVE, NOW, intake, message, open_case, put

A, B = "wayan", "made"


def case(store: Store, number: str) -> Ticket:
    found = store.ticket(number)
    assert found is not None
    return found


def answered(store: Store, number: str) -> None:
    store.answer(number, "Sudah cair.", who=A, way="call", recipient="", now=NOW)


ELSEWHERE = {Status.MERGED, Status.SPLIT}  # others are worked on in its place
DONE = {Status.ANSWERED, Status.CLOSED}
REFUSED = {
    Step.TAKE: DONE | ELSEWHERE,
    Step.ASSIGN: DONE | ELSEWHERE,
    Step.NOTE: set[Status](),
    Step.TOLD: set[Status](),
    Step.CONFIRM: {Status.CLOSED} | ELSEWHERE,
    Step.ANSWER: {Status.SPLIT},
    Step.RECLASSIFY: ELSEWHERE,
    Step.CLOSE: {Status.CLOSED} | ELSEWHERE,
    Step.REOPEN: {Status.RECEIVED, Status.ROUTED, Status.IN_PROGRESS} | ELSEWHERE,
    Step.MERGE: ELSEWHERE,
    Step.UNMERGE: set(Status) - {Status.MERGED},
    Step.SPLIT: DONE | ELSEWHERE,
    Step.UNSPLIT: set(Status) - {Status.SPLIT},
}


@pytest.mark.parametrize("step", Step)
def test_every_step_is_refused_where_it_makes_no_sense_and_nowhere_else(step: Step) -> None:
    def refused(status: Status) -> bool:
        try:
            after("MR", step, status)
        except NotAllowed:
            return True
        return False

    assert set(filter(refused, Status)) == REFUSED[step]


@pytest.mark.parametrize("status", Status)
def test_what_is_possible_is_what_is_not_refused(status: Status) -> None:
    refused = {step for step, where in REFUSED.items() if status in where}
    assert set(possible(status)) == set(Step) - refused


def test_reopening_helps_where_only_the_end_stands_against_a_step() -> None:
    helped = {(s, step) for s in Status for step in Step if reopening_helps(step, s)}
    for status, step in helped - {(s, p) for s in Status for p in possible(s)}:
        assert status in DONE
        assert step in possible(after("MR", Step.REOPEN, status))


def test_a_case_is_taken_answered_closed_and_reopened_and_its_log_says_by_whom(
    store: Store,
) -> None:
    number = open_case(store)
    store.working.take(number, who=A, now=NOW)
    assert case(store, number).status is Status.IN_PROGRESS
    answered(store, number)
    store.working.close(number, who=B, why="pelapor puas", now=NOW)
    assert case(store, number).status is Status.CLOSED
    store.working.reopen(number, who=A, why="belum cair", now=NOW)
    events = [(e.what, e.who, e.details.get("why", "")) for e in case(store, number).events[3:]]
    assert case(store, number).status is Status.ROUTED
    assert events == [
        ("case.taken", A, ""),
        ("answer.recorded", A, ""),
        ("case.closed", B, "pelapor puas"),
        ("case.reopened", A, "belum cair"),
    ]
    assert store.verify() == []
    assert store.examination().crosscheck() == []


def test_a_step_out_of_place_changes_nothing(store: Store) -> None:
    number = open_case(store)
    before = case(store, number)
    with pytest.raises(NotAllowed) as refused:
        store.working.reopen(number, who=A, why="x", now=NOW)
    assert (refused.value.step, refused.value.status) == (Step.REOPEN, Status.ROUTED)
    assert case(store, number) == before


def test_an_unknown_case_takes_no_step(store: Store) -> None:
    with pytest.raises(LookupError):
        store.working.take("MR-XXXX-XXX", who=A, now=NOW)


def test_another_team_gets_the_case_and_the_notice(store: Store) -> None:
    number = open_case(store)
    told = [NoticeRequest(NoticeKind.TEAM_ASSIGNED, "dinsos@office.test")]
    store.working.assign(number, "dinsos", told, who=A, why="bukan urusan kami", now=NOW)
    event = case(store, number).events[-1]
    assert event.details == {"was_team": "kesra", "team": "dinsos", "why": "bukan urusan kami"}
    assert case(store, number).team == "dinsos"
    assert store.notices(number)[-1].kind is NoticeKind.TEAM_ASSIGNED
    assert store.examination().crosscheck() == []


def test_a_note_is_found_by_search_and_changes_no_status(store: Store) -> None:
    number = open_case(store)
    store.working.note(number, "Berkas ada di lemari besi.", who=A, now=NOW)
    assert [t.number for t in store.tickets(TicketFilter(words="lemari besi"))] == [number]
    assert case(store, number).status is Status.ROUTED


def test_a_complainant_who_writes_back_reopens_a_closed_case(store: Store) -> None:
    number = open_case(store)
    store.working.close(number, who=A, why="selesai", now=NOW)
    put(store, intake(joins=number, number="", message=message(message_id="<b@warga.test>")))
    assert case(store, number).status is Status.ROUTED
    assert case(store, number).events[-1].what == "case.reopened"
    assert case(store, number).entered_at < NOW + timedelta(seconds=1)


def test_who_confirmed_a_case_and_who_told_the_complainant_stands_in_its_log(store: Store) -> None:
    number = open_case(store)
    store.working.confirm(number, who=A, why="sudah dibaca", now=NOW)
    store.working.told(number, who=B, why="", now=NOW)
    confirmed, told = case(store, number).events[-2:]
    assert (confirmed.what, confirmed.who) == ("case.confirmed", A)
    assert confirmed.details == {"tier": "normatif", "kind": "pengaduan", "why": "sudah dibaca"}
    assert (told.what, told.who) == ("complainant.told", B)
    assert case(store, number).status is Status.ROUTED
    assert store.examination().crosscheck() == []


def test_an_uncertain_tier_is_settled_not_confirmed(store: Store) -> None:
    number = open_case(store, verdict=GRAVE)
    with pytest.raises(NotAllowed) as refused:
        store.working.confirm(number, who=A, why="", now=NOW)
    assert refused.value.because == "uncertain"
