"""The LAPOR channel keeps the contract of every channel."""

from collections.abc import Iterator

import pytest

from channels.base import Channel
from channels.lapor import LaporChannel, MappedJson
from testing.lapor_server import LaporServer
from tests.channels.contract import Contract, Harness
from tests.channels.lapor.feed import settings


class LaporHarness:
    def __init__(self) -> None:
        self._server = LaporServer()
        self._server.start()
        self._channels: list[Channel] = []

    def channel(self) -> Channel:
        channel = LaporChannel("lapor", MappedJson(settings(self._server)))
        self._channels.append(channel)
        return channel

    def push(self, *texts: str) -> None:
        for text in texts:
            self._server.add(text)

    def break_(self) -> None:
        self._server.stop()

    def heal(self) -> None:
        self._server.start()

    def close(self) -> None:
        for channel in self._channels:
            channel.close()
        self._server.stop()


class TestLaporChannel(Contract):
    @pytest.fixture
    def harness(self) -> Iterator[Harness]:
        harness = LaporHarness()
        yield harness
        harness.close()
