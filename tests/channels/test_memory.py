from threading import Event, Timer

import pytest

from channels.errors import Temporary
from channels.memory import MemoryChannel
from tests.channels.contract import Contract, Harness, Ledger


class MemoryHarness:
    def __init__(self) -> None:
        self._channel = MemoryChannel()

    def channel(self) -> MemoryChannel:
        return self._channel

    def push(self, *texts: str) -> None:
        for text in texts:
            self._channel.push(text.encode())

    def break_(self) -> None:
        self._channel.trouble = Temporary("memory_unreachable")

    def heal(self) -> None:
        self._channel.trouble = None


class TestMemory(Contract):
    @pytest.fixture
    def harness(self) -> Harness:
        return MemoryHarness()


def test_a_push_ends_the_waiting() -> None:
    channel = MemoryChannel()
    list(channel.fetch(Ledger()))
    Timer(0.1, channel.push, [b"baru"]).start()
    assert channel.wait(10, Event()) is True


def test_trouble_in_the_middle_leaves_what_came_before_valid() -> None:
    channel = MemoryChannel()
    channel.push(b"satu")
    channel.push(b"dua")
    arrivals = channel.fetch(Ledger())
    assert next(arrivals).raw == b"satu"
    channel.trouble = Temporary("memory_unreachable")
    with pytest.raises(Temporary):
        next(arrivals)
