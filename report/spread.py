"""The middle and the slow end of a list of times."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Self


@dataclass(frozen=True, slots=True)
class Spread:
    """Half were at most ``median``, nine of ten at most ``ninetieth``.

    The median of an even number lies between the two in the middle. The 90th percentile is by nearest
    rank: a value that occurred, never one in between.
    """

    median: float
    ninetieth: float

    @classmethod
    def of(cls, values: Iterable[float]) -> Self | None:
        """Return the spread of some values, None where there are none."""
        ordered = sorted(values)
        if not ordered:
            return None
        return cls(float(median(ordered)), float(ordered[ceil(len(ordered) * 9 / 10) - 1]))
