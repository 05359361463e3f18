"""Trouble around the daemon: it goes on with the rest, tells people once, and catches up."""

import resource
import sqlite3
import time
from contextlib import closing
from datetime import datetime

from testing.daemon import Daemon, eventually
from testing.scripted_imap import ScriptedImap
from tests.e2e.office import Office, mail, mails


def test_a_channel_that_hangs_delays_no_other(office: Office) -> None:
    with ScriptedImap() as silent:
        silent.on("GREETING", lambda _turn: time.sleep(60))
        office.site.imap("mati", (silent.host, silent.port), "x", "x", timeout_seconds=30)
        with office.start() as daemon:
            eventually(lambda: silent.connections)
            for number in (1, 2, 3):
                began = time.monotonic()
                office.deliver(mail())
                daemon.hear("arrival.stored", count=number, channel="gmail")
                daemon.hear("notice.sent", count=number, kind="acknowledgement")
                assert time.monotonic() - began < 10
            assert daemon.heard("channel.failed", channel="mati") == []


def test_a_wrong_password_is_told_once_and_mended_while_it_runs(office: Office) -> None:
    server, user = office.mailbox.server, "kotak399@kesra.test"
    office.site.imap("webmail", (server.host, server.port), user, "salah")
    server.deliver(user, mail())
    with office.start() as daemon:
        daemon.hear("channel.failed", count=3, channel="webmail", timeout=40)
        office.deliver(mail())
        daemon.hear("arrival.stored", channel="gmail")
        assert office.sent()["channel_down"] == 1
        office.site.keep_secret("webmail", server.users[user])
        daemon.hear("arrival.stored", channel="webmail", timeout=60)
        daemon.hear("notice.sent", kind="channel_up")
    assert (office.sent()["channel_down"], office.sent()["channel_up"]) == (1, 1)


def test_a_dead_smtp_server_delays_and_loses_none(office: Office) -> None:
    with office.start() as daemon:
        with office.sink.down():
            office.deliver(*mails(10))
            daemon.hear("arrival.stored", count=10)
            daemon.hear("notice.failed")
        failed = daemon.heard("notice.failed")[0]
        assert datetime.fromisoformat(failed["again"]).tzinfo
        assert "tidak dapat dihubungi" in failed["error"]
        office.every_notice_is_sent_under_one_message_id()
    assert office.sent()["acknowledgement"] == 10


def test_a_disk_that_is_full_for_a_while_loses_nothing_and_repeats_nothing(office: Office) -> None:
    with office.start() as daemon:
        office.deliver(*mails(5))
        daemon.hear("notice.sent", count=5, kind="acknowledgement")
        limit(daemon, max(path.stat().st_size for path in office.site.database.parent.iterdir()))
        office.deliver(*mails(20))
        daemon.hear("store.unavailable", count=3)
        assert daemon.process.poll() is None
        limit(daemon, resource.RLIM_INFINITY)
        office.wait_for("cases", 25)
        office.every_notice_is_sent_under_one_message_id(once=True)
        assert daemon.heard("arrival.failed") == []
    assert office.rows("PRAGMA integrity_check") == [("ok",)]


def limit(daemon: Daemon, size: int) -> None:
    """No file of the daemon may grow over ``size``: what a full disk is to SQLite."""
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_database_locked_by_another_program_is_waited_for(office: Office) -> None:
    with office.start() as daemon:
        with closing(sqlite3.connect(office.site.database, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            office.deliver(*mails(5))
            time.sleep(4)
            assert office.count("cases") == 0
            other.execute("ROLLBACK")
        office.wait_for("cases", 5)
        assert daemon.heard("arrival.failed") == daemon.heard("turn.failed") == []
