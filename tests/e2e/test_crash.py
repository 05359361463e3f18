"""The crash test in short; ``bench/crash.py`` runs it long."""

import pytest

from bench.crash import KILLING, Plan, tried
from testing import dovecot
from testing.require import require


@pytest.mark.slow
@pytest.mark.parametrize("way", KILLING)
def test_killed_again_and_again_nothing_is_lost_and_nothing_twice(way: str) -> None:
    require("Dovecot", dovecot.available())
    _, account = tried(way, Plan(kills=4, pause=0.1), seed=7)
    assert account.items > 20
    assert account.clean, account
