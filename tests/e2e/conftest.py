"""An office whose daemon is a real process, with a mailbox on a real Dovecot, a feed and an SMTP server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.daemon import Site
from testing.lapor_server import LaporServer
from testing.smtp_sink import SmtpSink
from tests.conftest import Mailbox
from tests.e2e.office import Office


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


@pytest.fixture
def feed() -> Iterator[LaporServer]:
    with LaporServer() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, mailbox: Mailbox, sink: SmtpSink) -> Office:
    site = Site(tmp_path, sink.port)
    site.imap("gmail", (mailbox.server.host, mailbox.server.port), mailbox.user, mailbox.password)
    return Office(site, mailbox, sink)
