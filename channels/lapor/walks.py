"""When a look at the newest is enough, and when the whole list must be walked.

A short walk is only safe after a walk behind which everything is known. So a walk is whole at first
after every start, whenever the walk before broke off, and when something it handed over has not
reached the ledger; and once in a while besides, for reports that change without moving to the front,
such as one that is sent on to this office long after it was written.
"""

import time
from collections.abc import Container


class Walks:
    """Remembers how the last walk ended. Kept in memory only: a restart just walks the whole list."""

    def __init__(self, whole_every: float) -> None:
        self._whole_every = whole_every
        self._whole_due = 0.0
        self._broken_off = True
        self._handed: set[str] = set()

    def begin(self, known: Container[str]) -> bool:
        """Start a walk; True where it must be whole."""
        whole = (
            self._broken_off
            or time.monotonic() >= self._whole_due
            or not all(key in known for key in self._handed)
        )
        self._broken_off, self._handed = True, set()
        return whole

    def hand_over(self, key: str) -> None:
        """Note an item that the ledger should hold by the next walk."""
        self._handed.add(key)

    def end(self, *, whole: bool) -> None:
        """The walk came to its end."""
        self._broken_off = False
        if whole:
            self._whole_due = time.monotonic() + self._whole_every
