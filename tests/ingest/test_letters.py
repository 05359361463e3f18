from string import Formatter

import pytest

from channels.memory import MemoryChannel
from channels.types import Address, Arrival, Attachment, Message
from classify.types import Medium
from config.texts import LANGUAGES, Texts
from store.types import NoticeKind
from testing.daemon import EXAMINER, TEAM
from tests.ingest.workshop import CITIZEN, GRAVE, PLAIN, Workshop, body

INJECTIONS = (
    "x\r\nBcc: korban@lain.test",
    "x\nBcc: korban@lain.test",
    "x\rBcc: korban@lain.test",
    "=?utf-8?q?x=0D=0ABcc:_korban@lain.test?=",
    "x\u2028Bcc: korban@lain.test",
    "x\x00\x1b[2J",
)


@pytest.mark.parametrize("evil", INJECTIONS)
def test_neither_subject_nor_name_can_add_a_header(shop: Workshop, evil: str) -> None:
    def read(arrival: Arrival) -> Message:
        return Message(
            Medium.EMAIL,
            arrival.received_at,
            sender=Address(evil, CITIZEN),
            subject=evil,
            text=PLAIN,
            message_id=f"<a{evil}@warga.test>",
        )

    shop.receive(b"x", channel=MemoryChannel("gmail", reader=read))
    received = shop.send()
    assert (CITIZEN,) in {one.recipients for one in received}
    assert len(received) >= 2
    for one in received:
        head = one.raw.partition(b"\r\n\r\n")[0]
        assert b"\nbcc:" not in head.lower()
        assert b"\rbcc:" not in head.lower()
        assert one.message["Bcc"] is None
        assert "\x1b" not in str(one.message["Subject"])


def test_an_address_that_is_none_is_left_to_a_person(shop: Workshop) -> None:
    def read(arrival: Arrival) -> Message:
        evil = "wayan@warga.test>\r\nRCPT TO:<korban@lain.test"
        return Message(Medium.EMAIL, arrival.received_at, Address("", evil), text=PLAIN)

    shop.receive(b"x", channel=MemoryChannel("gmail", reader=read))
    assert [one.recipients for one in shop.send()] == [(TEAM,)]
    assert shop.store.counts().failed == 1


def test_a_team_can_work_from_its_notice_alone(shop: Workshop) -> None:
    ticket = shop.opened(Subject="Dana hibah")
    shop.send()
    letter = shop.letter("team_new")
    text = body(letter)
    assert letter["Subject"].startswith(f"[{ticket.number}] ")
    for part in (ticket.number, "Selasa, 24 November 2026", "WITA", "hari kerja", CITIZEN, PLAIN):
        assert part in text
    assert "Mengapa tingkat ini" in text
    assert f"muara answer {ticket.number}" in text


def test_an_acknowledgement_gives_the_number_and_the_promise_and_repeats_nothing(
    shop: Workshop,
) -> None:
    ticket = shop.opened(Message_ID="<asal@warga.test>")
    shop.send()
    letter = shop.letter("acknowledgement", CITIZEN)
    assert ticket.number in body(letter)
    assert PLAIN not in body(letter)
    assert letter["In-Reply-To"] == "<asal@warga.test>"
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-replied", "All")


def test_our_mails_do_not_start_a_talk_between_machines(shop: Workshop) -> None:
    shop.opened(GRAVE)
    for one in shop.send():
        assert one.message["Auto-Submitted"] in ("auto-generated", "auto-replied")
        assert one.message["X-Muara"]


def test_our_own_mail_that_comes_back_opens_no_case(shop: Workshop) -> None:
    shop.opened()
    outcomes = shop.receive(*(one.raw for one in shop.send()))
    assert {outcome.fate for outcome in outcomes} == {"machine"}
    assert len(shop.cases()) == 1


def test_a_long_message_id_comes_through_whole(shop: Workshop) -> None:
    long = f"<{'a' * 150}@{'mail.' * 8}warga.test>"
    shop.opened(Message_ID=long)
    shop.send()
    assert shop.letter("acknowledgement", CITIZEN)["In-Reply-To"] == long


def test_an_answer_is_written_by_a_person_and_says_so(shop: Workshop) -> None:
    ticket = shop.opened()
    shop.store.answer(
        ticket.number,
        "Dana cair Jumat.",
        who="ani",
        way="mail",
        recipient=CITIZEN,
        now=shop.clock(),
    )
    shop.send()
    letter = shop.letter("answer", CITIZEN)
    assert "Dana cair Jumat." in body(letter)
    assert letter["Auto-Submitted"] is None
    assert "Tim Pengelola Pengaduan" in body(letter)


def test_attachments_and_cut_mail_are_named(shop: Workshop) -> None:
    def read(arrival: Arrival) -> Message:
        files = (Attachment("foto jalan.jpg", "image/jpeg", 2049, "ab" * 32),)
        return Message(
            Medium.EMAIL, arrival.received_at, text=PLAIN, attachments=files, truncated=True
        )

    shop.receive(b"x", channel=MemoryChannel("gmail", reader=read))
    shop.send()
    text = body(shop.letter("team_new"))
    assert "foto jalan.jpg (3 KB)" in text
    assert "sisanya masih ada di kotak surat" in text


def test_a_very_long_text_is_cut_in_the_mail_and_says_where_the_rest_is(shop: Workshop) -> None:
    ticket = shop.opened(PLAIN + " panjang sekali" * 3000)
    shop.send()
    text = body(shop.letter("team_new"))
    assert len(text) < 25_000
    assert f"muara show {ticket.number}" in text


def test_examiners_read_the_whole_restricted_case(shop: Workshop) -> None:
    shop.opened(GRAVE)
    shop.send()
    assert GRAVE in body(shop.letter("team_new", EXAMINER))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_has_its_words_in_every_language(language: str) -> None:
    sentences = Texts(language).part("letters")
    letters = set(NoticeKind) - {NoticeKind.POSTING}  # goes through a channel, not by mail
    letters -= {NoticeKind.REMINDER, NoticeKind.DIGEST}  # have a part of their own
    letters -= {one for one in NoticeKind if one.startswith("staff_")}  # and these
    letters -= {NoticeKind.PROMISE, NoticeKind.PARTS}  # so have these, see test_splitting_parts.py
    about_cases = {kind for kind in letters if kind.startswith("team_")}
    subjects = {f"{kind}_subject" for kind in letters} - {"team_restricted_subject"}
    bodies = {f"{kind}_body" for kind in letters - about_cases}
    openings = {f"{kind}_opening" for kind in about_cases} - {"team_restricted_opening"}
    assert subjects | bodies | openings <= set(sentences)
    assert {"team_body", "restricted_subject", "restricted_body"} <= set(sentences)
    assert {f"answering_{medium}" for medium in Medium} <= set(sentences)


def test_both_languages_fill_in_the_same_values() -> None:
    parts = {language: Texts(language).part("letters") for language in LANGUAGES}
    assert parts["id"].keys() == parts["en"].keys()
    for name, sentence in parts["id"].items():
        assert _values(sentence) == _values(parts["en"][name]), name


def _values(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
