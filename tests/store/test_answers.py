from datetime import timedelta
from typing import Any

import pytest

from store import Store
from store.types import (
    Answer,
    AnswerState,
    Call,
    FileToSend,
    How,
    NewAnswer,
    NoticeKind,
    NoticeRequest,
    Reached,
    Status,
)
from tests.store.samples import NOW, bounce, open_case, put, sql, statements

LATER = NOW + timedelta(hours=2)
PDF = FileToSend("berita acara.pdf", "application/pdf", b"%PDF-1.7 " + bytes(5000))


def record(store: Store, number: str, **values: Any) -> int:
    new = {"text": "Sudah cair.", "who": "wayan", "way": "call", **values}
    return store.answers.record(NewAnswer(number, **new), NOW)


def only(store: Store, number: str) -> Answer:
    (answer,) = store.answers.of(number)
    return answer


def events(store: Store, number: str, what: str) -> list[dict[str, str]]:
    ticket = store.ticket(number)
    assert ticket is not None
    return [event.details for event in ticket.events if event.what == what]


def mailed(store: Store, number: str, **values: Any) -> str:
    """Answer by mail, and return the mail's Message-ID."""
    record(store, number, way="mail", recipient="ketut@warga.test", **values)
    return next(n for n in store.notices(number) if n.kind is NoticeKind.ANSWER).message_id


def test_an_answer_by_mail_follows_its_notice(store: Store) -> None:
    number = open_case(store)
    message_id = mailed(store, number)
    answer = only(store, number)
    assert (answer.state, answer.recipient) == (AnswerState.WAITING, "ketut@warga.test")
    (notice,) = (n for n in store.notices(number) if n.message_id == message_id)
    store.notice_failed(notice.id, "server sibuk", LATER, NOW)
    answer = only(store, number)
    assert (answer.attempts, answer.error, answer.next_at) == (1, "server sibuk", LATER)
    store.notice_sent(notice.id, LATER)
    answer = only(store, number)
    assert (answer.state, answer.done_at) == (AnswerState.SENT, LATER)
    assert store.answers.undelivered() == []


def test_an_answer_to_be_called_waits_for_a_person(store: Store) -> None:
    number = open_case(store)
    record(store, number)
    (waiting,) = store.answers.undelivered()
    assert (waiting.answer.state, waiting.answer.way) == (AnswerState.WAITING, "call")
    assert waiting.ticket.number == number
    assert waiting.ticket.status is Status.ANSWERED


def test_what_waits_is_read_with_as_many_statements_for_many(store: Store) -> None:
    record(store, open_case(store))
    with statements(store) as few:
        store.answers.undelivered()
    for _ in range(5):
        record(store, open_case(store), files=(PDF,))
    with statements(store) as many:
        assert len(store.answers.undelivered()) == 6
    assert len(many) == len(few)


def test_a_call_that_reached_nobody_stays_on_the_list_with_its_next_try(store: Store) -> None:
    number = open_case(store)
    record(store, number)
    call = Call(Reached.NOT_REACHED, "sari", next_at=LATER)
    store.answers.called(number, [only(store, number)], call, NOW)
    (waiting,) = store.answers.undelivered()
    assert (waiting.answer.attempts, waiting.answer.next_at) == (1, LATER)
    assert events(store, number, "call.made") == [
        {"reached": "not_reached", "next_at": LATER.isoformat()}
    ]


def test_who_was_reached_has_been_told(store: Store) -> None:
    number = open_case(store)
    record(store, number)
    call = Call(Reached.REACHED, "sari", spoken_to="Pak Ketut", said="Cair hari Senin.")
    store.answers.called(number, [only(store, number)], call, LATER)
    answer = only(store, number)
    assert (answer.state, answer.how, answer.done_by) == (AnswerState.DELIVERED, How.SAID, "sari")
    assert answer.done_at == LATER
    assert store.answers.undelivered() == []
    assert events(store, number, "call.made")[0]["spoken_to"] == "Pak Ketut"
    assert store.verify() == []


def test_a_call_without_an_answer_to_tell_is_kept(store: Store) -> None:
    number = open_case(store)
    store.answers.called(number, [], Call(Reached.NOT_REACHED, "sari"), NOW)
    assert events(store, number, "call.made") == [{"reached": "not_reached"}]
    with pytest.raises(LookupError):
        store.answers.called("MR-2222-222", [], Call(Reached.LATER, "sari"), NOW)


def test_a_letter_handed_over_is_delivered(store: Store) -> None:
    number = open_case(store)
    record(store, number, way="post")
    answer = only(store, number)
    store.answers.delivered(
        number, [answer], How.HANDED_OVER, who="sari", note="di loket 2", now=LATER
    )
    assert only(store, number).how is How.HANDED_OVER
    assert events(store, number, "answer.delivered") == [
        {"how": "handed_over", "note": "di loket 2"}
    ]


def test_files_are_kept_with_the_answer_and_equal_bytes_once(store: Store, url: str) -> None:
    number = open_case(store)
    again = FileToSend("salinan.pdf", "application/pdf", PDF.data)
    message_id = mailed(store, number, files=(PDF, again))
    answer = only(store, number)
    assert [(f.name, f.size) for f in answer.files] == [
        ("berita acara.pdf", len(PDF.data)),
        ("salinan.pdf", len(PDF.data)),
    ]
    assert store.answers.files(answer.id) == [PDF, again]
    assert store.answers.files_of_mail(message_id) == [PDF, again]
    assert store.answers.files_of_mail("<lain@kantor.test>") == []
    kept = sql(
        url, "SELECT count(*) FROM raws WHERE sha256 = :sha256", sha256=answer.files[0].sha256
    )
    assert kept == [(1,)]
    (told,) = events(store, number, "answer.recorded")
    assert told["attachments"] == "berita acara.pdf, salinan.pdf"


def test_an_answer_that_bounced_waits_for_a_person(store: Store) -> None:
    number = open_case(store)
    message_id = mailed(store, number)
    put(store, bounce(message_id))
    assert only(store, number).state is AnswerState.RETURNED
    assert [waiting.answer.number for waiting in store.answers.undelivered()] == [number]


def test_people_are_told_once_that_an_answer_came_back(store: Store) -> None:
    number = open_case(store)
    put(store, bounce(mailed(store, number)))
    (lost,) = store.answers.came_back()
    tell = [NoticeRequest(NoticeKind.TEAM_REPLY, "tim@kantor.test")]
    for _ in range(2):
        store.answers.tell(lost.answer, tell, LATER)
    assert store.answers.came_back() == []
    assert [n.recipient for n in store.notices(number)].count("tim@kantor.test") == 1


def test_what_came_back_can_go_another_way(store: Store) -> None:
    number = open_case(store)
    put(store, bounce(mailed(store, number)))
    store.answers.redirect(
        only(store, number), "call", recipient="", who="sari", why="surel penuh", now=LATER
    )
    answer = only(store, number)
    assert (answer.way, answer.state, answer.error) == ("call", AnswerState.WAITING, "")
    assert events(store, number, "answer.redirected") == [
        {"was_way": "mail", "way": "call", "why": "surel penuh"}
    ]


def test_sent_by_mail_again_it_is_a_new_mail_with_its_files_and_may_come_back_again(
    store: Store,
) -> None:
    number = open_case(store)
    first = mailed(store, number, files=(PDF,))
    put(store, bounce(first))
    (lost,) = store.answers.came_back()
    store.answers.tell(lost.answer, [], NOW)
    store.answers.redirect(
        lost.answer, "mail", recipient="ketut@warga.test", who="sari", why="", now=LATER
    )
    second = [n for n in store.notices(number) if n.kind is NoticeKind.ANSWER][-1].message_id
    assert second != first
    assert store.answers.files_of_mail(second) == [PDF]
    put(store, bounce(second))
    assert len(store.answers.came_back()) == 1


def test_an_answer_through_a_platform_follows_its_posting(store: Store) -> None:
    number = open_case(store)
    record(store, number, way="upload", channel="lapor", external_id="1")
    (notice,) = store.postings.due("lapor", LATER)
    store.notice_failed(notice.id, "ditolak", None, NOW)
    answer = only(store, number)
    assert (answer.state, answer.error, answer.recipient) == (AnswerState.REFUSED, "ditolak", "")


def test_answers_of_merged_cases_are_told_with_the_other(store: Store) -> None:
    a, b = open_case(store), open_case(store)
    record(store, a)
    store.merging.merge(a, b, [], who="sari", why="sama", now=NOW)
    record(store, b)
    assert [answer.number for answer in store.answers.of(b)] == [a, b]
    assert [answer.number for answer in store.answers.waiting_for_a_person(b)] == [b]


def test_the_language_of_letters_is_set_by_a_person_and_told(store: Store) -> None:
    number = open_case(store)
    store.answers.speak(number, "en", who="sari", now=NOW)
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.language == "en"
    assert store.examination().crosscheck() == []
    store.answers.speak(number, "", who="sari", now=NOW)
    assert store.examination().crosscheck() == []


def test_a_language_changed_behind_our_back_shows(store: Store, url: str) -> None:
    number = open_case(store)
    store.answers.speak(number, "en", who="sari", now=NOW)
    sql(url, "UPDATE cases SET language = 'id'")
    assert [damage.fields for damage in store.examination().crosscheck()] == ["language"]


def test_an_answer_to_no_case_leaves_nothing(store: Store, url: str) -> None:
    with pytest.raises(LookupError):
        record(store, "MR-2222-222", files=(PDF,))
    assert sql(url, "SELECT count(*) FROM answer_files") == [(0,)]


def test_a_file_whose_bytes_are_gone_is_found(store: Store, url: str) -> None:
    number = open_case(store)
    record(store, number, files=(PDF,))
    assert store.examination().missing_bytes() == []
    (file,) = only(store, number).files
    sql(url, "DELETE FROM raws WHERE sha256 = :name", name=file.sha256)
    assert store.examination().missing_bytes() == [f"answer {number}"]
