from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from store import Store
from store.codes import new_code, normalise
from store.receipts import REST, TRIES, TRIES_OF_ALL, TooManyTries
from store.types import AnswerState, How, NewAnswer
from tests.store.samples import NOW, open_case, sql


def told(store: Store, number: str) -> list[str]:
    ticket = store.ticket(number)
    assert ticket is not None
    return [event.what for event in ticket.events]


def wrong(code: str) -> str:
    return next(other for other in iter(new_code, "") if other != code)


def test_the_code_of_a_case_opens_it_and_each_look_is_an_event(store: Store) -> None:
    number = open_case(store)
    code = store.receipts.make(number, who="sari", now=NOW)
    assert store.receipts.opens(number, code, who="loket", now=NOW)
    assert store.receipts.opens(number, code, who="loket", now=NOW)
    assert told(store, number)[-3:] == ["receipt.made", "answer.read", "answer.read"]
    assert store.verify() == []


def test_the_database_does_not_hold_the_code(store: Store, url: str) -> None:
    code = store.receipts.make(open_case(store), who="sari", now=NOW)
    ((kept,),) = sql(url, "SELECT hash FROM receipts")
    text = kept if isinstance(kept, str) else bytes(kept).decode()
    assert text.startswith("scrypt$")
    assert code not in text
    assert code.replace("-", "") not in text


def test_a_wrong_code_does_not_open_and_is_an_event(store: Store) -> None:
    number = open_case(store)
    code = store.receipts.make(number, who="sari", now=NOW)
    assert not store.receipts.opens(number, wrong(code), who="loket", now=NOW)
    assert told(store, number)[-1] == "code.refused"


def test_a_new_code_voids_the_one_before(store: Store) -> None:
    number = open_case(store)
    first = store.receipts.make(number, who="sari", now=NOW)
    second = store.receipts.make(number, who="sari", now=NOW)
    assert not store.receipts.opens(number, first, who="loket", now=NOW)
    assert store.receipts.opens(number, second, who="loket", now=NOW)
    assert told(store, number).count("receipt.replaced") == 1


def test_a_case_without_a_code_is_opened_by_none(store: Store) -> None:
    number = open_case(store)
    assert not store.receipts.opens(number, new_code(), who="loket", now=NOW)
    assert not store.receipts.opens("MR-2222-222", new_code(), who="loket", now=NOW)


def test_after_some_wrong_codes_even_the_right_one_must_wait(store: Store) -> None:
    number = open_case(store)
    code = store.receipts.make(number, who="sari", now=NOW)
    for _ in range(TRIES):
        assert not store.receipts.opens(number, wrong(code), who="loket", now=NOW)
    with pytest.raises(TooManyTries) as refused:
        store.receipts.opens(number, code, who="loket", now=NOW + timedelta(minutes=5))
    assert refused.value.values == {"minutes": "10"}
    assert store.receipts.opens(number, code, who="loket", now=NOW + REST)
    receipt = store.receipts.of(number)
    assert receipt is not None
    assert receipt.refused == 0


def test_guessing_at_many_cases_is_slowed_down_too(store: Store, url: str) -> None:
    cases = [open_case(store) for _ in range(3)]
    codes = {number: store.receipts.make(number, who="sari", now=NOW) for number in cases}
    sql(url, "UPDATE receipts SET refused = 1")
    for number in cases[:2]:
        share = TRIES_OF_ALL // 2
        statement = "UPDATE receipts SET refused = :n, last_refused_at = :at WHERE number = :which"
        at = NOW.replace(tzinfo=None).isoformat(" ") if url.startswith("sqlite") else NOW
        sql(url, statement, n=share, at=at, which=number)
    with pytest.raises(TooManyTries):
        store.receipts.opens(cases[2], codes[cases[2]], who="loket", now=NOW)
    assert store.receipts.opens(cases[2], codes[cases[2]], who="loket", now=NOW + REST)


def test_an_answer_read_with_the_code_has_arrived(store: Store) -> None:
    number = open_case(store)
    code = store.receipts.make(number, who="sari", now=NOW)
    store.answers.record(NewAnswer(number, "Sudah cair.", "wayan", "post"), NOW)
    store.receipts.opens(number, wrong(code), who="loket", now=NOW)
    assert store.answers.of(number)[0].state is AnswerState.WAITING
    store.receipts.opens(number, code, who="loket", now=NOW)
    (answer,) = store.answers.of(number)
    assert (answer.state, answer.how) == (AnswerState.DELIVERED, How.READ)


def test_a_receipt_for_no_case_is_an_error(store: Store) -> None:
    with pytest.raises(LookupError):
        store.receipts.make("MR-2222-222", who="sari", now=NOW)


@pytest.mark.parametrize("change", [str.lower, lambda c: c.replace("-", " "), lambda c: c[::1]])
def test_a_code_is_known_however_it_is_written(change: object) -> None:
    assert callable(change)
    for _ in range(50):
        code = new_code()
        assert normalise(change(code)) == code


def test_a_slip_of_the_pen_is_told_from_a_code() -> None:
    code = new_code()
    for place, right in enumerate(code):
        for other in "23456789FKMQRTWXY":
            if right not in ("-", other):
                assert normalise(code[:place] + other + code[place + 1 :]) is None
    swapped = code[1] + code[0] + code[2:]
    assert swapped == code or normalise(swapped) is None
    assert normalise("") is None


def test_guesses_at_the_same_moment_are_counted_one_by_one(store: Store) -> None:
    number = open_case(store)
    guesses = [wrong(store.receipts.make(number, who="sari", now=NOW))] * 12

    def guess(code: str) -> bool | None:
        try:
            return store.receipts.opens(number, code, who="loket", now=NOW)
        except TooManyTries:
            return None

    with ThreadPoolExecutor(6) as pool:
        tried = list(pool.map(guess, guesses))
    assert tried.count(False) == TRIES
    assert tried.count(None) == len(guesses) - TRIES
