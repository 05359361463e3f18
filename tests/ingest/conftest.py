"""An office on real parts: settings, shipped rules, SQLite and an SMTP sink; mail comes through memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.smtp_sink import SmtpSink
from tests.ingest.workshop import Workshop


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


@pytest.fixture
def shop(tmp_path: Path, sink: SmtpSink) -> Iterator[Workshop]:
    made = Workshop(tmp_path, sink)
    yield made
    made.close()
