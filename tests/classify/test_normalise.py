import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.engine import RuleSet, compile_rules
from classify.normalise import amount, clean, words
from classify.types import Medium
from config.rules import sources


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return compile_rules(sources())


@pytest.mark.parametrize(
    ("written", "value", "money"),
    [
        ("200rb", 200_000, True),
        ("rp200.000", 200_000, True),
        ("rp. 1.500.000,-", 1_500_000, True),
        ("2jt", 2_000_000, True),
        ("2,5jt", 2_500_000, True),
        ("11.250.000", 11_250_000, True),
        ("25", 25, False),
    ],
)
def test_amounts_are_read_as_people_write_them(written: str, value: float, money: bool) -> None:
    read = amount(written)
    assert read is not None
    assert (read.value, read.money) == (value, money)


@pytest.mark.parametrize("written", ["08.00.15", "2x", "11/8/2026", "10:30"])
def test_times_dates_and_counts_are_no_amounts(written: str) -> None:
    assert amount(written) is None


@pytest.mark.parametrize(
    "written",
    [
        "Petugas minta uang rokok",
        "PETUGAS MINTA UANG ROKOK",
        "petugas mintaaaa uang rokok",
        "petugas m1nta uang rokok",
        "petugas mi\u200bnta uang ro\u00adkok",
        "\uff50\uff45\uff54\uff55\uff47\uff41\uff53 minta uang rokok",
        "petugasnya mintain duit rokok",
        "ptgs minta uang rokok",
        "petugas minta2 uang rokok",
    ],
)
def test_spelling_does_not_hide_a_demand_for_money(rules: RuleSet, written: str) -> None:
    assert rules.matches("4-pejabat-minta-uang", written)


def test_invisible_and_combining_characters_go() -> None:
    assert clean("Pu\u0301n\u200bg\u00adli") == "pungli"


@given(st.text(max_size=300))
def test_words_lie_in_order_within_the_text(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        end = word.end


@given(st.text(max_size=300), st.text(max_size=40))
def test_hits_of_any_text_stand_where_they_say(text: str, subject: str) -> None:
    whole = text + " kadus minta uang rokok 50rb " + text
    for hit in SHIPPED.classify(subject, whole, Medium.EMAIL).hits:
        if hit.start is None:
            assert hit.text in f"{subject} \n\n {whole}"
        else:
            assert whole[hit.start : hit.end] == hit.text


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_the_composed_and_decomposed_forms_of_a_word_are_the_same(text: str) -> None:
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert clean(composed) == clean(decomposed)


SHIPPED = compile_rules(sources())
