from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.spread import Spread

TIMES = st.lists(st.integers(0, 1000), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("values", "median", "ninetieth"),
    [
        ([4], 4, 4),
        ([1, 4], 2.5, 4),
        ([3, 1, 2], 2, 3),
        (range(1, 11), 5.5, 9),
        (range(1, 12), 6, 10),
        (range(1, 101), 50.5, 90),
        ([0] * 9 + [60], 0, 0),
        ([0] * 8 + [60, 60], 0, 60),
    ],
)
def test_the_middle_and_the_slow_end(values: list[float], median: float, ninetieth: float) -> None:
    assert Spread.of(values) == Spread(median, ninetieth)


def test_of_nothing_there_is_no_spread() -> None:
    assert Spread.of([]) is None


@given(TIMES)
def test_the_90th_percentile_is_the_least_value_that_nine_of_ten_do_not_exceed(
    values: list[int],
) -> None:
    spread = Spread.of(values)
    assert spread
    enough = [
        value
        for value in values
        if Fraction(sum(other <= value for other in values), len(values)) >= Fraction(9, 10)
    ]
    assert spread.ninetieth == min(enough)


@given(TIMES)
def test_half_are_at_most_the_median_and_half_at_least(values: list[int]) -> None:
    spread = Spread.of(values)
    assert spread
    assert 2 * sum(value <= spread.median for value in values) >= len(values)
    assert 2 * sum(value >= spread.median for value in values) >= len(values)
