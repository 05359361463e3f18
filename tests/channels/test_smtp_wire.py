"""No header can be made to start another one, and no body to end early."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import compat32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.smtp_wire import wire

SENDER = Address("Meja Pengaduan", addr_spec="kesra@buleleng.test")
HOSTILE = [
    "=?utf-8?q?Halo=0D=0ABcc:_korban@contoh.test?=",
    "=?utf-8?q?Halo=0D=0A=0D=0AIsi_palsu?=",
    "=?utf-8?b?SGFsbw0KQmNjOiBhQGI=?=",
    "=?utf-8?q?=3D=3Futf-8=3Fq=3F=0D=0AX=3A_y=3F=3D?=",
    "a" * 80 + " =?utf-8?q?=0D=0ABcc:x@y.z?=",
]


def names_on_the_wire(raw: bytes) -> list[str]:
    return BytesParser(policy=compat32).parsebytes(raw).keys()


def composed(subject: str, name: str = "Tim") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["To"] = Address(name, addr_spec="tim@buleleng.test")
    message["X-Last"] = subject
    message.set_content("Isi asli.")
    return message


EXPECTED = [
    *("Subject", "To", "X-Last", "Content-Type"),
    *("Content-Transfer-Encoding", "MIME-Version", "From", "Date"),
]


@pytest.mark.parametrize("subject", HOSTILE)
def test_encoded_words_cannot_smuggle_a_header(subject: str) -> None:
    raw = wire(composed(subject), SENDER)
    assert sorted(names_on_the_wire(raw)) == sorted(EXPECTED)
    assert raw.partition(b"\r\n\r\n")[2] == b"Isi asli.\r\n"


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x0b", "\x0c", "\x85", "\u2028"])
def test_raw_line_breaks_of_an_older_policy_become_spaces(line_break: str) -> None:
    message = EmailMessage(policy=compat32)
    message["Subject"] = f"Halo{line_break}Bcc: korban@contoh.test"
    message["To"] = "tim@buleleng.test"
    message.set_payload("Isi asli.\n")
    raw = wire(message, SENDER)
    assert "Bcc" not in names_on_the_wire(raw)
    assert raw.partition(b"\r\n\r\n")[2] == b"Isi asli.\r\n"


def test_the_name_of_an_attachment_cannot_smuggle_a_header() -> None:
    message = composed("Lampiran")
    message.add_attachment(
        b"x", maintype="application", subtype="pdf", filename="=?utf-8?q?a=0D=0AX-Evil:_1?=.pdf"
    )
    assert b"\nX-Evil" not in wire(message, SENDER)


@given(
    subject=st.text(max_size=200).filter(lambda text: len(text.splitlines()) < 2),
    name=st.text(max_size=40).filter(lambda text: "\r" not in text and "\n" not in text),
)
@example(subject=HOSTILE[0], name=HOSTILE[1])
def test_whatever_the_text_the_headers_are_ours(subject: str, name: str) -> None:
    try:
        message = composed(subject, name)
    except ValueError:
        return  # the composer is told at once
    raw = wire(message, SENDER)
    assert raw.isascii()
    assert sorted(names_on_the_wire(raw)) == sorted(EXPECTED)
    assert raw.partition(b"\r\n\r\n")[2] == b"Isi asli.\r\n"


def test_blind_copies_do_not_show() -> None:
    message = composed("Halo")
    message["Bcc"] = "kepala@buleleng.test"
    assert b"kepala" not in wire(message, SENDER)


def test_a_forwarded_message_is_left_as_it_was() -> None:
    original = EmailMessage()
    original["Subject"] = "=?utf-8?q?a=0D=0Ab?="
    original.set_content("x")
    message = composed("Diteruskan")
    message.add_attachment(original)
    assert b"Isi asli." in wire(message, SENDER)
    assert message.get_payload()[1].get_content()["Subject"] == original["Subject"]  # type: ignore[union-attr,index]


def test_eight_bit_text_is_sent_in_seven() -> None:
    message = composed("Halo")
    message.set_content("Keluhan: résumé ☹ " + "panjang " * 300)
    raw = wire(message, SENDER)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
