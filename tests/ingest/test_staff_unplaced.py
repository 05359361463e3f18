"""Replies to our notices that are about no case: the morning's digest, the state of a channel."""

from contextlib import closing
from pathlib import Path

import pytest

from store.types import Fate, Notice, NoticeKind
from testing.daemon import EXAMINER, TEAM
from testing.smtp_sink import SmtpSink
from tests.ingest.staff_shop import SERVER, StaffShop

PASS = f"{SERVER}; dkim=pass header.d=kantor.test; dmarc=pass header.from=kantor.test"
FAIL = f"{SERVER}; dkim=none; dmarc=fail header.from=kantor.test"
EVIL = "penyamar@jahat.test"
EVIL_PASS = f"{SERVER}; dkim=pass header.d=jahat.test; dmarc=pass header.from=jahat.test"


def of_channel(shop: StaffShop, to: str = TEAM) -> Notice:
    """A notice about a channel, sent."""
    details = {"channel": "gmail", "error": "sandi ditolak"}
    shop.store.add_notice(NoticeKind.CHANNEL_DOWN, to, details, "putus", shop.clock())
    (notice,) = [one for one in shop.store.due_notices(shop.clock()) if one.recipient == to]
    shop.send()
    return notice


def answer(
    shop: StaffShop, notice: Notice, text: str, *, says: str = PASS, by: str = TEAM
) -> bytes:
    return shop.mail(
        text, by,
        From=f"<{by}>", Subject="Re: Kanal terputus", In_Reply_To=notice.message_id,
        References=notice.message_id, Authentication_Results=says,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["Sudah saya betulkan.", "BATAL", "SELESAI: beres", "CATATAN: x"])
@pytest.mark.parametrize("settings", ["", 'accept = "off"'])
def test_it_opens_no_case_and_tells_how_to_say_which_one_is_meant(
    tmp_path: Path, sink: SmtpSink, text: str, settings: str
) -> None:
    with closing(StaffShop(tmp_path, sink, settings=settings)) as staff:
        notice = of_channel(staff)
        staff.hear(answer(staff, notice, text))
        (sent,) = staff.send()
        assert staff.cases() == []
        assert sent.recipients == (TEAM,)
        told = staff.told()
        assert "TIDAK dilakukan" in str(sent.message["Subject"])
        assert text in told
        assert "muara answer NOMOR" in told
        assert ("balas surat itu" in told) is (settings == "")


def test_an_answer_to_that_is_told_the_same_and_not_for_ever(staff: StaffShop) -> None:
    notice = of_channel(staff)
    for turn in range(8):
        staff.hear(answer(staff, notice, f"Sekali lagi {turn}."))
        staff.send()
    told = [one for one in staff.sink.received if one.message["X-Muara"] == "staff_unplaced"]
    assert staff.cases() == []
    assert len(told) == 5


def test_an_automatic_reply_is_told_nothing(staff: StaffShop) -> None:
    notice = of_channel(staff)
    raw = answer(staff, notice, "Saya cuti.")
    staff.hear(b"Auto-Submitted: auto-replied\r\n" + raw)
    assert staff.send() == []
    assert staff.cases() == []


@pytest.mark.parametrize(("by", "says"), [(EVIL, EVIL_PASS), (TEAM, FAIL), (TEAM, "")])
def test_what_others_answer_is_held(staff: StaffShop, by: str, says: str) -> None:
    notice = of_channel(staff)
    staff.hear(answer(staff, notice, "Dana hibah kami belum cair.", says=says, by=by))
    assert staff.send() == []
    (held,) = staff.quarantine()
    assert held.error == "staff_mail_no_case"


def test_a_person_may_make_a_strangers_a_complaint(staff: StaffShop) -> None:
    notice = of_channel(staff)
    staff.hear(answer(staff, notice, "Dana hibah kami belum cair.", says=EVIL_PASS, by=EVIL))
    (held,) = staff.quarantine()
    assert staff.parts.requeue.again(held.id, "petugas").fate is Fate.CASE


def test_what_answers_an_examiners_notice_stays_held(staff: StaffShop) -> None:
    notice = of_channel(staff, EXAMINER)
    staff.hear(answer(staff, notice, "Apa ini?", says=EVIL_PASS, by=EVIL))
    (held,) = staff.quarantine()
    assert staff.parts.requeue.again(held.id, "petugas").fate is Fate.QUARANTINED


def test_a_reply_to_a_case_below_a_digest_is_for_the_case(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    other, of_case = of_channel(staff), staff.notice(ticket)
    ids = f"{other.message_id} {of_case.message_id}"
    staff.hear(staff.reply(ticket, "CATATAN: sudah", parent=of_case, References=ids))
    assert "staff.noted" in [event.what for event in staff.ticket(ticket.number).events]
