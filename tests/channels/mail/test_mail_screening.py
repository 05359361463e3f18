from datetime import UTC, datetime

import pytest

from channels.mail import read_mail
from channels.types import Machine, Message

ADDRESS = "kesra@bulelengkab.go.id"


def mail(*fields: str, sender: str = "Ketut <ketut@gmail.com>", text: str = "Air mati.") -> Message:
    rows = (f"From: {sender}", f"To: {ADDRESS}", *fields, "", text)
    return read_mail(
        "\r\n".join(rows).encode(),
        received_at=datetime(2026, 11, 24, tzinfo=UTC),
        own_addresses=frozenset({ADDRESS}),
        own_message_domain="muara.local",
    )


def test_an_ordinary_mail_becomes_a_ticket_and_is_acknowledged() -> None:
    message = mail("Subject: Air mati", "Message-ID: <1@gmail.com>", "Auto-Submitted: no")
    assert (message.machine, message.may_answer) == (None, True)


@pytest.mark.parametrize(
    "fields",
    [
        ["Auto-Submitted: auto-replied"],
        ["Auto-Submitted: auto-replied (vacation)"],
        ["Auto-Submitted: auto-generated", "In-Reply-To: <1.ack@muara.local>"],
        ["X-Autoreply: yes"],
        ["X-Autorespond: Re: pengaduan"],
        ["Precedence: auto_reply"],
        ["Subject: Automatic reply: Air mati", "X-Auto-Response-Suppress: All"],
        ["Subject: Balasan otomatis: Air mati", "Precedence: bulk"],
        ["Subject: Out of Office: Air", "Return-Path: <>"],
        ["Subject: Di luar kantor", "Auto-Submitted: auto-generated"],
    ],
)
def test_an_auto_reply_is_machine_mail(fields: list[str]) -> None:
    message = mail(*fields)
    assert (message.machine, message.may_answer) == (Machine.AUTO_REPLY, False)


@pytest.mark.parametrize(
    "fields",
    [
        ["Subject: Tidak di kantor, petugasnya ke mana?"],
        ["Subject: Balasan otomatis terus, tidak pernah dijawab orang"],
        ["Subject: Re: Automatic reply: pengaduan saya", "In-Reply-To: <1.ack@muara.local>"],
        ["Subject: Sedang cuti", "X-Auto-Response-Suppress: DR, RN, NRN"],
        ["Subject: Gagal terkirim berkas beasiswa saya"],
        ["Subject: Undelivered cash aid in Banjar Kaja"],
        ["X-Autoreply: no"],
    ],
)
def test_a_person_writing_about_absence_or_failure_is_a_person(fields: list[str]) -> None:
    message = mail(*fields)
    assert (message.machine, message.may_answer) == (None, True)


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (["Precedence: bulk"], "Ketut <ketut@gmail.com>"),
        (["Return-Path: <>"], "Ketut <ketut@gmail.com>"),
        (["X-Auto-Response-Suppress: OOF, AutoReply"], "Ketut <ketut@gmail.com>"),
        (["List-Unsubscribe: <mailto:x@y>"], "Ketut <ketut@gmail.com>"),
        ([], "Formulir <no-reply@situs.example>"),
        ([], "noreply-form@situs.example"),
        ([], "Postmaster <postmaster@desa.example>"),
        ([], ""),
        ([], f"Rekan <{ADDRESS}>"),
    ],
)
def test_doubtful_mail_becomes_a_ticket_but_is_never_answered(
    fields: list[str], sender: str
) -> None:
    message = mail(*fields, sender=sender)
    assert (message.machine, message.may_answer) == (None, False)


def test_a_web_form_that_names_the_person_is_a_complaint() -> None:
    message = mail(
        "Auto-Submitted: auto-generated",
        "Reply-To: luh@yahoo.example",
        sender="noreply@situs.example",
    )
    assert (message.machine, message.may_answer) == (None, False)


@pytest.mark.parametrize(
    ("fields", "sender"),
    [
        (["Auto-Submitted: auto-generated"], "cron@server.example"),
        (["Auto-Submitted: auto-notified"], "sso@server.example"),
        ([], "Google <no-reply@accounts.google.com>"),
        (
            ["Content-Type: multipart/report; report-type=disposition-notification; boundary=b"],
            "Ketut <ketut@gmail.com>",
        ),
    ],
)
def test_a_programs_notification_is_machine_mail(fields: list[str], sender: str) -> None:
    assert mail(*fields, sender=sender).machine is Machine.NOTIFICATION


@pytest.mark.parametrize(
    "fields",
    [
        ["List-Id: <berita.example>"],
        ["X-Mailing-List: berita@example"],
        ["List-Unsubscribe: <mailto:x@y>", "Precedence: bulk"],
    ],
)
def test_list_mail_is_machine_mail(fields: list[str]) -> None:
    assert mail(*fields).machine is Machine.LIST


@pytest.mark.parametrize(
    "fields",
    [
        ["List-Post: <mailto:kesra@bulelengkab.go.id>", "List-Id: x"],
        ["List-Id: Kesra <kesra.bulelengkab.go.id>", "Precedence: list"],
        ["List-Id: <lain.example>", "References: <MR-1.ack.2@muara.local>"],
    ],
)
def test_mail_to_our_own_group_or_thread_is_no_list_mail(fields: list[str]) -> None:
    assert mail(*fields).machine is None


@pytest.mark.parametrize(
    "fields", [["X-Muara: ack"], ["Message-ID: <MR-7K2F-9Q1.ack.77@Muara.local>"]]
)
def test_our_own_mail_is_known_by_its_field_or_id(fields: list[str]) -> None:
    assert mail(*fields, sender=ADDRESS).machine is Machine.OWN


def test_a_stranger_cannot_hide_his_mail_behind_our_field() -> None:
    assert mail("X-Muara: ack", sender="warga@mail.example").machine is None


def test_an_id_that_only_ends_like_ours_is_not_ours() -> None:
    assert mail("Message-ID: <1@notmuara.local>").machine is None


@pytest.mark.parametrize(
    ("fields", "sender", "text", "failed"),
    [
        (
            ["Return-Path: <>", "Subject: failure notice"],
            "MAILER-DAEMON@mx.example",
            (
                "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to "
                "deliver your message to the following addresses.\n\n<hilang@desa.example>:\n"
                "Sorry, no mailbox here by that name.\n"
            ),
            ("hilang@desa.example",),
        ),
        (
            ["X-Failed-Recipients: tutup@desa.example", "Subject: Warning"],
            "Mail Delivery System <Mailer-Daemon@mx.example>",
            "A message could not be delivered.",
            ("tutup@desa.example",),
        ),
        (["Return-Path: <>", "Subject: Undeliverable: Air"], "postmaster@mx.example", "x", ()),
    ],
)
def test_a_bounce_without_a_report_is_known_by_who_sends_it_and_what_it_says(
    fields: list[str], sender: str, text: str, failed: tuple[str, ...]
) -> None:
    message = mail(*fields, sender=sender, text=text)
    assert (message.machine, message.may_answer) == (Machine.BOUNCE, False)
    assert message.bounce_recipients == failed
