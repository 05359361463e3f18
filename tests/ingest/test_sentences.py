"""Where a reader would cut a complaint."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sentences import numbers_of, picked, sentences, told


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Yth. Bapak Bupati, jalan di Jl. Diponegoro No. 5 rusak. Bansos belum cair!",
            ["Yth. Bapak Bupati, jalan di Jl. Diponegoro No. 5 rusak.", "Bansos belum cair!"],
        ),
        (
            "Kapan cair? Sudah 3 bulan...  Mohon kabar",
            ["Kapan cair?", "Sudah 3 bulan...", "Mohon kabar"],
        ),
        (
            "Ada dua hal:\n1. Jalan rusak.\n2. Kadus minta uang.",
            ["Ada dua hal:", "1. Jalan rusak.", "2. Kadus minta uang."],
        ),
        ("- jalan rusak\n- lampu mati", ["- jalan rusak", "- lampu mati"]),
        (
            "Saya mengadukan pelayanan kantor yang lambat sekali\ndan tidak ramah. Itu saja.",
            ["Saya mengadukan pelayanan kantor yang lambat sekali\ndan tidak ramah.", "Itu saja."],
        ),
        (
            "Uang Rp500.000. Itu diminta pukul 10.30 tadi.",
            ["Uang Rp500.000.", "Itu diminta pukul 10.30 tadi."],
        ),
        (
            "Beras, gula, dll. belum ada. Sembako dll. Mohon.",
            ["Beras, gula, dll. belum ada.", "Sembako dll.", "Mohon."],
        ),
        ("I Ketut S. Arya menagih. Benar.", ["I Ketut S. Arya menagih.", "Benar."]),
        ('Katanya "tidak ada!" Lalu pergi.', ['Katanya "tidak ada!"', "Lalu pergi."]),
        ("Paragraf satu\n\nParagraf dua", ["Paragraf satu", "Paragraf dua"]),
        ("", []),
        (" \n--\n ", []),
        ("tanpa tanda baca sama sekali", ["tanpa tanda baca sama sekali"]),
    ],
)
def test_a_text_is_cut_where_a_reader_would(text: str, parts: list[str]) -> None:
    assert cut(text) == parts


@given(st.text(alphabet="aB. \n!?1-)", max_size=80))
def test_no_word_is_lost_or_told_twice(text: str) -> None:
    spans = sentences(text)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert "".join(filter(str.isalnum, text)) == "".join(filter(str.isalnum, "".join(cut(text))))


@pytest.mark.parametrize(
    ("given_", "numbers"),
    [("1-3", [1, 2, 3]), ("4, 1-2", [1, 2, 4]), ("2", [2]), ("1 - 2;5", [1, 2, 5]), ("3,3", [3])],
)
def test_ranges_are_read(given_: str, numbers: list[int]) -> None:
    assert numbers_of(given_, 5) == numbers


@pytest.mark.parametrize("given_", ["", "0", "6", "3-1", "a", "1-", "1,,2", "1-99999"])
def test_what_is_no_range_is_refused(given_: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(given_) + "$"):
        numbers_of(given_, 5)


def test_numbers_are_told_as_they_are_read() -> None:
    assert told([1, 2, 3, 5]) == "1-3, 5"
    assert numbers_of(told([2, 4, 5]), 9) == [2, 4, 5]


def test_what_stands_together_stays_as_it_was_written() -> None:
    text = "Satu.\nDua!  Tiga. Empat."
    assert picked(text, sentences(text), [1, 2, 4]) == "Satu.\nDua!\nEmpat."
