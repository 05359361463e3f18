"""What holds for every mail, whatever its bytes."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from channels.mail import read_mail, reader, trim
from channels.mail.attachments import safe_name
from channels.mail.flowed import unflow
from channels.types import Message

MAILS = [path.read_bytes() for path in sorted((Path(__file__).parent / "mails").glob("*.eml"))]
RECEIVED = datetime(2026, 11, 24, tzinfo=UTC)
ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f]")
IN_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SNIPPETS = [
    b"From: ", b"To: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed; boundary=b", b"\r\n",
    b"\r\n\r\n", b"--b", b"--b--", b"text/html", b"text/plain; charset=", b"utf-7", b"utf-16", b"=?",
    b"?q?", b"?b?", b"?=", b"<a@b.id>", b"message/rfc822", b"Content-Transfer-Encoding: ", b"base64",
    b"quoted-printable", b"uuencode", b"begin 644 x\n", b"Content-Disposition: attachment; filename",
    b"*0*=utf-8''%00", b'="', b"<div>", b"&#0;", b"\x00", b"\xff", b"\xed\xa0\x80", b"\x1b$B",
    b"Pada 9 Nov 2026 10.15 X menulis:\n", b"> ", b"-- \n", b"Auto-Submitted: auto-replied",
    b"Return-Path: <>", b"multipart/report; report-type=delivery-status; boundary=b", b"Date: ",
    b"; format=flowed; delsp=yes", b"(", b'"', b"\\", b",", b";", b":",
]  # fmt: skip


def raw_mails() -> st.SearchStrategy[bytes]:
    pieces = st.one_of(st.sampled_from(SNIPPETS), st.binary(max_size=12))
    return st.lists(pieces, max_size=60).map(b"".join)


@st.composite
def damaged_mails(draw: st.DrawFn) -> bytes:
    raw = draw(st.sampled_from(MAILS))
    for _ in range(draw(st.integers(1, 6))):
        place = draw(st.integers(0, len(raw)))
        length = draw(st.integers(0, 40))
        piece = draw(st.one_of(st.sampled_from(SNIPPETS), st.binary(max_size=8)))
        raw = raw[:place] + piece + raw[place + length :]
    return raw


def read(raw: bytes) -> Message:
    return read_mail(raw, received_at=RECEIVED)


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, tuple):
        for item in value:
            yield from strings(item, name)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name), field.name)


@settings(max_examples=300, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(raw_mails(), damaged_mails(), st.binary(max_size=400)))
@example(b"Subject: =?utf-16le?b?ANg=?=\r\n\r\n")
@example(b"From: =?utf-8?q?a=0D=0ABcc:_x?= <a@b.id>\r\n\r\n")
def test_any_bytes_become_a_message_that_is_safe_to_store_and_print(raw: bytes) -> None:
    message = read(raw)
    for name, value in strings(message):
        forbidden = IN_TEXT if name in ("text", "reply_text", "own_words") else ONE_LINE
        assert not forbidden.search(value), name
        value.encode("utf-8")
    assert all("/" not in a.filename and "\\" not in a.filename for a in message.attachments)
    assert message.sent_at is None or message.sent_at.tzinfo is not None
    assert message.machine is None or not message.may_answer
    assert read(raw) == message


@given(st.binary(max_size=300))
def test_the_minimal_reading_keeps_the_words_and_forbids_an_answer(raw: bytes) -> None:
    message = reader._read_minimally(b"Air mati. " + raw, RECEIVED)
    assert message.text.startswith("Air mati. ")
    assert not IN_TEXT.search(message.text)
    assert (message.may_answer, message.truncated) == (False, True)


@given(st.lists(st.sampled_from(["Air mati.", "> a", "-- ", "--", "", "Pada 9 Nov 10:15 X menulis:",
    "On", "From: x", "Date: 10:15", "To: y", "---- Forwarded message ----", "> 5"]), max_size=12))  # fmt: skip
def test_trimming_keeps_whole_lines_and_leaves_words_where_there_are_any(rows: list[str]) -> None:
    text = "\n".join(rows)
    words, _ = trim.own_words(text)
    assert bool(words) == bool(text.strip())
    assert set(words.split("\n")) <= {row.strip() for row in rows} | set(rows) | {""}


@given(st.text(max_size=300))
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    safe = safe_name(name)
    assert len(safe.encode()) <= 204
    assert safe_name(safe) == safe


@given(st.text(alphabet="ab >-\n", max_size=200))
def test_joining_flowed_lines_loses_no_letters(text: str) -> None:
    joined = unflow(text, delete_space=False)
    assert re.findall("[ab]", joined) == re.findall("[ab]", text)
