"""Cases to try rules on: what a restricted one says must not be found out by rules made for it."""

from collections.abc import Iterable, Iterator

import click

from config.texts import Texts
from store.types import Judged


class Readable:
    """Lets through what somebody may read, and counts the rest."""

    def __init__(self, examiner: bool) -> None:
        self._examiner = examiner
        self._left_out = 0

    def of(self, cases: Iterable[Judged]) -> Iterator[Judged]:
        """Yield the cases this person may read."""
        for case in cases:
            if case.restricted and not self._examiner:
                self._left_out += 1
            else:
                yield case

    def tell(self, words: Texts) -> None:
        """Say how many were left out, if any."""
        if self._left_out:
            click.echo(words("access.left_out", count=self._left_out), err=True)
