"""Which parts of patterns a sentence may hold, asked for all parts at once with a few operations on long numbers.

A part owns one bit in each of several rows, ``width`` bits apart. Row by row: is its first, second, third
need met; the last row: is there something it forbids. Meeting concepts sets bits, so a sentence's
rows are those of its words, joined by "or".
"""

from collections.abc import Iterable, Sequence

from classify.patterns import Part

_MEMO_SIZE = 20_000


class Gates(dict[int, int]):
    """From the concepts of one token to the rows of bits they set; remembered, bounded."""

    def __init__(self, parts: Sequence[Part]) -> None:
        super().__init__()
        self._width = len(parts)
        self._all = (1 << self._width) - 1
        self._rows = max((len(part.needs) for part in parts), default=0)
        self._single: dict[int, int] = {}
        self._met = 0
        for unit, part in enumerate(parts):
            for row, need in enumerate(part.needs):
                self._set(need, row, unit)
            for row in range(len(part.needs), self._rows):
                self._met |= 1 << row * self._width + unit
            self._set(part.without, self._rows, unit)

    def fitting(self, masks: Sequence[int], sentences: Iterable[Sequence[int]]) -> list[int]:
        """The parts, as bits, of which each sentence holds every concept and nothing forbidden."""
        width, steps = self._width, range(self._rows)
        fits = []
        for places in sentences:
            rows = self._met
            for place in places:
                rows |= self[masks[place]]
            fit = self._all
            for _ in steps:
                fit &= rows
                rows >>= width
            fits.append(fit & ~rows)
        return fits

    def _set(self, concepts: int, row: int, unit: int) -> None:
        for place in bits(concepts):
            self._single[place] = self._single.get(place, 0) | 1 << row * self._width + unit

    def __missing__(self, mask: int) -> int:
        rows = 0
        for place in bits(mask):
            rows |= self._single.get(place, 0)
        if len(self) >= _MEMO_SIZE:
            self.clear()
        self[mask] = rows
        return rows


def bits(mask: int) -> list[int]:
    """The numbers of the bits that are set."""
    return [bit.bit_length() - 1 for bit in single_bits(mask)]


def single_bits(mask: int) -> list[int]:
    """The bits that are set, the lowest first."""
    found = []
    while mask:
        bit = mask & -mask
        found.append(bit)
        mask ^= bit
    return found
