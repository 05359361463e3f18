import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from store import Store
from store.types import (
    Act,
    Fate,
    Intake,
    NoticeKind,
    NoticeRequest,
    StaffMail,
    StaffRequest,
    StaffState,
)
from tests.store.samples import NOW, TEAM, arrival, intake, message, open_case, sql

ADDRESS = "kesra@office.test"
ANSWER = StaffRequest(Act.ANSWER, "Made", ADDRESS, "Dana cair.", window=timedelta(minutes=5))


def asked(store: Store, number: str, request: StaffRequest = ANSWER, identity: str = "") -> Intake:
    made = arrival()
    return Intake(made, message(), identity=identity, joins=number, staff=request)


def ask(store: Store, number: str, request: StaffRequest = ANSWER) -> StaffMail:
    store.commit([asked(store, number, request)], cursor=None, now=NOW)
    return store.staff_mails.waiting()[-1]


def test_a_request_comes_back_as_it_was(store: Store) -> None:
    number = open_case(store)
    request = replace(ANSWER, details={"files": "a.pdf", "since": NOW.isoformat()})
    one = ask(store, number, request)
    assert (one.number, one.act, one.state, one.who) == (number, "answer", "waiting", "Made")
    assert (one.address, one.text, one.details) == (ADDRESS, "Dana cair.", request.details)
    assert (one.window, one.told_at, one.until) == (timedelta(minutes=5), None, None)
    assert store.staff_mails.answers(number) == [one]
    assert store.staff_mails.get(one.id) == one
    assert store.staff_mails.get(one.id + 1) is None


def test_nothing_about_the_case_changes_by_keeping_it(store: Store) -> None:
    number = open_case(store)
    before = store.ticket(number)
    ask(store, number)
    assert store.ticket(number) == before


def test_the_same_mail_is_kept_once(store: Store) -> None:
    number = open_case(store)
    twice = [asked(store, number, identity="mail:1") for _ in range(2)]
    outcomes = store.commit(twice, cursor=None, now=NOW)
    outcomes += store.commit([asked(store, number, identity="mail:1")], cursor=None, now=NOW)
    assert [one.fate for one in outcomes] == [Fate.REPLIED, Fate.MERGED, Fate.MERGED]
    assert len(store.staff_mails.waiting()) == 1


def test_a_request_is_settled_once(store: Store) -> None:
    one = ask(store, open_case(store))
    assert store.staff_mails.settle(one.id, StaffState.DONE, "", NOW)
    assert not store.staff_mails.settle(one.id, StaffState.DONE, "", NOW)
    assert not store.staff_mails.hold(one.id, "stale", NOW)
    assert not store.staff_mails.cancel(one.id, "made", NOW)
    assert store.staff_mails.waiting() == []


def test_of_many_at_once_one_settles_it(store: Store) -> None:
    one = ask(store, open_case(store))
    won: list[bool] = []

    def try_it() -> None:
        with store.staff_mails.together():
            won.append(store.staff_mails.settle(one.id, StaffState.DONE, "", NOW))

    threads = [threading.Thread(target=try_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(won) == [False] * 5 + [True]


def fail_in_the_middle(store: Store, one: StaffMail) -> None:
    with store.staff_mails.together():
        store.staff_mails.settle(one.id, StaffState.DONE, "", NOW)
        store.working.note(one.number, "catatan", who="Made", now=NOW)
        raise ZeroDivisionError


def test_what_is_done_together_is_done_or_not(store: Store) -> None:
    number = open_case(store)
    one = ask(store, number)
    with pytest.raises(ZeroDivisionError):
        fail_in_the_middle(store, one)
    ticket = store.ticket(number)
    assert ticket is not None
    assert "staff.noted" not in [event.what for event in ticket.events]
    assert [w.id for w in store.staff_mails.waiting()] == [one.id]


def test_events_of_a_step_by_mail_say_so_and_the_chain_holds(store: Store) -> None:
    number = open_case(store)
    with store.staff_mails.together():
        store.working.take(number, who="Made", now=NOW)
        store.working.note(number, "catatan", who="Made", now=NOW)
    store.working.note(number, "di layar", who="Made", now=NOW)
    ticket = store.ticket(number)
    assert ticket is not None
    ways = [e.details.get("via") for e in ticket.events if e.what in ("case.taken", "staff.noted")]
    assert ways == ["mail", "mail", None]
    assert store.verify() == []


def test_others_do_not_see_what_is_not_finished(store: Store) -> None:
    number = open_case(store)
    seen: list[int] = []

    def look() -> None:
        ticket = store.ticket(number)
        seen.append(len(ticket.events) if ticket else -1)

    look()
    with store.staff_mails.together():
        store.working.note(number, "catatan", who="Made", now=NOW)
        other = threading.Thread(target=look)
        other.start()
        other.join()
    assert seen[0] == seen[1]


def test_an_answer_knows_what_overtook_it(store: Store) -> None:
    number = open_case(store)
    one = ask(store, number)
    store.working.note(number, "catatan", who="Luh", now=NOW)
    with store.staff_mails.together():
        assert store.staff_mails.overtaken(one.id) == ""
    reply = Intake(arrival(), message(), identity="mail:2", joins=number)
    store.commit([reply], cursor=None, now=NOW)
    with store.staff_mails.together():
        assert store.staff_mails.overtaken(one.id) == "complainant.replied"


def test_what_was_confirmed_is_only_overtaken_by_what_came_after(store: Store) -> None:
    number = open_case(store)
    one = ask(store, number)
    store.commit([Intake(arrival(), message(), joins=number)], cursor=None, now=NOW)
    assert store.staff_mails.hold(one.id, "complainant_replied", NOW)
    assert store.staff_mails.confirm(one.id)
    with store.staff_mails.together():
        assert store.staff_mails.overtaken(one.id) == ""
    (again,) = store.staff_mails.waiting()
    assert again.confirmed


def test_the_notice_a_mail_answers_is_found_with_its_case(store: Store) -> None:
    case = intake(notices=TEAM)
    store.commit([case], cursor=None, now=NOW)
    (notice,) = store.notices(case.number)
    (parent,) = store.staff_mails.parents(["<fremd@x>", notice.message_id.strip("<>")])
    assert (parent.number, parent.kind, parent.recipient) == (case.number, "team_new", ADDRESS)
    assert store.staff_mails.parents([]) == []
    by_token = store.staff_mails.parent_of(case.number, ADDRESS)
    assert by_token == parent
    assert store.staff_mails.parent_of(case.number, "lain@office.test") is None


def test_an_echo_is_known_as_that_of_its_request(store: Store) -> None:
    number = open_case(store)
    one = ask(store, number)
    details = {"say": "pending", "staff_mail": str(one.id)}
    echo = store.staff_mails.tell(NoticeKind.STAFF_ECHO, number, ADDRESS, details, NOW)
    store.staff_mails.announced(one, echo, NOW)
    (parent,) = store.staff_mails.parents([echo])
    assert parent.staff_mail == one.id
    (told,) = store.staff_mails.waiting()
    assert (told.echo, told.until) == (echo, NOW + timedelta(minutes=5))
    assert store.staff_mails.echo_sent(told) == ("waiting", None)


def test_with_a_key_a_person_is_told_once(store: Store) -> None:
    number = open_case(store)
    for _ in range(3):
        store.staff_mails.tell(
            NoticeKind.STAFF_QUESTION, number, ADDRESS, {"say": "unproven"}, NOW, key="einmal"
        )
    kinds = [one.kind for one in store.notices(number)]
    assert kinds.count(NoticeKind.STAFF_QUESTION) == 1


def test_a_refused_mail_is_in_quarantine_and_an_event_of_its_case(store: Store) -> None:
    number = open_case(store)
    told = (NoticeRequest(NoticeKind.STAFF_REFUSED, ADDRESS, "k", {"sender": "x", "reason": "y"}),)
    refused = Intake(arrival(), error="staff_mail_failed (number=1)", joins=number, notices=told)
    (outcome,) = store.commit([refused], cursor=None, now=NOW)
    assert outcome.fate is Fate.QUARANTINED
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.events[-1].what == "staff_mail.refused"
    assert store.notices(number)[-1].kind is NoticeKind.STAFF_REFUSED
    assert refused.arrival.raw not in store.raw(number)


def test_the_bytes_of_a_request_are_found_again(store: Store) -> None:
    number = open_case(store)
    made = asked(store, number)
    place = made.arrival.position
    where = {"folder": place.folder, "generation": place.generation, "item": place.item}
    store.commit([replace(made, staff=replace(ANSWER, details=where))], cursor=None, now=NOW)
    (one,) = store.staff_mails.waiting()
    assert store.staff_mails.raw(one) == made.arrival.raw
    assert store.staff_mails.raw(replace(one, channel="lain")) == b""


def test_a_cancelled_answer_stays_in_the_table_and_the_log(store: Store, url: str) -> None:
    number = open_case(store)
    one = ask(store, number)
    assert store.staff_mails.cancel(one.id, "luh", NOW, "keliru")
    assert store.staff_mails.answers(number) == []
    ticket = store.ticket(number)
    assert ticket is not None
    event = ticket.events[-1]
    assert (event.what, event.who) == ("answer.cancelled", "luh")
    assert event.details == {"author": "Made", "why": "keliru"}
    assert sql(url, "SELECT state FROM staff_mails") == [("cancelled",)]
    assert store.verify() == []
