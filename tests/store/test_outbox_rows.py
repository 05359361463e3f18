from datetime import timedelta

import pytest

from store import Store
from store.types import NoticeKind, NoticeRequest, NoticeState, Status
from tests.store.samples import NOW, TEAM, intake, open_case, put

LATER = NOW + timedelta(minutes=5)


def events(store: Store, number: str) -> list[str]:
    ticket = store.ticket(number)
    assert ticket is not None
    return [event.what for event in ticket.events]


def test_a_notice_is_due_at_once_and_not_after_it_was_sent(store: Store) -> None:
    number = open_case(store)
    (notice,) = store.due_notices(NOW)
    assert (notice.number, notice.kind, notice.recipient) == (number, *_first(TEAM))
    store.notice_sent(notice.id, LATER)
    assert store.due_notices(LATER) == []
    (sent,) = store.notices(number)
    assert (sent.state, sent.sent_at, sent.attempts) == (NoticeState.SENT, LATER, 1)
    assert events(store, number)[-1] == "notice.sent"


def _first(requests: tuple[NoticeRequest, ...]) -> tuple[NoticeKind, str]:
    return requests[0].kind, requests[0].recipient


def test_marking_a_sent_notice_again_adds_no_event(store: Store) -> None:
    number = open_case(store)
    (notice,) = store.notices(number)
    store.notice_sent(notice.id, NOW)
    store.notice_sent(notice.id, LATER)
    store.notice_failed(notice.id, "late", None, LATER)
    assert store.notices(number)[0].sent_at == NOW
    assert events(store, number).count("notice.sent") == 1


def test_a_failed_notice_is_due_later_under_the_same_message_id(store: Store) -> None:
    number = open_case(store)
    (notice,) = store.notices(number)
    store.notice_failed(notice.id, "server away", LATER, NOW)
    assert store.due_notices(NOW) == []
    (again,) = store.due_notices(LATER)
    assert (again.message_id, again.attempts, again.error) == (notice.message_id, 1, "server away")
    assert "notice.failed" not in events(store, number)


def test_a_notice_given_up_waits_for_a_person_and_tells_the_case(store: Store) -> None:
    number = open_case(store)
    (notice,) = store.notices(number)
    store.notice_failed(notice.id, "no such user", None, NOW)
    assert store.due_notices(LATER + timedelta(days=9)) == []
    assert store.notices(number)[0].state is NoticeState.FAILED
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.events[-1].details["error"] == "no such user"
    assert store.counts().failed == 1


def test_due_notices_come_longest_due_first_and_limited(store: Store) -> None:
    put(store, *(intake() for _ in range(3)))
    first = store.due_notices(NOW)[0]
    store.notice_failed(first.id, "x", LATER, NOW)
    due = store.due_notices(LATER, limit=3)
    assert [notice.next_at for notice in due] == [NOW, NOW, LATER]
    assert len(store.due_notices(LATER, limit=2)) == 2


def test_a_channel_notice_is_made_once_for_each_key_and_recipient(store: Store) -> None:
    for recipient in ("a@office.test", "a@office.test", "b@office.test"):
        store.add_notice(
            NoticeKind.CHANNEL_DOWN, recipient, {"channel": "gmail"}, "gmail down 7", NOW
        )
    due = store.due_notices(NOW)
    assert [notice.recipient for notice in due] == ["a@office.test", "b@office.test"]
    assert (due[0].number, due[0].details) == ("", {"channel": "gmail"})
    store.notice_sent(due[0].id, NOW)
    assert [notice.recipient for notice in store.due_notices(NOW)] == ["b@office.test"]


def test_notices_to_an_address_are_counted_by_kind_and_time(store: Store) -> None:
    thanks = NoticeRequest(NoticeKind.ACKNOWLEDGEMENT, "ketut@warga.test")
    put(store, *(intake(notices=(thanks,)) for _ in range(2)))
    count = store.notices_since
    assert count("ketut@warga.test", NoticeKind.ACKNOWLEDGEMENT, NOW) == 2
    assert count("ketut@warga.test", NoticeKind.TEAM_NEW, NOW) == 0
    assert count("ketut@warga.test", NoticeKind.ACKNOWLEDGEMENT, LATER) == 0


def test_an_answer_is_recorded_and_waits_in_the_outbox(store: Store) -> None:
    number = open_case(store)
    store.answer(
        number, "Sudah cair.", who="wayan", way="mail", recipient="ketut@warga.test", now=NOW
    )
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.status is Status.ANSWERED
    assert ticket.events[-1].what == "answer.recorded"
    assert ticket.events[-1].details == {"text": "Sudah cair.", "way": "mail"}
    answer = store.notices(number)[-1]
    assert (answer.kind, answer.details) == (NoticeKind.ANSWER, {"text": "Sudah cair."})


def test_an_answer_said_on_the_phone_sends_nothing(store: Store) -> None:
    number = open_case(store, notices=())
    store.answer(number, "Sudah cair.", who="wayan", way="call", recipient="", now=NOW)
    assert store.notices(number) == []


def test_an_answer_to_no_case_is_an_error(store: Store) -> None:
    with pytest.raises(LookupError):
        store.answer("MR-2222-222", "x", who="w", way="mail", recipient="a@b.test", now=NOW)
    assert store.due_notices(NOW) == []
