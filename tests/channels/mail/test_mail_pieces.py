"""The smaller tools of reading mail: charsets, transfer encodings, header fields, names, HTML."""

import base64
from datetime import UTC, datetime, timedelta, timezone

import pytest

from channels.mail import charset, clean, html, transfer
from channels.mail.attachments import safe_name
from channels.mail.flowed import unflow
from channels.mail.headers import Headers, content_type, decode_words, message_ids
from channels.mail.parser import mailboxes, sent_at
from channels.types import Address


@pytest.mark.parametrize(
    ("data", "declared", "text"),
    [
        ("Café… ya".encode(), "us-ascii", "Café… ya"),
        ("Café… ya".encode(), "iso-8859-1", "Café… ya"),
        ("Café… ya".encode("cp1252"), "iso-8859-1", "Café… ya"),
        ("Café… ya".encode("cp1252"), None, "Café… ya"),
        ("Café… ya".encode("cp1252"), "utf-8", "Café… ya"),
        ("Café… ya".encode(), "tidak-ada", "Café… ya"),
        ("Café".encode("utf-16"), "utf-8", "Café"),
        (b"Halo", "utf-16", "Halo"),
        (b"\xef\xbb\xbfHalo", None, "Halo"),
        (b"Rp+AKM-5", "utf-7", "Rp\u00a35"),
        ("一二三".encode("gb18030"), "gb2312", "一二三"),
        ("あいう".encode("iso2022_jp"), None, "あいう"),
        (b"Halo", "punycode", "Halo"),
        (b"Halo \\u0041", "unicode_escape", "Halo \\u0041"),
    ],
)
def test_text_is_read_whatever_its_label_says(data: bytes, declared: str | None, text: str) -> None:
    assert charset.decode(data, declared) == text


def test_one_broken_place_does_not_spoil_a_whole_utf8_text() -> None:
    data = "Café, kafé, toké, saté".encode() + b"\xc3"
    assert charset.decode(data, "utf-8") == "Café, kafé, toké, saté\ufffd"


def test_an_unlabelled_text_in_another_script_is_guessed() -> None:
    text = "Уважаемые коллеги, прошу рассмотреть моё обращение о дороге. " * 5  # noqa: RUF001 - Cyrillic on purpose
    assert charset.decode(text.encode("cp1251"), guess=True) == text


@pytest.mark.parametrize(
    ("data", "decoded"),
    [
        (base64.b64encode(b"Jalan rusak"), b"Jalan rusak"),
        (b"SmFsYW4g\r\ncnVzYWs=\r\n", b"Jalan rusak"),
        (b"SmFsYW4gcnVzYWs", b"Jalan rusak"),
        (b"SmFsYW4=\nIHJ1c2Fr", b"Jalan rusak"),
        (b"SmFsYW4gcnVzYWsx", b"Jalan rusak1"),
        (b"SmFs!!!!YW4g", b"Jal"[:3] + b"an "),
        (b"Jalan di depan pura rusak", b"Jalan di depan pura rusak"),
        (b"", b""),
        (b"=", b""),
        (b"A", b""),
    ],
)
def test_base64_is_decoded_past_its_damage(data: bytes, decoded: bytes) -> None:
    assert transfer.decode(memoryview(data), "base64").replace(b"\0\0\0", b"") == decoded


def test_other_transfer_encodings_are_undone_or_left() -> None:
    uu = b"begin 644 a.txt\n+2F%L86X@<G5S86L`\n`\nend\n"
    assert transfer.decode(memoryview(uu), "x-uuencode").startswith(b"Jalan rusa")
    miscounted = uu.replace(b"\n+2F", b"\n#2F")
    assert transfer.decode(memoryview(miscounted), "x-uuencode").startswith(b"Jal")
    assert transfer.decode(memoryview(b"bukan uu"), "x-uuencode") == b"bukan uu"
    assert transfer.decode(memoryview(b"a=20b=ZZ=\nc"), "quoted-printable") == b"a b=ZZc"
    assert transfer.decode(memoryview(b"a=20b"), "8-bit") == b"a=20b"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Jalan rusak", "Jalan rusak"),
        ("=?UTF-8?Q?Caf=C3=A9?= rusak", "Café rusak"),
        ("=?utf-8?B?w6k=?= =?utf-8?Q?=C3=A8?=", "éè"),
        ("=?utf-8?B?4oCm?=", "…"),
        ("=?utf-8?Q?dipotong=E2=80?= =?utf-8?Q?=A6?=", "dipotong…"),
        ("=?iso-8859-1?Q?=E9?= =?utf-8?Q?=C3=A8?=", "éè"),
        ('"=?utf-8?Q?a=2Cb?=" c', '"a,b" c'),
        ("=?utf-8?Q?kenapa??=", "kenapa?"),
        ("=?tidak-ada?Q?Caf=C3=A9?=", "Café"),
        ("=?utf-8?Q?terputus", "=?utf-8?Q?terputus"),
        ("=?utf-8*id?Q?halo?=", "halo"),
    ],
)
def test_encoded_words_are_read(raw: str, text: str) -> None:
    assert decode_words(raw) == text


@pytest.mark.parametrize(
    ("field", "addresses"),
    [
        ("a@b.id", [("", "a@b.id")]),
        ("A B <a@b.id>, c@d.id", [("A B", "a@b.id"), ("", "c@d.id")]),
        ('"B, A" <a@b.id>', [("B, A", "a@b.id")]),
        ("'A' <a@b.id>", [("A", "a@b.id")]),
        ('"a@b.id" <c@d.id>', [("a@b.id", "c@d.id")]),
        ("a@b.id <c@d.id>", [("a@b.id", "c@d.id")]),
        ("=?utf-8?Q?K=C3=A9?= <a@b.id>", [("Ké", "a@b.id")]),
        ("Tim: a@b.id, c@d.id;", [("", "a@b.id"), ("", "c@d.id")]),
        ("undisclosed-recipients:;", []),
        ("a@b.id; c@d.id", [("", "a@b.id"), ("", "c@d.id")]),
        ("Pak Camat camat@x.id", [("Pak Camat", "camat@x.id")]),
        ("a+tanda@b.id", [("", "a+tanda@b.id")]),
        ("a@@b.id", []),
        ("jdöe@mächine.example", [("", "jdöe@mächine.example")]),
        ("a@b.id,\r\n\tc@d.id", [("", "a@b.id"), ("", "c@d.id")]),
        ('"A\r\n Bcc: x" <a@b.id>', [("A Bcc: x", "a@b.id")]),
        ("", []),
        ("tanpa alamat", []),
        ("(" * 5000 + " a@b.id", [("", "a@b.id")]),
    ],
)
def test_mailboxes_are_found_in_sound_and_broken_fields(
    field: str, addresses: list[tuple[str, str]]
) -> None:
    assert mailboxes([field]) == tuple(Address(*pair) for pair in addresses)


WITA = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("field", "when"),
    [
        ("Mon, 23 Nov 2026 19:12:05 +0800", datetime(2026, 11, 23, 19, 12, 5, tzinfo=WITA)),
        ("23 Nov 2026 19:12 +0800 (WITA)", datetime(2026, 11, 23, 19, 12, tzinfo=WITA)),
        ("Tue, 23 Nov 2026 19:12:05 +0800", datetime(2026, 11, 23, 19, 12, 5, tzinfo=WITA)),
        ("Mon, 23 Nov 2026 11:12:05 -0000", datetime(2026, 11, 23, 11, 12, 5, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 11:12:05", datetime(2026, 11, 23, 11, 12, 5, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 11:12:05 GMT", datetime(2026, 11, 23, 11, 12, 5, tzinfo=UTC)),
        ("Senin, 23 November 2026", None),
        ("Mon, 32 Nov 2026 11:12:05 +0800", None),
        ("Mon, 23 Nov 2026 11:12:05 +9999", None),
        ("", None),
        ("1" * 5000, None),
    ],
)
def test_a_date_is_aware_or_absent(field: str, when: datetime | None) -> None:
    found = sent_at(field)
    assert found == when
    assert found is None or found.utcoffset() == (when and when.utcoffset())


def test_an_odd_offset_keeps_its_minutes() -> None:
    assert str(sent_at("Mon, 23 Nov 2026 11:12:05 +0545")) == "2026-11-23 11:12:05+05:45"


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        (["<a@b>"], ("<a@b>",)),
        (["<a@b> <c@d>\t<a@b>"], ("<a@b>", "<c@d>")),
        (["a@b"], ("<a@b>",)),
        (["<a@b"], ("<a@b>",)),
        (["Your message of Monday <a@b>"], ("<a@b>",)),
        ([""], ()),
        (["<>"], ()),
        (["<a@b>", "<c@d>"], ("<a@b>", "<c@d>")),
    ],
)
def test_message_ids_come_in_brackets_once_each(values: list[str], ids: tuple[str, ...]) -> None:
    assert message_ids(values) == ids


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("surat.pdf", "surat.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\surat.pdf", "surat.pdf"),
        ("folder/", "folder"),
        (".bashrc", "bashrc"),
        ("..", ""),
        ("", ""),
        ("CON.txt", "_CON.txt"),
        ("com1", "_com1"),
        ("console.txt", "console.txt"),
        ('a<b>:"|?*.txt', "a_b______.txt"),
        ("surat\r\nX: y.pdf", "surat X_ y.pdf"),
        ("fo\u202egpj.exe", "fogpj.exe"),
        ("surat.pdf. . ", "surat.pdf"),
        ("=?UTF-8?B?Zm90byDDqS5wbmc=?=", "foto é.png"),
        ("é" * 300 + ".pdf", "é" * 98 + ".pdf"),
    ],
)
def test_a_file_name_is_safe_to_write(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_parameters_that_contradict_each_other_do_not_hide_the_rest() -> None:
    headers = Headers()
    headers.add(b"Content-Type", b"text/plain; charset=utf-8; name*=a; name*1=b; name*0=c")
    assert content_type(headers, "text/plain").charset == "utf-8"


def test_a_line_holds_no_breaks_controls_or_direction_marks() -> None:
    assert (
        clean.line("a\r\nBcc: x\x00\x1b[2J\u2028b\u202e\ud800  c", 99) == "a Bcc: x [2J b\ufffd  c"
    )


def test_html_becomes_readable_text() -> None:
    page = "<style>p{}</style><h1>Aduan</h1><p>Jalan&nbsp;<b>rusak</b>.<br>Dua lubang.</p>"
    assert html.to_text(page) == "Aduan\n\nJalan rusak.\nDua lubang."


def test_a_tag_flooded_with_attributes_is_left_out_and_its_words_kept() -> None:
    flood = "".join(f"a{n}='>' " for n in range(50_000))
    assert html.slim(f"<p>Jalan <b {flood}>rusak</b></p>") == "<p>Jalan rusak</b></p>"
    bodies = "".join(f"<body a{n}=1>" for n in range(50_000))
    assert len(html.slim(f"{bodies}<p>Jalan rusak</p>")) < len(bodies) / 100


def test_an_ordinary_long_page_loses_nothing() -> None:
    image = f'<img alt="" src="data:image/png;base64,{"QUJD" * 5000}">'
    page = f"<html><body class=x>{image}<p title='a > b'>Jalan rusak</p>" + "<p>x</p>" * 500
    assert html.slim(page) == page.replace(image, "")


def test_flowed_paragraphs_are_joined_and_quotes_keep_their_depth() -> None:
    text = "Air \nmati \nlagi.\n\n> Sejak \n> kapan?\n>> Lama.\n From sini\n-- \nLuh"
    joined = "Air mati lagi.\n\n> Sejak kapan?\n>> Lama.\nFrom sini\n-- \nLuh"
    assert unflow(text, delete_space=False) == joined
    assert unflow("pe \nngaduan", delete_space=True) == "pengaduan"
