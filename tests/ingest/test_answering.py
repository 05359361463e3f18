"""From the team's words to the complainant's hands: ways, words around them, files, and what comes back."""

from dataclasses import replace
from email.message import EmailMessage

import pytest

from channels.manual import Entry, ManualChannel
from classify.types import Medium
from ingest.answer import Way, WayClosed, answer, redirect, way_of
from ingest.files import Unsendable, check_size, file_to_send
from ingest.language import language_of
from store.types import AnswerState, Complainant, FileToSend, Ticket
from testing.daemon import EXAMINER, TEAM
from tests.ingest.workshop import CITIZEN, GRAVE, Workshop, body, mail

PDF = FileToSend("berita acara.pdf", "application/pdf", b"%PDF-1.7\n" + bytes(range(256)) * 40)
ENGLISH = (
    "We applied for a temple grant in August and have not heard from your office since then. "
    "When will we get an answer, and what should we do about the missing letter?"
)


def walk_in(shop: Workshop, medium: Medium = Medium.WALK_IN, **values: str | bool) -> Ticket:
    entry = Entry(medium, "Dana hibah pura kami belum cair.", shop.clock(), **values)  # type: ignore[arg-type]
    (outcome,) = shop.parts.poller.poll(ManualChannel(medium, [entry]), shop.stop)
    return shop.ticket(outcome.number)


def answered(shop: Workshop, ticket: Ticket, text: str = "Sudah cair.", **more: object) -> None:
    answer(shop.store, ticket, text, "ani", shop.clock, **more)  # type: ignore[arg-type]


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body()
    assert part is not None
    return str(part.get_content())


def bounced(shop: Workshop, ticket: Ticket) -> None:
    (sent,) = (n for n in shop.store.notices(ticket.number) if n.kind == "answer")
    shop.receive(
        mail(
            "--b\r\nContent-Type: text/plain\r\n\r\nMailbox full.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.test\r\n\r\n"
            f"Final-Recipient: rfc822; {CITIZEN}\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"
            f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {sent.message_id}\r\n\r\nx\r\n"
            "--b--",
            "mailer-daemon@warga.test",
            Subject="Undelivered Mail Returned to Sender",
            Content_Type='multipart/report; report-type=delivery-status; boundary="b"',
            Auto_Submitted="auto-replied",
        )
    )


@pytest.mark.parametrize(
    ("medium", "who", "way"),
    [
        (Medium.EMAIL, Complainant(email=CITIZEN), Way.MAIL),
        (Medium.PHONE, Complainant(phone="0812"), Way.CALL),
        (Medium.PHONE, Complainant(phone="0812", email=CITIZEN), Way.MAIL),
        (Medium.PHONE, Complainant(email=CITIZEN, anonymous=True), Way.CALL),
        (Medium.BOX, Complainant(), Way.POST),
        (Medium.WALK_IN, Complainant(phone="0812"), Way.POST),
        (Medium.LAPOR, Complainant(email=CITIZEN), Way.PASTE),
    ],
)
def test_an_answer_goes_back_the_way_it_came(
    shop: Workshop, medium: Medium, who: Complainant, way: Way
) -> None:
    ticket = replace(shop.opened(), medium=medium, complainant=who, external_id="1")
    assert way_of(ticket) is way


def test_a_platform_that_takes_answers_gets_them(shop: Workshop) -> None:
    ticket = replace(shop.opened(), medium=Medium.LAPOR, external_id="1")
    assert way_of(ticket, "lapor") is Way.UPLOAD
    assert way_of(replace(ticket, external_id=""), "lapor") is Way.PASTE


@pytest.mark.parametrize(
    ("way", "files", "code"),
    [
        (Way.MAIL, (), "no_email"),
        (Way.UPLOAD, (), "no_platform"),
    ],
)
def test_a_way_that_is_closed_records_nothing(
    shop: Workshop, way: Way, files: tuple[FileToSend, ...], code: str
) -> None:
    ticket = walk_in(shop)
    with pytest.raises(WayClosed) as closed:
        answered(shop, ticket, way=way, files=files)
    assert closed.value.code == code
    assert shop.store.answers.of(ticket.number) == []


def test_a_platform_is_not_given_an_answer_whose_files_would_be_lost(shop: Workshop) -> None:
    ticket = replace(shop.opened(), medium=Medium.LAPOR, external_id="1")
    with pytest.raises(WayClosed, match="takes_no_files"):
        answered(shop, ticket, through="lapor", files=(PDF,))


def test_files_arrive_byte_for_byte_in_the_thread_of_the_complaint(shop: Workshop) -> None:
    ticket = shop.opened(Message_ID="<asal@warga.test>")
    answered(shop, ticket, files=(PDF,))
    shop.send()
    letter = shop.letter("answer", CITIZEN)
    (attached,) = letter.iter_attachments()
    assert attached.get_filename() == PDF.name
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == PDF.data
    assert letter["In-Reply-To"] == letter["References"] == "<asal@warga.test>"


def test_an_answer_is_greeted_and_closed_in_the_offices_name(shop: Workshop) -> None:
    answered(shop, shop.opened())
    shop.send()
    lines = [line for line in body(shop.letter("answer", CITIZEN)).splitlines() if line]
    assert lines[:4] == ["Yth. Wayan,", "Sudah cair.", "Hormat kami,", "Tim Pengelola Pengaduan"]


def test_an_answer_that_greets_and_closes_is_not_greeted_twice(shop: Workshop) -> None:
    own = "Yth. Bapak Wayan,\n\nSudah cair.\n\nSalam,\nAni"
    answered(shop, shop.opened(), own)
    shop.send()
    text = body(shop.letter("answer", CITIZEN))
    assert text.count("Yth.") == 1
    assert "Hormat kami" not in text


def test_who_writes_english_is_answered_in_english_words(shop: Workshop) -> None:
    ticket = shop.opened(ENGLISH, Subject="Grant")
    answered(shop, ticket, "The grant was paid on Friday.")
    shop.send()
    text = body(shop.letter("answer", CITIZEN))
    assert text.startswith("Dear Wayan,")
    assert "Yours sincerely," in text
    assert "The answer to your complaint" in shop.letter("answer", CITIZEN)["Subject"]
    assert "Keep this number." in body(shop.letter("acknowledgement", CITIZEN))
    (notice,) = (one.message for one in shop.sink.received if TEAM in one.recipients)
    assert "Tenggat" in body(notice), "the team reads its own language"


def test_a_person_can_set_the_language_of_letters(shop: Workshop) -> None:
    ticket = shop.opened(ENGLISH, Subject="Grant")
    shop.store.answers.speak(ticket.number, "id", who="ani", now=shop.clock())
    answered(shop, shop.ticket(ticket.number))
    shop.send()
    assert body(shop.letter("answer", CITIZEN)).startswith("Yth. Wayan,")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        ("When will the aid be paid?", "en"),
        ("Kapan dana bansos untuk desa kami cair? Sudah tiga bulan belum ada kabar.", "id"),
        ("Om Swastyastu, titiang nunas pamargi indik hibah sane durung cair ring banjar", "id"),
        ("Mohon info, the form di website tidak bisa dibuka dan saya sudah coba", "id"),
        ("hibah??", ""),
        ("", ""),
        ("Rp 5.000.000 / 12-11-2026", ""),
    ],
)
def test_a_language_is_told_by_its_small_words(text: str, language: str) -> None:
    assert language_of(text) == language


def test_an_answer_that_bounces_tells_the_team_with_other_ways_once(shop: Workshop) -> None:
    ticket = shop.opened()
    answered(shop, ticket)
    shop.send()
    bounced(shop, ticket)
    shop.send()
    shop.send()
    text = body(shop.letter("answer_returned"))
    assert CITIZEN in text
    assert f"muara deliveries change {ticket.number}" in text
    (lost,) = shop.store.answers.undelivered()
    assert lost.answer.state is AnswerState.RETURNED


def test_of_a_restricted_case_only_examiners_hear_where_its_answer_went(shop: Workshop) -> None:
    ticket = shop.opened(GRAVE)
    answered(shop, ticket)
    shop.send()
    bounced(shop, ticket)
    shop.send()
    assert shop.notices(ticket)["answer_returned"] == [EXAMINER]
    assert CITIZEN in body(shop.letter("answer_returned", EXAMINER))
    assert not [
        one for one in shop.sink.received if TEAM in one.recipients and CITIZEN in one.raw.decode()
    ]


def test_what_came_back_can_be_said_on_the_telephone(shop: Workshop) -> None:
    ticket = shop.opened()
    answered(shop, ticket, files=(PDF,))
    (lost,) = shop.store.answers.of(ticket.number)
    done = redirect(shop.store, ticket, lost, Way.CALL, who="ani", why="penuh", now=shop.clock())
    assert done.way is Way.CALL
    with pytest.raises(WayClosed, match="no_platform"):
        redirect(shop.store, ticket, lost, Way.UPLOAD, who="ani", why="", now=shop.clock())


@pytest.mark.parametrize(
    ("name", "data", "content_type"),
    [
        ("a.pdf", b"%PDF-1.4 x", "application/pdf"),
        ("/tmp/foto.JPG", b"\xff\xd8\xff\xe0x", "image/jpeg"),
        ("catatan.txt", "terima kasih é".encode(), "text/plain"),
    ],
)
def test_a_file_is_known_by_its_ending_and_content(
    name: str, data: bytes, content_type: str
) -> None:
    file = file_to_send(name, data)
    assert (file.content_type, "/" in file.name) == (content_type, False)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.exe", b"MZ", "file_kind"),
        ("surat", b"x", "file_kind"),
        ("faktur.pdf.js", b"x", "file_kind"),
        ("a.pdf", b"MZ\x90", "file_content"),
        ("a.txt", b"\xff\xfe\x00", "file_content"),
        ("a.pdf", b"", "file_empty"),
    ],
)
def test_a_file_mail_servers_would_refuse_is_refused_here(
    name: str, data: bytes, code: str
) -> None:
    with pytest.raises(Unsendable) as refused:
        file_to_send(name, data)
    assert refused.value.code == code


def test_files_of_one_answer_have_a_size_together() -> None:
    check_size([PDF, PDF], 2 * len(PDF.data))
    with pytest.raises(Unsendable, match="files_size"):
        check_size([PDF, PDF], 2 * len(PDF.data) - 1)
