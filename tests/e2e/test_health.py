"""The status page of a real daemon, and a mail to oneself through a real mailbox."""

import json
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from testing.daemon import Daemon, eventually
from tests.e2e.office import Office, mail

Samples = dict[tuple[str, ...], float]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Page:
    """The status page as a monitoring program sees it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        asked = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method)
        try:
            with urllib.request.urlopen(asked, timeout=10) as answer:
                return int(answer.status), answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def health(self) -> tuple[int, dict[str, Any]]:
        status, body = self.get("/healthz")
        return status, json.loads(body)

    def samples(self) -> Samples:
        """Every sample by its name and its labels' values."""
        _, body = self.get("/metrics")
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(body)
            for sample in family.samples
        }


@pytest.fixture
def page(office: Office) -> Page:
    made = Page(free_port())
    office.site.extra = f"[health]\nport = {made.port}\nstuck_minutes = 1\n"
    return made


@pytest.fixture
def daemon(office: Office, page: Page) -> Iterator[Daemon]:
    with office.start() as running:
        running.hear("health.served")
        yield running


def test_a_daemon_that_works_is_well(daemon: Daemon, page: Page) -> None:
    assert page.health() == (200, {"status": "ok", "problems": []})


def test_metrics_tell_of_channels_mails_and_cases(
    daemon: Daemon, page: Page, office: Office
) -> None:
    office.deliver(mail(), mail())
    office.wait_for("notices", 2, "state = 'sent'")
    found = eventually(
        lambda: (s := page.samples())[("muara_channel_arrivals_total", "gmail")] == 2 and s
    )
    assert found["muara_channel_state", "gmail", "healthy"] == 1
    assert found["muara_channel_state", "gmail", "silent"] == 0
    assert found["muara_channel_failures", "gmail"] == 0
    assert found["muara_cases", "routed"] == 2
    assert found[("muara_cases_late",)] == 0
    assert found[("muara_quarantine_size",)] == 0
    assert found[("muara_database_up",)] == 1
    assert found["muara_channel_seconds_since_success", "gmail"] < 30
    assert ("muara_notices_oldest_seconds",) in found
    assert [key for key in found if key[0] == "muara_build_info"]
    assert found[("process_resident_memory_bytes",)] > 0


def test_no_metric_names_a_person_or_an_address(daemon: Daemon, page: Page, office: Office) -> None:
    office.deliver(mail())
    office.wait_for("cases", 1)
    _, body = page.get("/metrics")
    assert "@" not in body
    assert "Warga" not in body


def test_a_channel_that_is_down_and_mails_that_wait_are_problems_of_a_daemon_that_works(
    office: Office, page: Page
) -> None:
    host, user = office.mailbox.server.host, office.mailbox.user
    office.site.imap("gmail", (host, office.mailbox.server.port), user, "salah")
    office.sink.stop()
    with office.start() as daemon:
        daemon.hear("channel.failed")
        sentence = eventually(lambda: page.health()[1]["problems"])[0]
        assert sentence.startswith("Kanal gmail terputus")
        assert user not in sentence
        assert page.health()[0] == 200
        assert page.samples()["muara_channel_state", "gmail", "down"] == 1
        assert page.samples()[("muara_notices_waiting",)] >= 1
    office.sink.start()


def test_a_dead_mailbox_whose_account_also_sends_is_told_by_the_command(
    office: Office, page: Page
) -> None:
    server, heard = office.mailbox.server, office.site.folder / "heard"
    office.site.imap("gmail", (server.host, server.port), office.mailbox.user, "salah")
    office.site.extra += f'notify_command = ["/bin/sh", "-c", "cat >> {heard}"]\n'
    with office.sink.down():
        with office.start() as daemon:
            daemon.hear("call.made", timeout=40)
            daemon.kill()
        with office.start() as daemon:  # a restart calls nobody a second time
            daemon.hear("channel.failed", timeout=90)
            time.sleep(11)
            assert daemon.stop()[0] == 0
    (sentence,) = heard.read_text("utf-8").splitlines()
    assert sentence.startswith("Kanal gmail terputus")


@contextmanager
def gone(office: Office) -> Iterator[None]:
    """Take the database's tables away, as a disk that fails does for a reader."""
    with closing(sqlite3.connect(office.site.database, timeout=30)) as db:
        db.execute("ALTER TABLE kept_values RENAME TO elsewhere")
        db.execute("ALTER TABLE channels RENAME TO elsewhere_too")
        try:
            yield
        finally:
            db.execute("ALTER TABLE elsewhere_too RENAME TO channels")
            db.execute("ALTER TABLE elsewhere RENAME TO kept_values")


def test_without_a_database_it_is_failing_and_says_so_in_one_sentence(
    daemon: Daemon, page: Page, office: Office
) -> None:
    with gone(office):
        _, said = eventually(lambda: (h := page.health())[0] == 503 and h)
        assert said["status"] == "failing"
        (sentence,) = said["problems"]
        assert sentence.startswith("Basis data tidak menjawab")
        assert page.get("/metrics")[0] == 200
        eventually(lambda: page.samples()[("muara_database_up",)] == 0)
    assert eventually(lambda: page.health()[0] == 200)


def test_other_paths_and_methods_are_refused(daemon: Daemon, page: Page) -> None:
    assert page.get("/")[0] == 404
    assert page.get("/../etc/passwd")[0] == 404
    assert page.get("/healthz", "POST")[0] == 405
    assert page.get("/healthz", "HEAD") == (200, "")


def test_only_this_computer_can_ask(daemon: Daemon, page: Page) -> None:
    with pytest.raises(ConnectionRefusedError):  # all of 127.0.0.0/8 leads here; one is bound
        socket.create_connection(("127.0.0.2", page.port), 5).close()


def test_clients_that_say_nothing_hold_up_neither_others_nor_the_end(
    daemon: Daemon, page: Page
) -> None:
    silent = [socket.create_connection(("127.0.0.1", page.port), 5) for _ in range(20)]
    try:
        began = time.monotonic()
        assert page.health()[0] == 200
        assert time.monotonic() - began < 3
        code, took = daemon.stop()
        assert code == 0
        assert took < 4
    finally:
        for one in silent:
            one.close()


def test_many_who_ask_at_once_are_answered(daemon: Daemon, page: Page) -> None:
    seen: list[int] = []

    def ask() -> None:
        seen.extend(page.get(path)[0] for path in ("/metrics", "/healthz") * 5)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [200] * 80


def test_a_port_that_is_taken_keeps_no_complaint_out(office: Office, page: Page) -> None:
    with socket.create_server(("127.0.0.1", page.port)), office.start() as daemon:
        daemon.hear("health.not_served")
        office.deliver(mail())
        office.wait_for("cases", 1)
        assert daemon.stop()[0] == 0


def relay(office: Office, since: int = 0) -> list[str]:
    """Do what a mail server does with a mail to the mailbox; return the subjects."""
    mine = [one for one in office.sink.received[since:] if office.mailbox.user in one.recipients]
    office.deliver(*(one.raw for one in mine))
    return [str(one.message["Subject"]) for one in mine]


def test_a_mail_to_oneself_goes_out_and_comes_back(office: Office, page: Page) -> None:
    server = office.mailbox.server
    office.site.imap(
        "gmail",
        (server.host, server.port),
        office.mailbox.user,
        office.mailbox.password,
        canary_minutes=30,
    )
    with office.start() as daemon:
        daemon.hear("notice.sent", kind="canary", timeout=40)
        eventually(lambda: relay(office))
        office.wait_for("channels", 1, "canary_back_at IS NOT NULL")
        found = page.samples()
        assert 0 <= found["muara_channel_canary_seconds", "gmail"] < 60
        assert found["muara_channel_arrivals_total", "gmail"] == 0
        assert office.count("cases") == 0
        assert office.sent() == {"canary": 1}
        assert "kembali" in office.site.command("channels").stdout
        assert daemon.stop()[0] == 0
    with office.start():  # the first round comes at once, and nothing is due
        time.sleep(3)
        assert office.sent() == {"canary": 1}
