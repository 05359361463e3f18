"""The daemon's daily copy, seen from the scheduler."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from config.settings import load
from config.texts import Texts
from ingest.daily import daily_copies
from service import Daemon
from testing.daemon import Site
from wiring.chores import BACKUP, BACKUP_FIRST
from wiring.clock import now
from wiring.parts import build


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(tmp_path)
    made.imap("gmail", ("localhost", 1), "kesra", "rahasia")
    made.write()
    made.database.parent.mkdir()
    return made


@pytest.fixture
def daemon(site: Site) -> Iterator[Daemon]:
    parts = build(load(site.config), Texts("id"))
    parts.store.upgrade()
    yield Daemon(parts, Event())
    parts.store.close()


def back_up(daemon: Daemon) -> None:
    next(chore for chore in daemon._chores if chore.name == BACKUP).do(daemon.pulse)


def test_the_daily_copy_waits_until_the_start_is_over(daemon: Daemon) -> None:
    daemon.start()
    try:
        job = daemon._scheduler.get_job(BACKUP)
        assert abs(job.next_run_time - now() - BACKUP_FIRST) < timedelta(seconds=30)
    finally:
        daemon._stop.set()
        daemon.shut_down()


def test_the_copy_lies_in_the_configured_folder(site: Site, daemon: Daemon) -> None:
    back_up(daemon)
    assert len(daily_copies(site.folder / "data" / "backup")) == 1


def test_a_folder_that_cannot_be_used_is_a_line_in_the_log(site: Site, daemon: Daemon) -> None:
    (site.folder / "data" / "backup").write_text("no folder")
    with capture_logs() as log:
        back_up(daemon)
    assert [entry["event"] for entry in log] == ["backup.failed"]
