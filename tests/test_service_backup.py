"""The daemon's daily copy, seen from the scheduler."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from ingest.daily import daily_copies
from service import BACKUP, BACKUP_FIRST, Daemon
from testing.smtp_sink import SmtpSink
from tests.ingest.workshop import Workshop
from wiring import now


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    with SmtpSink() as sink:
        made = Workshop(tmp_path, sink)
        yield made
        made.close()


@pytest.fixture
def daemon(shop: Workshop) -> Daemon:
    return Daemon(shop.parts, Event())


def test_the_daily_copy_waits_until_the_start_is_over(shop: Workshop) -> None:
    shop.clock.now = now()
    daemon = Daemon(shop.parts, Event())
    daemon.start()
    try:
        job = daemon._scheduler.get_job(BACKUP)
        assert abs(job.next_run_time - now() - BACKUP_FIRST) < timedelta(seconds=30)
    finally:
        daemon._stop.set()
        daemon.shut_down()


def test_the_copy_lies_in_the_configured_folder(shop: Workshop, daemon: Daemon) -> None:
    daemon._back_up()
    assert len(daily_copies(shop.site.folder / "data" / "backup")) == 1


def test_a_folder_that_cannot_be_used_is_a_line_in_the_log(shop: Workshop, daemon: Daemon) -> None:
    (shop.site.folder / "data" / "backup").write_text("no folder")
    with capture_logs() as log:
        daemon._back_up()
    assert [entry["event"] for entry in log] == ["backup.failed"]
