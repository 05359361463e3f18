from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from channels.memory import MemoryChannel
from classify.types import Medium
from store.types import NoticeKind, Status
from testing.daemon import TEAM
from testing.smtp_sink import SmtpSink
from tests.ingest.staff_shop import COLLEAGUE, StaffShop, plain
from tests.ingest.workshop import CITIZEN, PLAIN, body, reading

ANSWER = "Dana hibah cair hari Senin di loket 3."


def test_a_reply_to_the_notice_becomes_the_answer_after_the_time_to_cancel(
    staff: StaffShop,
) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    assert staff.answers(ticket) == []
    sent = staff.settle()
    assert [one.recipients for one in sent] == [(CITIZEN,)]
    assert ANSWER in body(sent[0].message)
    assert staff.answers(ticket) == [ANSWER]
    event = next(e for e in staff.ticket(ticket.number).events if e.what == "answer.recorded")
    assert (event.who, event.details["via"], event.details["way"]) == (
        "I Made Sutama",
        "mail",
        "mail",
    )
    assert staff.ticket(ticket.number).status is Status.ANSWERED
    assert staff.store.verify() == []


def test_the_echo_shows_to_the_letter_what_the_complainant_gets(staff: StaffShop) -> None:
    ticket = staff.opened(Subject="Dana hibah")
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    (echo,) = staff.send()
    assert echo.recipients == (TEAM,)
    told = staff.told()
    staff.wait(minutes=6)
    staff.work()
    (letter,) = staff.send()
    assert plain(body(letter.message)).strip() in told
    assert CITIZEN in told
    assert "BATAL" in told
    assert "Selasa, 24 November 2026 pukul 10.05" in told
    assert "Perihal: [" in told
    assert str(letter.message["Subject"]).split()[1].rstrip("]") not in told
    assert echo.message["Auto-Submitted"] == "auto-generated"


def test_the_word_batal_in_time_means_that_nothing_is_sent(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    staff.hear(staff.reply(ticket, "Batal"))
    staff.settle()
    assert staff.answers(ticket) == []
    assert staff.waiting_answers(ticket) == []
    assert "dibatalkan" in staff.told()
    what = [event.what for event in staff.ticket(ticket.number).events]
    assert what.count("answer.pending") == what.count("answer.cancelled") == 1


def test_batal_as_a_reply_to_the_first_notice_cancels_too(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    first = staff.notice(ticket)
    staff.hear(staff.reply(ticket, ANSWER, parent=first))
    staff.send()
    staff.hear(staff.reply(ticket, "CANCEL", parent=first))
    staff.settle()
    assert staff.answers(ticket) == []


def test_batal_that_lies_unread_in_the_mailbox_is_read_before_anything_is_sent(
    staff: StaffShop,
) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    cancel = staff.reply(ticket, "BATAL")
    staff.clock.pass_(minutes=30)
    staff.steady.now += 1800
    staff.work()
    assert staff.answers(ticket) == []  # the mailbox was not read since
    staff.receive(cancel)
    staff.polled()
    staff.work()
    assert staff.answers(ticket) == []


def test_too_late_is_said(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    echo = staff.notice(ticket)
    staff.settle()
    staff.hear(staff.reply(ticket, "BATAL", parent=echo))
    staff.send()
    assert "TERLAMBAT" in staff.told()


def test_before_the_echo_has_left_no_time_passes(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    with staff.sink.down():
        staff.wait(hours=5)
        staff.work()
        assert staff.answers(ticket) == []
    staff.clock.pass_(hours=1)
    staff.send()
    staff.work()
    assert staff.answers(ticket) == []
    staff.wait(minutes=6)
    staff.work()
    assert staff.answers(ticket) == [ANSWER]


def test_an_echo_that_is_refused_holds_the_answer(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.sink.faults.recipients[TEAM] = "550 5.1.1 no such user"
    staff.settle()
    assert staff.answers(ticket) == []
    (held,) = staff.waiting_answers(ticket)
    assert (held.state, held.reason) == ("held", "untold")


@pytest.mark.parametrize("jump", [timedelta(hours=9), timedelta(hours=-9)])
def test_a_clock_that_jumps_neither_shortens_nor_lengthens_the_time(
    staff: StaffShop, jump: timedelta
) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    staff.work()
    staff.clock.now += jump
    staff.polled()
    staff.work()
    assert staff.answers(ticket) == []
    staff.wait(minutes=6)
    staff.work()
    assert staff.answers(ticket) == [ANSWER]


def test_a_restart_in_between_sends_once(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.receive(staff.reply(ticket, ANSWER))
    staff.reopen()
    staff.work()
    staff.send()
    staff.reopen()
    staff.wait(minutes=6)
    staff.work()
    staff.reopen()
    staff.wait(minutes=6)
    staff.work()
    staff.send()
    assert staff.answers(ticket) == [ANSWER]
    letters = [one for one in staff.sink.received if one.message["X-Muara"] == "answer"]
    assert len(letters) == 1


def test_the_same_reply_by_two_mailboxes_is_one(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    raw = staff.reply(ticket, ANSWER)
    staff.receive(raw)
    staff.receive(raw, channel=staff.channel("webmail"))
    staff.work()
    staff.settle()
    assert staff.answers(ticket) == [ANSWER]


def test_an_answer_is_held_where_the_complainant_writes_in_between(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    acknowledgement = staff.notice(ticket, CITIZEN)
    staff.receive(staff.mail("Sudah cair, terima kasih.", In_Reply_To=acknowledgement.message_id))
    staff.settle()
    assert staff.answers(ticket) == []
    assert "Pelapor menulis lagi" in staff.told()
    assert ANSWER in staff.told()


def test_an_answer_is_held_where_somebody_else_answers_in_between(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    staff.store.answer(
        ticket.number, "Lain.", who="luh", way="mail", recipient=CITIZEN, now=staff.clock()
    )
    staff.settle()
    assert staff.answers(ticket) == ["Lain."]
    assert "sudah dijawab" in staff.told()


def test_what_was_answered_since_the_notice_is_held_at_once(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.clock.pass_(minutes=1)
    staff.store.answer(
        ticket.number, "Lain.", who="luh", way="mail", recipient=CITIZEN, now=staff.clock()
    )
    staff.hear(staff.reply(ticket, ANSWER))
    assert staff.settle() == []
    assert staff.answers(ticket) == ["Lain."]
    assert "BELUM dikirim" in str(staff.last().message["Subject"])


def test_of_two_colleagues_who_answer_at_once_the_second_is_held(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.hear(staff.reply(ticket, "Berkas Anda lengkap.", COLLEAGUE))
    staff.settle()
    assert staff.answers(ticket) == [ANSWER]
    assert "Masih ada jawaban lain" in staff.told(COLLEAGUE)


def test_a_held_answer_goes_out_with_one_word(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.hear(staff.reply(ticket, "Berkas Anda lengkap.", COLLEAGUE))
    staff.settle()
    staff.hear(staff.reply(ticket, "KIRIM", COLLEAGUE))
    staff.work()
    staff.send()
    assert staff.answers(ticket) == [ANSWER, "Berkas Anda lengkap."]
    assert "dicatat" in staff.told(COLLEAGUE)


def test_a_held_answer_is_gone_with_another_word(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.hear(staff.reply(ticket, "Berkas Anda lengkap.", COLLEAGUE))
    staff.settle()
    staff.hear(staff.reply(ticket, "BATAL", COLLEAGUE))
    assert staff.waiting_answers(ticket) == []
    assert staff.answers(ticket) == [ANSWER]


def test_an_answer_to_the_echo_that_is_not_understood_stops_it(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    staff.hear(staff.reply(ticket, "Jangan dikirim dulu ya"))
    staff.settle()
    assert staff.answers(ticket) == []
    assert "KIRIM atau BATAL" in staff.told()


def test_what_was_written_long_ago_is_held(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.receive(staff.reply(ticket, ANSWER))
    staff.clock.pass_(hours=30)
    staff.work()
    assert staff.settle() == []
    assert staff.answers(ticket) == []
    assert "lebih dari sehari" in staff.told()


def test_an_empty_reply_is_told_and_not_sent(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    quoted = "\n".join(f"> {line}" for line in body(staff.letter("team_new")).splitlines())
    staff.hear(staff.reply(ticket, f"Pada 24 Nov 2026 10.00, Kesra menulis:\n{quoted}"))
    staff.settle()
    assert staff.answers(ticket) == []
    assert "tidak ada tulisan Anda" in staff.told()


def test_with_no_time_to_cancel_an_answer_goes_out_at_once(tmp_path: Path, sink: SmtpSink) -> None:
    staff = StaffShop(tmp_path, sink, settings="cancel_minutes = 0")
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    kinds = {str(one.message["X-Muara"]) for one in staff.send()}
    staff.close()
    assert kinds == {NoticeKind.ANSWER, NoticeKind.STAFF_ECHO}


def test_an_answer_by_mail_to_who_telephoned_is_put_on_the_list(staff: StaffShop) -> None:
    phone = MemoryChannel("phone", reader=reading(Medium.PHONE))
    (outcome,) = staff.receive(PLAIN.encode(), channel=phone)
    ticket = staff.ticket(outcome.number)
    staff.send()
    staff.hear(staff.reply(ticket, "Lampu sudah diganti."))
    staff.send()
    assert "daftar telepon balik" in staff.told()
    staff.settle()
    event = next(e for e in staff.ticket(ticket.number).events if e.what == "answer.recorded")
    assert event.details["way"] == "call"


def test_who_asked_to_stay_unnamed_is_masked_in_the_echo(staff: StaffShop) -> None:
    ticket = staff.opened()
    with staff.store._database.write() as connection:
        connection.exec_driver_sql("UPDATE complainants SET secret = 1")
    staff.send()
    staff.hear(staff.reply(ticket, ANSWER))
    staff.send()
    assert CITIZEN not in staff.told()
    assert "wa\u2022\u2022\u2022@warga.test" in staff.told()


def with_files(raw: bytes, *sizes: int) -> bytes:
    """A reply with files of so many bytes."""
    mail = message_from_bytes(raw, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    for count, size in enumerate(sizes):
        name = f"surat-{count}.pdf"
        mail.add_attachment(b"x" * size, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def test_files_go_with_the_answer_and_the_echo_names_them(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(with_files(staff.reply(ticket, ANSWER), 10, 20))
    staff.send()
    assert "Lampiran    : surat-0.pdf, surat-1.pdf" in staff.told()
    (letter,) = staff.settle()
    files = {one.get_filename(): one.get_content() for one in letter.message.iter_attachments()}
    assert files == {"surat-0.pdf": b"x" * 10, "surat-1.pdf": b"x" * 20}


def test_files_that_are_too_much_do_not_go_and_the_echo_says_so(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(with_files(staff.reply(ticket, ANSWER), 11 * 2**20))
    staff.send()
    assert "TIDAK ikut dikirim: surat-0.pdf" in staff.told()
    (letter,) = staff.settle()
    assert list(letter.message.iter_attachments()) == []
    assert ANSWER in body(letter.message)


@pytest.mark.parametrize(
    ("text", "what", "details"),
    [
        ("TERUSKAN: Tim Umum\nbukan tugas kami", "case.assigned", {"team": "umum", "why": "bukan tugas kami"}),
        ("TINGKAT: ringan\nkecil saja", "complaint.reclassified", {"tier": "ringan", "why": "kecil saja"}),
        ("SELESAI: sudah beres", "case.closed", {"why": "sudah beres"}),
        ("AMBIL", "case.taken", {}),
        ("CATATAN: sudah ditelepon", "staff.noted", {"text": "sudah ditelepon"}),
    ],
)  # fmt: skip
def test_a_command_leaves_the_event_of_the_same_step_at_the_screen(
    staff: StaffShop, text: str, what: str, details: dict[str, str]
) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, text))
    (event,) = (e for e in staff.ticket(ticket.number).events if e.what == what)
    assert event.who == "I Made Sutama"
    assert details.items() | {("via", "mail")} <= event.details.items()
    staff.send()
    assert staff.last().message["X-Muara"] in ("staff_echo", "team_reclassified")
    assert staff.store.verify() == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("TERUSKAN: pajak", "Tidak ada tim"),
        ("TERUSKAN: kesra", "sudah pada Tim Kesra"),
        ("TINGKAT: tanpa", "Apresiasi dan spam tidak bertingkat"),
        ("BATAL", "Tidak ada jawaban Anda yang menunggu"),
        ("KIRIM", "Tidak ada jawaban Anda yang ditahan"),
        ("CATATN: rahasia", "tidak menebak"),
    ],
)
def test_what_cannot_be_done_changes_nothing_and_is_told(
    staff: StaffShop, text: str, says: str
) -> None:
    ticket = staff.opened()
    staff.send()
    before = staff.ticket(ticket.number)
    staff.hear(staff.reply(ticket, text))
    (question,) = staff.send()
    after = staff.ticket(ticket.number)
    assert says in staff.told()
    assert text in staff.told()
    assert question.message["X-Muara"] == "staff_question"
    assert (after.status, after.team, after.tier) == (before.status, before.team, before.tier)


def test_a_step_the_case_does_not_take_is_told(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket)
    staff.hear(staff.reply(ticket, "SELESAI: beres", parent=notice))
    staff.hear(staff.reply(ticket, "AMBIL", parent=notice))
    staff.send()
    assert "berstatus selesai" in staff.told()


def test_a_mail_to_a_colleague_with_a_copy_to_us_is_no_answer(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(
        staff.reply(
            ticket, "Tolong kamu yang balas orang ini.", To=COLLEAGUE, Cc="kesra@kantor.test"
        )
    )
    staff.settle()
    assert staff.answers(ticket) == []
    assert "ditujukan kepada orang lain" in staff.told()


def test_a_mail_that_only_stands_below_the_notice_in_a_thread_is_no_answer(
    staff: StaffShop,
) -> None:
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket).message_id
    chain = {"In_Reply_To": "<lain@kantor.test>", "References": f"{notice} <lain@kantor.test>"}
    staff.hear(staff.reply(ticket, "Saya setuju dengan usulmu.", more=chain))
    staff.settle()
    assert staff.answers(ticket) == []
