from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from channels.memory import MemoryChannel
from classify.types import Medium
from ingest.staff_mail import patience
from store.types import NoticeKind, Status
from testing.daemon import TEAM
from testing.smtp_sink import SmtpSink
from tests.ingest.staff_shop import COLLEAGUE, StaffShop, plain
from tests.ingest.workshop import CITIZEN, PLAIN, body, reading

ANSWER = "Dana hibah cair hari Senin di loket 3."


@pytest.fixture
def office(tmp_path: Path, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffShop]:
    made = StaffShop(tmp_path, sink)
    monkeypatch.setattr(patience, "monotonic", made.steady)
    yield made
    made.close()


def test_a_reply_to_the_notice_becomes_the_answer_after_the_time_to_cancel(
    office: StaffShop,
) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    assert office.answers(ticket) == []
    sent = office.settle()
    assert [one.recipients for one in sent] == [(CITIZEN,)]
    assert ANSWER in body(sent[0].message)
    assert office.answers(ticket) == [ANSWER]
    event = next(e for e in office.ticket(ticket.number).events if e.what == "answer.recorded")
    assert (event.who, event.details["via"], event.details["way"]) == (
        "I Made Sutama",
        "mail",
        "mail",
    )
    assert office.ticket(ticket.number).status is Status.ANSWERED
    assert office.store.verify() == []


def test_the_echo_shows_to_the_letter_what_the_complainant_gets(office: StaffShop) -> None:
    ticket = office.opened(Subject="Dana hibah")
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    (echo,) = office.send()
    assert echo.recipients == (TEAM,)
    told = office.told()
    office.wait(minutes=6)
    office.work()
    (letter,) = office.send()
    assert plain(body(letter.message)).strip() in told
    assert CITIZEN in told
    assert "BATAL" in told
    assert "Selasa, 24 November 2026 pukul 10.05" in told
    assert "Perihal: [" in told
    assert str(letter.message["Subject"]).split()[1].rstrip("]") not in told
    assert echo.message["Auto-Submitted"] == "auto-generated"


def test_the_word_batal_in_time_means_that_nothing_is_sent(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    office.hear(office.reply(ticket, "Batal"))
    office.settle()
    assert office.answers(ticket) == []
    assert office.waiting_answers(ticket) == []
    assert "dibatalkan" in office.told()
    what = [event.what for event in office.ticket(ticket.number).events]
    assert what.count("answer.pending") == what.count("answer.cancelled") == 1


def test_batal_as_a_reply_to_the_first_notice_cancels_too(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    first = office.notice(ticket)
    office.hear(office.reply(ticket, ANSWER, parent=first))
    office.send()
    office.hear(office.reply(ticket, "CANCEL", parent=first))
    office.settle()
    assert office.answers(ticket) == []


def test_batal_that_lies_unread_in_the_mailbox_is_read_before_anything_is_sent(
    office: StaffShop,
) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    cancel = office.reply(ticket, "BATAL")
    office.clock.pass_(minutes=30)
    office.steady.now += 1800
    office.work()
    assert office.answers(ticket) == []  # the mailbox was not read since
    office.receive(cancel)
    office.polled()
    office.work()
    assert office.answers(ticket) == []


def test_too_late_is_said(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    echo = office.notice(ticket)
    office.settle()
    office.hear(office.reply(ticket, "BATAL", parent=echo))
    office.send()
    assert "TERLAMBAT" in office.told()


def test_before_the_echo_has_left_no_time_passes(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    with office.sink.down():
        office.wait(hours=5)
        office.work()
        assert office.answers(ticket) == []
    office.clock.pass_(hours=1)
    office.send()
    office.work()
    assert office.answers(ticket) == []
    office.wait(minutes=6)
    office.work()
    assert office.answers(ticket) == [ANSWER]


def test_an_echo_that_is_refused_holds_the_answer(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.sink.faults.recipients[TEAM] = "550 5.1.1 no such user"
    office.settle()
    assert office.answers(ticket) == []
    (held,) = office.waiting_answers(ticket)
    assert (held.state, held.reason) == ("held", "untold")


@pytest.mark.parametrize("jump", [timedelta(hours=9), timedelta(hours=-9)])
def test_a_clock_that_jumps_neither_shortens_nor_lengthens_the_time(
    office: StaffShop, jump: timedelta
) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    office.work()
    office.clock.now += jump
    office.polled()
    office.work()
    assert office.answers(ticket) == []
    office.wait(minutes=6)
    office.work()
    assert office.answers(ticket) == [ANSWER]


def test_a_restart_in_between_sends_once(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.receive(office.reply(ticket, ANSWER))
    office.reopen()
    office.work()
    office.send()
    office.reopen()
    office.wait(minutes=6)
    office.work()
    office.reopen()
    office.wait(minutes=6)
    office.work()
    office.send()
    assert office.answers(ticket) == [ANSWER]
    letters = [one for one in office.sink.received if one.message["X-Muara"] == "answer"]
    assert len(letters) == 1


def test_the_same_reply_by_two_mailboxes_is_one(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    raw = office.reply(ticket, ANSWER)
    office.receive(raw)
    office.receive(raw, channel=office.channel("webmail"))
    office.work()
    office.settle()
    assert office.answers(ticket) == [ANSWER]


def test_an_answer_is_held_where_the_complainant_writes_in_between(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    acknowledgement = office.notice(ticket, CITIZEN)
    office.receive(office.mail("Sudah cair, terima kasih.", In_Reply_To=acknowledgement.message_id))
    office.settle()
    assert office.answers(ticket) == []
    assert "Pelapor menulis lagi" in office.told()
    assert ANSWER in office.told()


def test_an_answer_is_held_where_somebody_else_answers_in_between(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    office.store.answer(
        ticket.number, "Lain.", who="luh", way="mail", recipient=CITIZEN, now=office.clock()
    )
    office.settle()
    assert office.answers(ticket) == ["Lain."]
    assert "sudah dijawab" in office.told()


def test_what_was_answered_since_the_notice_is_held_at_once(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.clock.pass_(minutes=1)
    office.store.answer(
        ticket.number, "Lain.", who="luh", way="mail", recipient=CITIZEN, now=office.clock()
    )
    office.hear(office.reply(ticket, ANSWER))
    assert office.settle() == []
    assert office.answers(ticket) == ["Lain."]
    assert "BELUM dikirim" in str(office.last().message["Subject"])


def test_of_two_colleagues_who_answer_at_once_the_second_is_held(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.hear(office.reply(ticket, "Berkas Anda lengkap.", COLLEAGUE))
    office.settle()
    assert office.answers(ticket) == [ANSWER]
    assert "Masih ada jawaban lain" in office.told(COLLEAGUE)


def test_a_held_answer_goes_out_with_one_word(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.hear(office.reply(ticket, "Berkas Anda lengkap.", COLLEAGUE))
    office.settle()
    office.hear(office.reply(ticket, "KIRIM", COLLEAGUE))
    office.work()
    office.send()
    assert office.answers(ticket) == [ANSWER, "Berkas Anda lengkap."]
    assert "dicatat" in office.told(COLLEAGUE)


def test_a_held_answer_is_gone_with_another_word(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.hear(office.reply(ticket, "Berkas Anda lengkap.", COLLEAGUE))
    office.settle()
    office.hear(office.reply(ticket, "BATAL", COLLEAGUE))
    assert office.waiting_answers(ticket) == []
    assert office.answers(ticket) == [ANSWER]


def test_an_answer_to_the_echo_that_is_not_understood_stops_it(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    office.hear(office.reply(ticket, "Jangan dikirim dulu ya"))
    office.settle()
    assert office.answers(ticket) == []
    assert "KIRIM atau BATAL" in office.told()


def test_what_was_written_long_ago_is_held(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    office.receive(office.reply(ticket, ANSWER))
    office.clock.pass_(hours=30)
    office.work()
    assert office.settle() == []
    assert office.answers(ticket) == []
    assert "lebih dari sehari" in office.told()


def test_an_empty_reply_is_told_and_not_sent(office: StaffShop) -> None:
    ticket = office.opened()
    office.send()
    quoted = "\n".join(f"> {line}" for line in body(office.letter("team_new")).splitlines())
    office.hear(office.reply(ticket, f"Pada 24 Nov 2026 10.00, Kesra menulis:\n{quoted}"))
    office.settle()
    assert office.answers(ticket) == []
    assert "tidak ada tulisan Anda" in office.told()


def test_with_no_time_to_cancel_an_answer_goes_out_at_once(tmp_path: Path, sink: SmtpSink) -> None:
    office = StaffShop(tmp_path, sink, settings="cancel_minutes = 0")
    ticket = office.opened()
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    kinds = {str(one.message["X-Muara"]) for one in office.send()}
    office.close()
    assert kinds == {NoticeKind.ANSWER, NoticeKind.STAFF_ECHO}


def test_an_answer_by_mail_to_who_telephoned_is_put_on_the_list(office: StaffShop) -> None:
    phone = MemoryChannel("phone", reader=reading(Medium.PHONE))
    (outcome,) = office.receive(PLAIN.encode(), channel=phone)
    ticket = office.ticket(outcome.number)
    office.send()
    office.hear(office.reply(ticket, "Lampu sudah diganti."))
    office.send()
    assert "daftar telepon balik" in office.told()
    office.settle()
    event = next(e for e in office.ticket(ticket.number).events if e.what == "answer.recorded")
    assert event.details["way"] == "call"


def test_who_asked_to_stay_unnamed_is_masked_in_the_echo(office: StaffShop) -> None:
    ticket = office.opened()
    with office.store._database.write() as connection:
        connection.exec_driver_sql("UPDATE complainants SET secret = 1")
    office.send()
    office.hear(office.reply(ticket, ANSWER))
    office.send()
    assert CITIZEN not in office.told()
    assert "wa\u2022\u2022\u2022@warga.test" in office.told()
