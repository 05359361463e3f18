"""What was typed into a reply, of any text."""

from time import perf_counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from channels.mail.trim import own_words, reply_words

LINES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "> dikutip", ">> dikutip", "-- ", "--", "", "Pada 24 Nov 2026 10.00, K <k@k.test> menulis:",
                "On Tue, Nov 24, 2026, K <k@k.test> wrote:", "Dari: K", "Dikirim: 24 Nov 2026 10.00",
                "Kepada: t@k.test", "Perihal: x", "_____", "Dikirim dari iPhone saya", "Halo.",
                "---------- Forwarded message ---------", "-------- Pesan asli --------",
                "DISCLAIMER: Email ini bersifat rahasia.", "Hanya ditujukan kepada penerima yang dituju.",
            ]
        ),
        st.text(max_size=60),
    ),
    max_size=30,
)  # fmt: skip


@given(LINES)
@example(["Halo.", "", "-- ", "rahasia"])
def test_it_is_made_of_the_texts_own_lines_in_their_order(lines: list[str]) -> None:
    text = "\n".join(lines)
    rest = iter([line.strip() for line in text.split("\n")])
    for line in reply_words(text).split("\n"):
        assert not line.strip() or any(line.strip() == other for other in rest)


@given(LINES)
def test_quoted_lines_among_others_are_never_in_it(lines: list[str]) -> None:
    kept = reply_words("\n".join([*lines, "> satu", "> dua"]))
    assert "> dua" not in kept


@given(LINES)
def test_it_is_never_more_than_what_is_shown_of_a_complaint(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert len(reply_words(text)) <= max(len(own_words(text)[0]), len(text.strip()))


def test_nothing_of_a_quotation_alone_is_left() -> None:
    assert reply_words("Pada 24 Nov 2026 10.00, K menulis:\n> satu\n> dua") == ""
    assert reply_words("---------- Forwarded message ---------\nFrom: a\n\nisi") == ""


@pytest.mark.parametrize(
    "kept",
    [
        "Identitas Anda kami rahasiakan.\n\nSurat ini kami buat berdasarkan berkas Anda.",
        "Pesan ini penting: datanglah hari Senin.",
        "Nilai bantuan > 5 juta tetap cair.",
        "Perhatian: loket tutup hari Jumat.",
    ],
)
def test_what_only_resembles_a_quotation_or_a_footer_stays(kept: str) -> None:
    assert reply_words(kept) == kept


@pytest.mark.parametrize(
    "hard",
    [
        "a" * 2_000_000,
        "> \n" * 300_000,
        "K <k@k.test> 10.00 menulis:\n" * 60_000,
        "Pada \n" * 200_000,
        "Email ini\n\n" * 200_000,
        "-" * 1_000_000,
        "- a\n" * 200_000,
        "Dari: a\n" * 150_000,
    ],
    ids=range(8),
)
def test_the_time_is_linear_in_the_text(hard: str) -> None:
    began = perf_counter()
    reply_words(hard)
    assert perf_counter() - began < 10
