"""What is corrected in a complainant's name and addresses reaches all that is still to be sent."""

import pytest

from store import Store
from store.types import NewAnswer, NoticeKind
from tests.store.samples import NOW, open_case

CORRECTED = "complainant.corrected"


def correct(store: Store, number: str, **values: str) -> None:
    store.contacts.correct(number, values, who="wayan", why="salah ketik", now=NOW)


def test_a_mail_that_waits_goes_to_the_corrected_address(store: Store) -> None:
    number = open_case(store)
    correct(store, number, email="salah@contoh.id")
    mail = NewAnswer(number, "Sudah cair.", "wayan", "mail", "salah@contoh.id")
    store.answers.record(mail, NOW)
    correct(store, number, email="benar@contoh.id")
    recipients = [n.recipient for n in store.notices(number) if n.kind is NoticeKind.ANSWER]
    assert recipients == ["benar@contoh.id"]
    assert store.thread(number, "benar@contoh.id") is not None


def test_a_mail_that_was_sent_keeps_its_address(store: Store) -> None:
    number = open_case(store)
    correct(store, number, email="salah@contoh.id")
    store.answers.record(NewAnswer(number, "Sudah.", "wayan", "mail", "salah@contoh.id"), NOW)
    (answer,) = [n for n in store.notices(number) if n.kind is NoticeKind.ANSWER]
    store.notice_sent(answer.id, NOW)
    correct(store, number, email="benar@contoh.id")
    assert "salah@contoh.id" in [n.recipient for n in store.notices(number)]


def test_the_log_says_what_was_corrected_but_neither_old_nor_new(store: Store) -> None:
    number = open_case(store)
    correct(store, number, phone="0812000", name="Made")
    ticket = store.ticket(number)
    assert ticket is not None
    assert (ticket.complainant.phone, ticket.complainant.name) == ("0812000", "Made")
    (event,) = [event for event in ticket.events if event.what == CORRECTED]
    assert event.details == {"corrected": "phone, name", "why": "salah ketik"}
    assert store.verify() == []


def test_a_case_that_is_not_there_is_not_corrected(store: Store) -> None:
    with pytest.raises(LookupError):
        correct(store, "MR-2222-222", name="Made")
