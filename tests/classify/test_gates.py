"""All parts weighed at once say the same as asking each part."""

from hypothesis import given
from hypothesis import strategies as st

from classify.gates import Gates, bits
from classify.patterns import Part, Step

MASKS = st.integers(0, 255)
NEEDS = st.integers(1, 255)
PARTS = st.builds(
    Part,
    alone=st.lists(NEEDS, min_size=1, max_size=3).map(tuple),
    chains=st.lists(st.builds(Step, NEEDS, st.just(3)), min_size=2, max_size=2).map(
        lambda steps: (tuple(steps),)
    )
    | st.just(()),
    without=MASKS,
)


@given(st.lists(PARTS, max_size=6), st.lists(MASKS, max_size=6))
def test_a_part_fits_where_all_it_needs_is_there_and_nothing_forbidden(
    parts: list[Part], masks: list[int]
) -> None:
    held = 0
    for mask in masks:
        held |= mask
    wanted = [
        number
        for number, part in enumerate(parts)
        if all(held & need for need in part.needs) and not held & part.without
    ]
    gates = Gates(parts)
    for _ in ("new", "remembered"):
        assert bits(gates.fitting(masks, [range(len(masks))])[0]) == wanted


@given(st.sets(st.integers(0, 900)))
def test_bits_are_named_from_the_lowest(places: set[int]) -> None:
    assert bits(sum(1 << place for place in places)) == sorted(places)
