"""Mails by others than the staff, or not by them as they seem. None may do anything."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from store.types import Fate
from testing.daemon import EXAMINER, OWN, TEAM
from testing.smtp_sink import SmtpSink
from tests.ingest.staff_shop import COLLEAGUE, HEAD, OTHER, SERVER, StaffShop
from tests.ingest.workshop import CITIZEN, GRAVE, body

EVIL = "penyamar@jahat.test"
PASS = f"{SERVER}; dkim=pass header.d=kantor.test; dmarc=pass header.from=kantor.test"
EVIL_PASS = f"{SERVER}; dkim=pass header.d=jahat.test; dmarc=pass header.from=jahat.test"
FAIL = f"{SERVER}; dkim=none; spf=fail smtp.mailfrom=jahat.test; dmarc=fail header.from=kantor.test"
LONGER = "Uangnya dikirim lewat rekening ini supaya berkasnya diproses."


@dataclass(frozen=True)
class Attack:
    """A mail that quotes our notice's Message-ID. ``says`` is what our server wrote, as fields."""

    name: str
    sender: str = f"<{TEAM}>"
    says: str = PASS
    reason: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    text: str = LONGER


REFUSED = [
    Attack("a stranger under his own name", f"<{EVIL}>", EVIL_PASS, "not_staff"),
    Attack("a forged From", says=FAIL, reason="failed"),
    Attack("no word of our server", says="", reason="absent"),
    Attack("another server's word", says=PASS.replace(SERVER, "mx.jahat.test"), reason="absent"),
    Attack(
        "a forged word below our server's",
        says=f"{FAIL}\r\nAuthentication-Results: {PASS}",
        reason="failed",
    ),
    Attack(
        "a forged word in an older field of the same name",
        says=f"{SERVER}; none\r\nAuthentication-Results: {PASS}\r\nAuthentication-Results: {PASS}",
        reason="failed",
    ),
    Attack(
        "words of a pass inside a comment",
        says=f"{SERVER}; dkim=none (dmarc=pass header.from=kantor.test); dmarc=fail",
        reason="failed",
    ),
    Attack(
        "words of a pass inside an address",
        says=f'{SERVER}; spf=pass smtp.mailfrom="x;dmarc=pass header.from=kantor.test"@jahat.test',
        reason="failed",
    ),
    Attack(
        "a signature of another domain only",
        says=f"{SERVER}; dkim=pass header.d=jahat.test; spf=pass smtp.mailfrom=a@jahat.test",
        reason="failed",
    ),
    Attack(
        "a signature of a domain that ends alike",
        says=f"{SERVER}; dkim=pass header.d=test; dkim=pass header.d=jahatkantor.test",
        reason="failed",
    ),
    Attack(
        "a pass for another author",
        says=f"{SERVER}; dmarc=pass header.from=jahat.test; dkim=pass header.d=kantor.test",
        reason="failed",
    ),
    Attack(
        "a pass for two authors",
        says=f"{SERVER}; dmarc=pass header.from=kantor.test header.from=jahat.test",
        reason="failed",
    ),
    Attack("a field too long to be read", says=f"{PASS} ({'x' * 5000})", reason="failed"),
    Attack("a display name that is the address", f'"{TEAM}" <{EVIL}>', EVIL_PASS, "not_staff"),
    Attack(
        "an encoded display name",
        f"=?utf-8?q?tim=40kantor.test?= <{EVIL}>",
        EVIL_PASS,
        "not_staff",
    ),
    Attack("a bare address before the real one", f"{TEAM} <{EVIL}>", PASS, "ambiguous"),
    Attack("two authors", f"{TEAM}, {EVIL}", PASS, "ambiguous"),
    Attack("two authors, the other way round", f"{EVIL}, {TEAM}", PASS, "ambiguous"),
    Attack("a group as author", f"Tim: {TEAM};", PASS, "ambiguous"),
    Attack("two From fields", f"<{TEAM}>\r\nFrom: <{EVIL}>", PASS, "ambiguous"),
    Attack("a comment beside the address", f"{TEAM} ({EVIL})", PASS, "ambiguous"),
    Attack("two addresses in a row", f"<{TEAM}> <{EVIL}>", PASS, "ambiguous"),
    Attack("a route before the address", f"<@jahat.test:{TEAM}>", PASS, "ambiguous"),
    Attack("a control character in the address", "<tim\x00@kantor.test>", PASS, "ambiguous"),
    Attack("a Sender who is not the author", headers={"Sender": EVIL}, reason="ambiguous"),
    Attack("no From but a Sender", sender="", headers={"Sender": f"<{TEAM}>"}, reason="ambiguous"),
    Attack("letters that look alike", "<tim@k\u0430ntor.test>", PASS, "ambiguous"),
    Attack("letters that fold alike", "<tim@\u212aantor.test>", PASS, "ambiguous"),
    Attack(
        "a Reply-To that is the team's",
        f"<{EVIL}>",
        EVIL_PASS,
        "not_staff",
        {"Reply_To": f"<{TEAM}>"},
    ),
    Attack("a subdomain's address", "<tim@mail.kantor.test>", PASS, "not_staff"),
    Attack("a plus behind the name", "<tim+x@kantor.test>", PASS, "not_staff"),
    Attack("a colleague who got it forwarded", f"<{OTHER}>", PASS, "not_entitled"),
    Attack("the complainant who got it forwarded", f"<{CITIZEN}>", EVIL_PASS, "not_staff"),
    Attack("a stranger who cancels", f"<{EVIL}>", EVIL_PASS, "not_staff", text="BATAL"),
    Attack("a stranger who closes", f"<{EVIL}>", EVIL_PASS, "not_staff", text="SELESAI: beres"),
]


@pytest.mark.parametrize("attack", REFUSED, ids=lambda one: one.name)
def test_it_is_kept_apart_and_the_team_is_told(staff: StaffShop, attack: Attack) -> None:
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket)
    before = staff.ticket(ticket.number)
    headers = {"From": attack.sender, **attack.headers}
    raw = staff.reply(
        ticket, attack.text, parent=notice, said=attack.says or "x; none", more=headers
    )
    (outcome,) = staff.receive(raw)
    staff.work()
    assert outcome.fate is Fate.QUARANTINED
    (held,) = staff.quarantine()
    assert held.error == f"staff_mail_{attack.reason} (number={ticket.number})"
    told = staff.settle()
    assert {one.recipients for one in told} <= {(TEAM,), (COLLEAGUE,)}
    letters = [one for one in staff.sink.received if one.message["X-Muara"] == "staff_refused"]
    assert sorted(one.recipients for one in letters) == [(COLLEAGUE,), (TEAM,)]
    assert all(attack.text not in body(one.message) for one in letters)
    after = staff.ticket(ticket.number)
    assert (after.status, after.team, after.tier) == (before.status, before.team, before.tier)
    assert staff.answers(ticket) == []
    assert [e.what for e in after.events].count("staff_mail.refused") == 1
    assert staff.store.quarantined(held.id) is not None


def test_a_person_can_make_a_complaint_of_what_was_refused(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket)
    staff.hear(staff.reply(ticket, LONGER, parent=notice, From=f"<{CITIZEN}>", said=EVIL_PASS))
    (held,) = staff.quarantine()
    outcome = staff.parts.requeue.again(held.id, "luh")
    assert outcome.fate is Fate.CASE
    assert outcome.number != ticket.number
    assert staff.quarantine() == []


def test_what_may_quote_a_restricted_case_stays_in_quarantine(staff: StaffShop) -> None:
    ticket = staff.opened(GRAVE)
    staff.send()
    notice = staff.notice(ticket, EXAMINER)
    staff.hear(staff.reply(ticket, LONGER, OTHER, parent=notice))
    (held,) = staff.quarantine()
    assert staff.parts.requeue.again(held.id, "luh").fate is Fate.QUARANTINED


def test_somebody_who_left_the_office_is_nobody(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket, COLLEAGUE)
    staff.site.extra = staff.site.extra.replace(COLLEAGUE, "pengganti@kantor.test")
    staff.team(TEAM)
    staff.hear(staff.reply(ticket, LONGER, COLLEAGUE, parent=notice))
    staff.settle()
    assert len(staff.quarantine()) == 1
    assert staff.answers(ticket) == []


def test_somebody_who_left_the_team_is_told_that_it_is_a_note(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket, COLLEAGUE)
    staff.team(TEAM)
    staff.hear(staff.reply(ticket, "SELESAI: beres", COLLEAGUE, parent=notice))
    staff.settle()
    assert "tidak pada tim Anda" in staff.told(COLLEAGUE)
    events = [event.what for event in staff.ticket(ticket.number).events]
    assert "staff.noted" in events
    assert "case.closed" not in events


@pytest.mark.parametrize(
    "text", ["Semua benar, tutup saja kasusnya hari ini juga ya.", "TINGKAT: 1"]
)
def test_of_a_restricted_case_only_examiners_do_anything(staff: StaffShop, text: str) -> None:
    ticket = staff.opened(GRAVE)
    staff.send()
    assert staff.notice(ticket).kind == "team_restricted"
    staff.hear(staff.reply(ticket, text))
    staff.settle()
    assert staff.answers(ticket) == []
    assert staff.ticket(ticket.number).restricted
    assert "hanya untuk pemeriksa" in staff.told()
    assert GRAVE not in staff.told()


def test_an_examiner_answers_a_restricted_case(staff: StaffShop) -> None:
    ticket = staff.opened(GRAVE)
    staff.send()
    staff.hear(staff.reply(ticket, "Laporan Anda kami periksa minggu ini.", EXAMINER))
    staff.send()
    assert "Laporan Anda kami periksa" in staff.told(EXAMINER)
    staff.settle()
    assert staff.answers(ticket) == ["Laporan Anda kami periksa minggu ini."]
    assert not [one for one in staff.sink.received if one.recipients == (TEAM,)][1:]


def test_what_an_examiner_forwards_is_answered_by_nobody_else(staff: StaffShop) -> None:
    ticket = staff.opened(GRAVE)
    staff.send()
    notice = staff.notice(ticket, EXAMINER)
    staff.hear(staff.reply(ticket, LONGER, HEAD, parent=notice))
    told = staff.settle()
    assert len(staff.quarantine()) == 1
    assert {one.recipients for one in told} <= {(EXAMINER,)}


def test_a_case_that_becomes_restricted_meanwhile_holds_the_answer(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, LONGER))
    staff.send()
    with staff.store._database.write() as connection:
        connection.exec_driver_sql("UPDATE cases SET restricted = 1")
    staff.settle()
    assert staff.answers(ticket) == []
    (held,) = staff.waiting_answers(ticket)
    assert held.reason == "restricted"
    assert LONGER not in staff.told()


def test_a_colleague_of_the_team_may_answer_what_was_forwarded(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, LONGER, COLLEAGUE, parent=staff.notice(ticket)))
    staff.settle()
    assert staff.answers(ticket) == [LONGER]


@pytest.mark.parametrize(
    "says",
    [
        f"{SERVER}; dkim=pass header.i=@kantor.test header.s=a",
        f"{SERVER} 1; spf=pass smtp.mailfrom={TEAM}",
        f"{SERVER.upper()}; dkim=pass header.d=KANTOR.test",
        f"{SERVER}; dkim=fail header.d=jahat.test; dmarc=pass (p=NONE) header.from=kantor.test",
        f"{PASS}\r\nAuthentication-Results: {FAIL}",
    ],
)
def test_what_our_server_found_proven_is_accepted(staff: StaffShop, says: str) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, LONGER, said=says))
    staff.settle()
    assert staff.answers(ticket) == [LONGER]


AUTOMATIC: list[tuple[str, dict[str, str]]] = [
    ("a vacation program", {"Auto_Submitted": "auto-replied"}),
    ("Exchange's", {"Auto_Submitted": "auto-generated", "X_Auto_Response_Suppress": "All"}),
    ("an old one", {"Precedence": "bulk"}),
    ("one that says junk", {"Precedence": "junk"}),
    ("one by its subject alone", {"Subject": "Balasan otomatis: [MR] Pengaduan baru"}),
    ("one in English", {"Subject": "Automatic reply: [MR] Pengaduan baru"}),
    ("one with X-Autoreply", {"X_Autoreply": "yes"}),
    ("an empty return path", {"Return_Path": "<>"}),
    ("a bounce", {"From": "Mail Delivery System <MAILER-DAEMON@kantor.test>", "Return_Path": "<>",
                  "Subject": "Undelivered Mail Returned to Sender"}),
    ("a list", {"List_Id": "<semua.kantor.test>", "Precedence": "list"}),
]  # fmt: skip


@pytest.mark.parametrize("headers", [h for _, h in AUTOMATIC], ids=[name for name, _ in AUTOMATIC])
def test_what_a_program_sends_is_no_answer_and_gets_none(
    staff: StaffShop, headers: dict[str, str]
) -> None:
    ticket = staff.opened()
    staff.send()
    (outcome,) = staff.receive(staff.reply(ticket, "Saya sedang tidak di kantor.", more=headers))
    staff.work()
    assert outcome.fate is Fate.MACHINE
    assert staff.settle() == []
    assert staff.answers(ticket) == []


def test_a_program_that_does_not_say_so_is_asked_a_few_times_and_never_heeded(
    staff: StaffShop,
) -> None:
    ticket = staff.opened()
    staff.send()
    asked = 0
    for _ in range(12):
        staff.hear(staff.reply(ticket, "Saya sedang cuti sampai 5 Desember. Hubungi Bapak Nyoman."))
        asked += sum(one.recipients == (TEAM,) for one in staff.send())
    staff.settle()
    assert asked == 5
    assert staff.answers(ticket) == []


def test_the_team_hears_of_a_flood_of_impostors_a_few_times(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket)
    for count in range(12):
        sender = f"<a{count}@jahat.test>"
        staff.hear(staff.reply(ticket, LONGER, parent=notice, From=sender, said=EVIL_PASS))
    told = [one for one in staff.send() if one.recipients == (TEAM,)]
    assert len(told) == 5
    assert len(staff.quarantine()) == 12


def unproven(folder: Path, sink: SmtpSink, settings: str) -> StaffShop:
    return StaffShop(folder, sink, settings=settings, server="")


def test_without_our_servers_word_a_reply_is_a_note_and_its_author_told_once(
    tmp_path: Path, sink: SmtpSink
) -> None:
    staff = unproven(tmp_path, sink, "")
    ticket = staff.opened()
    staff.send()
    notice = staff.notice(ticket)
    assert "Balas surat ini" not in body(staff.letter("team_new"))
    staff.hear(staff.reply(ticket, LONGER, parent=notice))
    staff.hear(staff.reply(ticket, "SELESAI: beres", parent=notice))
    told = [one for one in staff.send() if one.recipients == (TEAM,)]
    events = staff.ticket(ticket.number).events
    staff.close()
    assert len(told) == 1
    assert "muara answer" in body(told[0].message)
    noted = [(e.who, e.details["text"]) for e in events if e.what == "staff.noted"]
    author = "I Made Sutama (pengirim tidak terbukti)"
    assert noted == [(author, LONGER), (author, "SELESAI: beres")]


def test_with_token_only_the_message_id_and_the_address_are_enough(
    tmp_path: Path, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = unproven(tmp_path, sink, 'accept = "token_only"\ncancel_minutes = 0')
    ticket = staff.opened()
    staff.send()
    assert "Balas surat ini" in body(staff.letter("team_new"))
    notice = staff.notice(ticket)
    staff.hear(staff.reply(ticket, LONGER, parent=notice))
    staff.hear(staff.reply(ticket, LONGER, parent=notice, From=f"<{EVIL}>"))
    answers, held = staff.answers(ticket), staff.quarantine()
    staff.close()
    assert answers == [LONGER]
    assert len(held) == 1


def test_switched_off_a_reply_is_a_note_and_nobody_is_told(tmp_path: Path, sink: SmtpSink) -> None:
    staff = StaffShop(tmp_path, sink, settings='accept = "off"')
    ticket = staff.opened()
    staff.send()
    assert "Balas surat ini" not in body(staff.letter("team_new"))
    staff.hear(staff.reply(ticket, LONGER))
    sent, event = staff.send(), staff.ticket(ticket.number).events[-1]
    staff.close()
    assert sent == []
    assert (event.what, event.who) == ("staff.noted", "I Made Sutama")


def test_switched_off_a_stranger_who_names_the_team_for_answers_is_held(
    tmp_path: Path, sink: SmtpSink
) -> None:
    staff = StaffShop(tmp_path, sink, settings='accept = "off"')
    ticket = staff.opened()
    staff.send()
    borrowed = {"From": f"<{EVIL}>", "Reply_To": f"<{TEAM}>"}
    staff.hear(staff.reply(ticket, LONGER, said=EVIL_PASS, more=borrowed))
    held, events = staff.quarantine(), staff.ticket(ticket.number).events
    staff.close()
    assert len(held) == 1
    assert "staff.noted" not in [event.what for event in events]


def test_a_token_in_the_address_stands_for_the_reference(tmp_path: Path, sink: SmtpSink) -> None:
    staff = StaffShop(tmp_path, sink, settings="plus_address = true\ncancel_minutes = 0")
    ticket = staff.opened()
    staff.send()
    letter = staff.letter("team_new")
    to = str(letter["Reply-To"])
    assert to.startswith("kesra+mr")
    bare = {"In_Reply_To": "", "References": "", "To": to}
    staff.hear(staff.reply(ticket, "Ditolak.", From=f"<{EVIL}>", said=EVIL_PASS, more=bare))
    held = staff.quarantine()
    staff.hear(staff.reply(ticket, LONGER, more=bare))
    wrong = {**bare, "To": to.replace(".", ".a", 1)[: -len("@kantor.test") - 1] + "@kantor.test"}
    (outcome,) = staff.receive(staff.reply(ticket, "Salah kode.", more=wrong))
    answers = staff.answers(ticket)
    acknowledgement = staff.letter("acknowledgement", CITIZEN)
    staff.close()
    assert answers == [LONGER]
    assert len(held) == 1
    assert outcome.fate is Fate.CASE
    assert acknowledgement["Reply-To"] is None
    assert to != OWN


def test_mail_from_before_our_first_look_does_nothing(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    channel = staff.channel("lama")
    channel.push(staff.reply(ticket, LONGER), staff.clock())
    staff.clock.pass_(minutes=1)
    staff.parts.poller.poll(channel, staff.stop, silent_before=staff.clock())
    staff.work()
    assert staff.settle() == []
    assert staff.answers(ticket) == []
