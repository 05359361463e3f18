"""Quotations in HTML-only replies, wherever the reply stands."""

from datetime import UTC, datetime
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.mail import quotes, read_mail
from channels.types import Message

ATTRIBUTION = "Pada Rab, 25 Nov 2026 pukul 09.20 Kesra &lt;k@kantor.test&gt; menulis:<br>"
GMAIL = '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">'
APPLE = '<blockquote type="cite">'
OURS = "Ada pengaduan baru.<br>Nomor : MR-7K3F-9Q3<br>"
SAID = "<div dir=auto>Dana cair Senin.</div>"
PIECES = st.lists(
    st.sampled_from(
        [
            GMAIL,
            APPLE,
            "</blockquote>",
            "<blockquote>",
            "kutip",
            "<br>",
            "<p>satu</p>",
            "<div>",
            "</div>",
        ]
    )
)


def read(page: str, **headers: str) -> Message:
    head = {"From": "t@kantor.test", "To": "k@kantor.test", "In-Reply-To": "<a@k>", **headers}
    fields = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    raw = f"{fields}Content-Type: text/html; charset=utf-8\r\n\r\n{page}"
    return read_mail(raw.encode(), received_at=datetime.now(UTC))


@pytest.mark.parametrize("tag", [GMAIL, APPLE, '<BLOCKQUOTE CITE="mid:a@k" >'])
@pytest.mark.parametrize(
    "page",
    [
        f"{SAID}<br>{ATTRIBUTION}{{}}{OURS}</blockquote>",
        f"{ATTRIBUTION}{{}}{OURS}</blockquote><br>{SAID}",
        f"<div>{ATTRIBUTION}{{}}{OURS}<blockquote>lama</blockquote>lagi</blockquote></div>{SAID}",
        f"{ATTRIBUTION}{{}}<div>{OURS}</div></blockquote>{SAID}{{}}Sisa kutipan</blockquote>",
        f"{ATTRIBUTION}{{}}{OURS}{{}}lebih lama</blockquote>lama</blockquote>{SAID}",
    ],
    ids=["above", "below", "plain-block-inside", "between", "nested"],
)
def test_only_what_was_typed_is_left(page: str, tag: str) -> None:
    assert read(page.replace("{}", tag)).own_words == "Dana cair Senin."


def test_a_quotation_that_is_not_closed_goes_on_to_the_end() -> None:
    assert read(f"Halo.<br>{ATTRIBUTION}{GMAIL}{OURS}Dana cair.").own_words == "Halo."


def test_a_block_that_quotes_no_mail_is_kept() -> None:
    page = f"Pasal 3:<blockquote>Bantuan dibayar tunai.</blockquote>{ATTRIBUTION}{GMAIL}{OURS}"
    assert "Bantuan dibayar tunai." in read(page).own_words


def test_a_complaints_text_shows_nothing_of_it() -> None:
    page = f"Halo.<br>{ATTRIBUTION}{GMAIL}{OURS}</blockquote><p>Sisa.</p>"
    text = read(page).text
    assert "Nomor : MR-7K3F-9Q3" in text
    assert text == read(page.replace(GMAIL, "<blockquote>")).text


@given(PIECES)
def test_marks_come_out_as_they_went_in(pieces: list[str]) -> None:
    page = "".join(pieces)
    assert quotes.unmarked(quotes.marked(page)) == page


@given(PIECES)
def test_no_mark_reaches_anybody(pieces: list[str]) -> None:
    mail = read("".join(pieces) + "&#xE000;x&#xE001;")
    for text in (mail.text, mail.reply_text, mail.own_words):
        assert "\ue000" not in text
        assert "\ue001" not in text


@pytest.mark.parametrize(
    "page", ["<blockquote " * 80_000, GMAIL * 20_000, "</blockquote>" * 80_000]
)
def test_a_hostile_page_takes_no_time(page: str) -> None:
    began = perf_counter()
    quotes.quoted(quotes.marked(page))
    assert perf_counter() - began < 2
