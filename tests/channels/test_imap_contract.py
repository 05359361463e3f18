"""The contract, against a real Dovecot."""

from collections.abc import Iterator

import pytest

from channels.imap import ImapChannel
from testing.dovecot import Dovecot, available
from testing.require import require
from tests.channels.contract import Contract, Harness
from tests.channels.imap_help import mail, settings

USERS = {f"laporan{number}@kesra.test": "rahasia" for number in range(60)}


class ImapHarness:
    def __init__(self, server: Dovecot, user: str) -> None:
        self._server = server
        self._user = user
        self._channels: list[ImapChannel] = []
        self._broken = False

    def channel(self) -> ImapChannel:
        channel = ImapChannel("surel", settings(self._server, self._user, timeout=5))
        self._channels.append(channel)
        return channel

    def push(self, *texts: str) -> None:
        self._server.deliver_all(self._user, map(mail, texts))

    def break_(self) -> None:
        self._server.shut()
        self._broken = True

    def heal(self) -> None:
        self._server.restart()
        self._broken = False

    def close(self) -> None:
        for channel in self._channels:
            channel.close()
        if self._broken:
            self.heal()


@pytest.fixture(scope="module")
def own_dovecot() -> Iterator[Dovecot]:
    """A server of its own: the contract breaks it."""
    require("Dovecot", available())
    with Dovecot(USERS) as server:
        yield server


class TestImap(Contract):
    users = iter(USERS)

    @pytest.fixture
    def harness(self, own_dovecot: Dovecot) -> Iterator[Harness]:
        harness = ImapHarness(own_dovecot, next(self.users))
        yield harness
        harness.close()
