from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.backoff import delay

FIRST, CAP = timedelta(seconds=5), timedelta(minutes=5)


@given(st.integers(-5, 10**9))
def test_a_delay_is_never_zero_and_never_over_the_cap_by_more_than_its_spread(
    failures: int,
) -> None:
    assert FIRST * 0.8 <= delay(failures, FIRST, CAP) <= CAP * 1.2


@given(st.integers(1, 40))
def test_each_further_failure_waits_at_least_as_long_apart_from_the_spread(failures: int) -> None:
    assert delay(failures + 1, FIRST, CAP) >= delay(failures, FIRST, CAP) * (0.8 / 1.2)


def test_those_who_failed_together_do_not_come_back_together() -> None:
    assert len({delay(3, FIRST, CAP) for _ in range(20)}) > 10
