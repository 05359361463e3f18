"""Starting, stopping, and what systemd and a second daemon are told."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from testing.scripted_imap import ScriptedImap
from tests.e2e.office import Office, mail, mails


class Systemd:
    """The receiving end of sd_notify."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(30)

    def hear(self) -> str:
        return self._socket.recv(4096).decode()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    made = Systemd(tmp_path / "notify")
    yield made
    made.close()


def test_systemd_is_told_when_it_is_ready_alive_and_stopping(
    office: Office, systemd: Systemd
) -> None:
    with office.site.start(environment={"NOTIFY_SOCKET": str(systemd.path)}) as daemon:
        assert systemd.hear() == "READY=1"
        assert systemd.hear() == "WATCHDOG=1"
        assert daemon.stop()[0] == 0
        assert systemd.hear() == "STOPPING=1"


def test_sigterm_in_the_middle_of_a_batch_loses_nothing_and_takes_seconds(office: Office) -> None:
    office.deliver(*mails(120))
    with office.start() as daemon:
        daemon.hear("arrival.stored")
        code, seconds = daemon.stop()
        assert (code, daemon.strange) == (0, [])
        assert seconds < 8
        (stopped,) = daemon.heard("daemon.stopped")
        assert stopped["abandoned"] is False
    assert 0 < office.count("cases") < 120
    with office.start():
        office.wait_for("cases", 120)
        office.every_notice_is_sent_under_one_message_id()
    assert office.count("arrivals") == office.count("cases") == 120


def test_it_stops_within_seconds_although_a_server_hangs(office: Office) -> None:
    with ScriptedImap() as silent:
        silent.on("GREETING", lambda _turn: time.sleep(60))
        office.site.imap("mati", (silent.host, silent.port), "x", "x", timeout_seconds=60)
        with office.start() as daemon:
            office.deliver(mail())
            daemon.hear("arrival.stored", channel="gmail")
            code, seconds = daemon.stop()
    assert code == 0
    assert seconds < 15


def test_a_second_daemon_is_refused_in_one_sentence_and_the_first_goes_on(office: Office) -> None:
    with office.start() as daemon:
        second = office.site.command("run")
        assert second.returncode == 1
        assert f"proses {daemon.process.pid}" in second.stderr
        assert "Traceback" not in second.stderr
        office.deliver(mail())
        daemon.hear("arrival.stored")


def test_killed_and_started_again_there_is_one_case_and_one_message_id(office: Office) -> None:
    office.deliver(*mails(60))
    with office.start() as daemon:
        daemon.hear("notice.sent", count=5)
        daemon.kill()
    with office.start():
        office.wait_for("cases", 60)
        office.every_notice_is_sent_under_one_message_id()
    assert office.count("arrivals") == office.count("cases") == 60
