from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from store.numbers import ALPHABET, new_number, normalise

bodies = st.text(ALPHABET, min_size=6, max_size=6)


def numbered(body: str) -> str:
    """The number that begins with these six characters, found by trying check characters."""
    (number,) = filter(None, (normalise(body + check) for check in ALPHABET))
    return number


def plain(number: str) -> str:
    return number.removeprefix("MR-").replace("-", "")


def test_a_fresh_number_has_its_form_and_passes_its_own_check() -> None:
    for _ in range(500):
        number = new_number()
        assert normalise(number) == number
        assert (number[:3], number[7], len(number)) == ("MR-", "-", 11)
        assert set(plain(number)) <= set(ALPHABET)


def test_fresh_numbers_do_not_follow_one_another() -> None:
    assert len({new_number()[3:6] for _ in range(200)}) > 100


def test_no_character_looks_like_another_or_is_a_vowel() -> None:
    assert not set("AEIOU01LSZBG") & set(ALPHABET)
    assert len(set(ALPHABET)) == len(ALPHABET) == 17


@given(bodies)
def test_every_wrong_character_is_noticed(body: str) -> None:
    number = plain(numbered(body))
    for place, wrong in product(range(7), ALPHABET):
        if wrong != number[place]:
            assert normalise(number[:place] + wrong + number[place + 1 :]) is None


@given(bodies)
def test_every_swap_of_two_different_characters_is_noticed(body: str) -> None:
    number = plain(numbered(body))
    for first, second in combinations(range(7), 2):
        if number[first] != number[second]:
            swapped = list(number)
            swapped[first], swapped[second] = swapped[second], swapped[first]
            assert normalise("".join(swapped)) is None


def test_the_check_notices_every_wrong_character_and_swap_by_arithmetic() -> None:
    """Exhaustive over all pairs of values and places: the sum changes by weight times difference."""
    values = range(17)
    for weight in range(1, 8):
        assert all(weight * (a - b) % 17 for a in values for b in values if a != b)
    for one, other in combinations(range(1, 8), 2):
        assert all((one - other) * (a - b) % 17 for a in values for b in values if a != b)


@given(bodies)
def test_a_number_is_understood_however_it_is_written(body: str) -> None:
    number = numbered(body)
    spoken = plain(number)
    for written in (
        number.lower(),
        spoken,
        f"mr {spoken[:4]} {spoken[4:]}",
        f"  #MR\u2013{spoken[:4]}\u2013{spoken[4:]}. ",
        number.removeprefix("MR-"),
        " ".join(number.replace("-", "")),
    ):
        assert normalise(written) == number


@given(bodies)
def test_look_alikes_are_read_as_what_was_meant(body: str) -> None:
    number = numbered(body)
    alike = str.maketrans("Q725684MKF", "0IZSGBANHV")
    assert normalise("MR-" + plain(number).translate(alike)) == number


@given(st.text(max_size=30))
def test_nothing_else_is_a_number_and_nothing_is_an_error(text: str) -> None:
    number = normalise(text)
    assert number is None or normalise(number) == number


def test_a_sentence_or_a_wrong_length_is_no_number() -> None:
    for text in ("", "MR", "MR-2222", "MR-2222-2222", "tiket saya", "916581"):
        assert normalise(text) is None
