"""Which mail came back: servers that set no References say it only by what they give back."""

from datetime import UTC, datetime

import pytest

from channels.mail import read_mail
from channels.types import Machine, Message

OURS = "<mr-7k3f-9q3.answer.8f2c@kantor.test>"
WHOLE = f"Content-Type: message/rfc822\r\n\r\nMessage-ID: {OURS}\r\nSubject: x\r\n\r\nisi\r\n"
FIELDS = f"Content-Type: text/rfc822-headers\r\n\r\nTo: w@warga.test\r\nMessage-ID: {OURS}\r\n"


def report(given_back: str, action: str = "failed") -> Message:
    raw = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nSubject: Undelivered Mail\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; w@warga.test\r\nAction: {action}\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox\r\n  full, try later\r\n\r\n"
        f"--b\r\n{given_back}\r\n--b--\r\n"
    )
    return read_mail(raw.encode(), received_at=datetime(2026, 11, 25, tzinfo=UTC))


@pytest.mark.parametrize("given_back", [WHOLE, FIELDS])
def test_a_report_names_the_mail_it_gives_back(given_back: str) -> None:
    message = report(given_back)
    assert (message.machine, message.references) == (Machine.BOUNCE, (OURS,))


def test_a_mail_inside_the_returned_one_did_not_come_back() -> None:
    inner = f'Content-Type: multipart/mixed; boundary="i"\r\n\r\n--i\r\n{WHOLE}\r\n--i--\r\n'
    message = report(f"Content-Type: message/rfc822\r\n\r\nMessage-ID: <luar@x.test>\r\n{inner}")
    assert message.references == ("<luar@x.test>",)


@pytest.mark.parametrize("action", ["delayed", "delivered", "relayed"])
def test_a_report_of_a_delay_or_of_success_is_no_bounce(action: str) -> None:
    message = report(WHOLE, action)
    assert (message.machine, message.references) == (Machine.NOTIFICATION, ())


def test_a_report_says_why_in_the_servers_words() -> None:
    assert report(WHOLE).bounce_reason == "552 5.2.2 Mailbox full, try later"
