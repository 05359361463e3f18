"""The contract, against a real Dovecot."""

from collections.abc import Iterator

import pytest

from channels.imap import ImapChannel
from testing.dovecot import Dovecot, available
from testing.require import require
from tests.channels.contract import Contract, Harness
from tests.channels.imap_help import mail, settings

USER = "laporan@kesra.test"


class ImapHarness:
    def __init__(self, server: Dovecot) -> None:
        self._server = server
        self._channels: list[ImapChannel] = []

    def channel(self) -> ImapChannel:
        channel = ImapChannel("surel", settings(self._server, USER, timeout=5))
        self._channels.append(channel)
        return channel

    def push(self, *texts: str) -> None:
        self._server.deliver_all(USER, map(mail, texts))

    def break_(self) -> None:
        self._server.shut()

    def heal(self) -> None:
        self._server.restart()

    def close(self) -> None:
        for channel in self._channels:
            channel.close()


class TestImap(Contract):
    @pytest.fixture
    def harness(self) -> Iterator[Harness]:
        require("Dovecot", available())
        with Dovecot({USER: "rahasia"}) as server:
            harness = ImapHarness(server)
            yield harness
            harness.close()
