"""An office on real parts: settings, shipped rules, SQLite and an SMTP sink; mail comes through memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.staff_mail import patience
from testing.smtp_sink import SmtpSink
from tests.ingest.staff_shop import StaffShop
from tests.ingest.workshop import Workshop


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as running:
        yield running


@pytest.fixture
def staff(tmp_path: Path, sink: SmtpSink, monkeypatch: pytest.MonkeyPatch) -> Iterator[StaffShop]:
    """An office whose staff work by mail, with a steady clock of its own."""
    made = StaffShop(tmp_path, sink)
    monkeypatch.setattr(patience, "monotonic", made.steady)
    yield made
    made.close()


@pytest.fixture
def shop(tmp_path: Path, sink: SmtpSink) -> Iterator[Workshop]:
    made = Workshop(tmp_path, sink)
    yield made
    made.close()
