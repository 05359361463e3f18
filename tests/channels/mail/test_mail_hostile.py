"""Mails made to hang, exhaust or crash their reader."""

import sys
import time
import tracemalloc
from datetime import UTC, datetime

import pytest

from channels.mail import clean, mime, read_mail
from channels.types import Message

MB = 1 << 20
SECONDS = 2.0
TRACED_SECONDS = 12.0  # under coverage every line costs several times as much
HEAD = b"From: Ketut <ketut@gmail.com>\r\nSubject: Air mati\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
PLAIN = HEAD + b"\r\n"
BOUNCE = b"Return-Path: <>\r\nFrom: MAILER-DAEMON@x\r\nSubject: undelivered\r\n"
RECEIVED = datetime(2026, 11, 24, tzinfo=UTC)


def read(raw: bytes) -> Message:
    return read_mail(raw, received_at=RECEIVED)


def nested(levels: int) -> bytes:
    starts = (
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
        for n in range(levels)
    )
    return b"".join([HEAD, *starts, b"Content-Type: text/plain\r\n\r\nAir mati."])


def parts(body: bytes, count: int, kind: bytes = b"text/html") -> bytes:
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    return head + (b"--b\r\nContent-Type: " + kind + b"\r\n\r\n" + body + b"\r\n") * count


def attributes(count: int) -> bytes:
    return b" ".join(b"a%d" % n for n in range(count))


HOSTILE = {
    "100,000 fields": b"".join(b"X-%d: v\r\n" % n for n in range(100_000)) + b"\r\nAir mati.",
    "100,000 recipients": b"To: a@b.id, C <c@d.id>\r\n" * 100_000 + b"\r\nAir mati.",
    "subject of 10 MB": b"Subject: " + b"=?utf-8?q?a" * MB + b"\r\n\r\nAir mati.",
    "folded field of 10 MB": b"Subject: a\r\n" + b" b\r\n" * (5 * MB // 2) + b"\r\nAir mati.",
    "recipients of 10 MB": b"To: " + b"a@b.id," * (10 * MB // 7) + b"\r\n\r\nAir mati.",
    "parentheses": b"From: " + b"(" * 10 * MB + b"\r\n\r\nAir mati.",
    "quotes": b"From: " + b'"' * (10 * MB - 1) + b"\r\n\r\nAir mati.",
    "at signs": b"From: " + b"a@" * 5 * MB + b"\r\n\r\nAir mati.",
    "angles": b"From: " + b"<a@b.id>" * MB + b"\r\n\r\nAir mati.",
    "8-bit recipients": b"".join([b"To: " + bytes(range(160, 256)) * 90 + b"\r\n"] * 1000) + b"\r\nx",
    "references": b"References: " + b"<a@b> " * MB + b"\r\n\r\nAir mati.",
    "date": b"Date: " + b"(1 " * MB + b"\r\n\r\nAir mati.",
    "parameters": b"Content-Type: text/plain" + b'; x="' * 200_000 + b"\r\n\r\nAir mati.",
    "parameter number": b"Content-Type: text/plain; n*" + b"9" * 4090 + b"=a\r\n\r\nAir mati.",
    "10,000 levels": nested(10_000),
    "900 levels over 10 MB": nested(900) + b"\r\n" + b"--b\r\n" * 2 * MB,
    "messages in messages": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 10_000 + b"\r\nx",
    "2,000,000 parts": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n" * 2 * MB,
    "almost boundaries": HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n" + b"\n--bX" * 2 * MB,
    "deep HTML": HTML + b"<div>" * MB,
    "misnested HTML": HTML + b"<a><p><b><i>" * 250_000,
    "HTML tables": HTML + b"<table><tr><td>" * 200_000,
    "HTML attributes": HTML + b"<p " + attributes(300_000) + b">",
    "HTML bodies": HTML + b"".join(b"<body a%d>" % n for n in range(100_000)),
    "nested lists": HTML + b"<ul><li>a" * 100_000,
    "option groups": HTML + b"<optgroup>a" * 100_000,
    "end tags": HTML + b"<div>" * 10_000 + b"</dd>a" * 150_000,
    "5,000 links": HTML + b'<a href="http://x.id/">tautan</a> ' * 5_000,
    "480 flooded pages": parts(b"<p " + attributes(900) + b">", 480),
    "480 large pages": parts(b"<p>a" * 20_000, 480),
    "480 texts of no charset": parts(bytes(range(160, 256)) * 90, 480, b"text/plain"),
    "1 MB of quote marks": PLAIN + b">\n" * (MB // 2),
    "one line of quote marks": PLAIN + b">" * MB,
    "signatures": PLAIN + b"--\n" * (MB // 3),
    "copied headers": PLAIN + b"From: x\nDate: 10:00\n" * (MB // 20),
    "attributions": PLAIN + b"Pada 10:00\n" * (MB // 11),
    "white space": PLAIN + b" \t" * 5 * MB,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b">a \n>> b \n" * 400_000,
    "equals signs": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=" * 10 * MB,
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"A=\n" * 3 * MB,
    "uuencode": HEAD + b"Content-Type: a/b\nContent-Transfer-Encoding: uuencode\n\nbegin 644 x\n"
    + b"zz\n" * 3 * MB,
    "punycode": HEAD + b"Content-Type: text/plain; charset=punycode\r\n\r\n" + b"a-" * MB,
    "surrogates": HEAD + b"Content-Type: text/plain; charset=utf-16le\r\n\r\n" + b"\x00\xd8" * MB,
    "escapes": PLAIN + b"\x1b$B" * MB,
    "empty lines": b"\n" * 10 * MB,
    "zeros": b"\0" * 10 * MB,
    "no colon": b"a" * 10 * MB,
    "deep report": BOUNCE + b"Content-Type: multipart/report; boundary=b0\r\n\r\n--b0\r\n" + nested(2_000),
    "long report": BOUNCE + b"\r\n" + b"<a@b.id>: \n(" * 20_000,
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_is_read_within_its_time(name: str) -> None:
    start = time.process_time()
    message = read(HOSTILE[name])
    took = time.process_time() - start
    assert took < (SECONDS if sys.gettrace() is None else TRACED_SECONDS)
    assert len(message.text) <= clean.TEXT_LIMIT


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "body",
    [b"Air mati.\n" * (6 * MB), b"\n" * (60 * MB), b"QUJDREVG" * 9 + b"\r\n", b"\xff" * (60 * MB)],
    ids=["lines", "empty lines", "base64", "high bytes"],
)
def test_sixty_megabytes_are_read_in_proportion(body: bytes) -> None:
    base64 = b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw = HEAD + base64 + body * (60 * MB // 74) if len(body) == 74 else PLAIN + body
    tracemalloc.start()
    read(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * len(raw)


def test_an_attachment_costs_less_than_thrice_its_size() -> None:
    raw = HEAD + b"Content-Type: application/zip\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw += (b"QUJDREVG" * 9 + b"\r\n") * (10 * MB // 74)
    tracemalloc.start()
    message = read(raw)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert message.attachments[0].size > 7 * MB
    assert peak < 3 * len(raw)


def test_a_text_beyond_the_limit_is_cut_and_says_so() -> None:
    message = read(PLAIN + b"Air mati sejak Jumat.\n" * 100_000)
    assert len(message.text) == clean.TEXT_LIMIT
    assert message.truncated


def test_parts_beyond_the_limit_stay_readable_in_the_last_one() -> None:
    raw = parts(b"Air mati.", mime.MAX_PARTS + 50, b"text/plain")
    assert read(raw).text.count("Air mati.") == mime.MAX_PARTS + 50


def test_words_below_the_deepest_level_read_are_not_lost() -> None:
    assert "Air mati." in read(nested(200)).text


def test_what_the_channel_cut_off_is_marked() -> None:
    message = read_mail(PLAIN + b"Air", received_at=RECEIVED, truncated=True)
    assert message.truncated


def test_an_empty_mail_is_still_a_message() -> None:
    message = read(b"")
    assert (message.text, message.subject, message.may_answer) == ("", "", False)
