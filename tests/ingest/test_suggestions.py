"""From a stored case to a line in the team's notice, and who may read why."""

from datetime import timedelta

import pytest

from channels.manual import Entry, ManualChannel
from classify.types import Medium
from ingest.duplicates import ROUND, Suggester
from ingest.likeness import text_keys
from store.types import Comparable, Status, Ticket
from testing.daemon import EXAMINER, TEAM
from tests.ingest.workshop import CITIZEN, GRAVE, PLAIN, Workshop, body

AGAIN = "Penelepon menanyakan dana hibah pura yang belum cair sejak tiga bulan lalu."


def call(shop: Workshop, text: str = AGAIN, phone: str = "") -> Ticket:
    entry = Entry(Medium.PHONE, text, shop.clock(), phone=phone)
    (outcome,) = shop.parts.poller.poll(ManualChannel(Medium.PHONE, [entry]), shop.stop)
    return shop.ticket(outcome.number)


def suggested(shop: Workshop, ticket: Ticket) -> list[str]:
    Suggester(shop.store, shop.clock).catch_up()
    return [s.beside(ticket.number) for s in shop.store.duplicates.of(ticket.number)]


def test_the_same_told_by_telephone_is_suggested_and_nothing_is_merged(shop: Workshop) -> None:
    first = shop.opened()
    second = call(shop)
    assert suggested(shop, second) == [first.number]
    assert shop.ticket(second.number).status is Status.ROUTED
    assert len(shop.cases()) == 2


def test_another_matter_of_somebody_else_is_not_suggested(shop: Workshop) -> None:
    shop.opened()
    other = call(shop, "Lampu penerangan jalan di depan kantor lurah mati.", "081234567")
    assert suggested(shop, other) == []


def test_the_same_telephone_is_a_reason_by_itself(shop: Workshop) -> None:
    first = call(shop, "Lampu penerangan jalan di depan kantor lurah mati.", "0812-3456-789")
    second = call(shop, "Saya mau bertanya soal berkas kemarin.", "+62 812 3456 789")
    assert suggested(shop, second) == [first.number]
    assert shop.store.duplicates.of(second.number)[0].same_phone


def test_a_mail_of_the_same_person_is_suggested(shop: Workshop) -> None:
    first = shop.opened()
    second = shop.opened("Bagaimana kelanjutan berkas saya?", CITIZEN.upper())
    assert suggested(shop, second) == [first.number]


def test_after_ninety_days_it_is_another_matter(shop: Workshop) -> None:
    shop.opened()
    shop.clock.now += timedelta(days=91)
    assert suggested(shop, call(shop)) == []


def test_the_teams_notice_says_so(shop: Workshop) -> None:
    first = shop.opened()
    shop.send()
    call(shop)
    (letter,) = shop.send()
    text = body(letter.message)
    assert letter.recipients == (TEAM,)
    assert f"Mungkin sama dengan {first.number}: isi " in text
    assert " % mirip" in text


def test_of_a_restricted_case_others_learn_the_number_only(shop: Workshop) -> None:
    grave = shop.opened(GRAVE)
    shop.send()
    second = shop.opened(PLAIN)
    to = {one.recipients: body(one.message) for one in shop.send()}
    assert f"Mungkin sama dengan {grave.number}\n" in to[(TEAM,)].replace("\r\n", "\n")
    assert "surel sama" not in to[(TEAM,)]
    assert not second.restricted


def test_examiners_read_why(shop: Workshop) -> None:
    first = shop.opened()
    shop.send()
    shop.opened(GRAVE)
    to = {one.recipients: body(one.message) for one in shop.send()}
    assert f"Mungkin sama dengan {first.number}: alamat surel sama" in to[(EXAMINER,)]
    assert first.number not in to[(TEAM,)]


def test_a_notice_that_waited_over_a_merge_says_where_to_work(shop: Workshop) -> None:
    a, b = shop.opened(), shop.opened(PLAIN + " Mohon kabar.")
    shop.store.merging.merge(b.number, a.number, (), who="x", why="x", now=shop.clock())
    shop.send()
    texts = [body(one.message) for one in shop.sink.received if one.recipients == (TEAM,)]
    assert any(f"Sudah digabung ke {a.number}" in text for text in texts)


def test_comparing_goes_on_where_it_stopped(shop: Workshop) -> None:
    for n in range(3):
        call(shop, f"{AGAIN} Nomor berkas {n}.")
    assert Suggester(shop.store, shop.clock).catch_up() == 3
    call(shop)
    assert Suggester(shop.store, shop.clock).catch_up() == 1
    assert Suggester(shop.store, shop.clock).catch_up() == 0
    assert ROUND >= 50


def test_one_case_that_cannot_be_compared_holds_up_neither_others_nor_mail(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(case: Comparable) -> list[int]:
        if "celaka" in case.words:
            raise RuntimeError("bug")
        return text_keys(case)

    monkeypatch.setattr("ingest.duplicates.text_keys", broken)
    shop.opened("Celaka celaka celaka.".lower())
    first = shop.opened(PLAIN, "made@warga.test")
    assert {one.recipients for one in shop.send()} >= {(TEAM,), (CITIZEN,)}
    assert suggested(shop, call(shop)) == [first.number]


def test_mail_goes_out_although_the_disk_is_full(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise shop.store.Unavailable(reason="disk full")

    shop.opened()
    monkeypatch.setattr(shop.store.duplicates, "compared", full)
    assert {one.recipients for one in shop.send()} == {(TEAM,), (CITIZEN,)}
