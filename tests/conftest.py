"""Servers that several folders of tests share; each test gets a mailbox of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
import structlog

from testing import dovecot as dovecot_server
from testing.certificates import Authority
from testing.dovecot import Dovecot
from testing.require import require

pytest.register_assert_rewrite("tests.channels.contract")

_USERS = {f"kotak{number}@kesra.test": f"rahasia-{number}" for number in range(400)}
_numbers = count()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    """Say what to do next, just before pytest's own last line, which programs read."""
    if exitstatus == pytest.ExitCode.OK:
        terminalreporter.write_line(
            "==> Next: make demo (watch it work), make check (lint and types too)"
        )


@dataclass(frozen=True)
class Mailbox:
    """An account of the shared Dovecot that no other test uses."""

    server: Dovecot
    user: str
    password: str

    def deliver(self, *raws: bytes) -> list[int]:
        return self.server.deliver_all(self.user, raws)


@pytest.fixture(autouse=True)
def _own_log_settings() -> Iterator[None]:
    """Commands set up logging for the whole process; the next test starts as if none had."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Signs certificates for servers on loopback."""
    return Authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def dovecot(authority: Authority) -> Iterator[Dovecot]:
    """One Dovecot for the whole run. Do not stop it: a test that breaks a server starts its own."""
    require("Dovecot", dovecot_server.available())
    with Dovecot(_USERS, certificate=authority.sign()) as server:
        yield server


@pytest.fixture
def mailbox(dovecot: Dovecot) -> Mailbox:
    """A fresh, empty mailbox on the shared Dovecot."""
    return _fresh(dovecot)


@pytest.fixture
def another_mailbox(dovecot: Dovecot) -> Mailbox:
    """A second one in the same test."""
    return _fresh(dovecot)


def _fresh(dovecot: Dovecot) -> Mailbox:
    user = f"kotak{next(_numbers)}@kesra.test"
    return Mailbox(dovecot, user, _USERS[user])
