"""What /healthz says of threads that do not move, on a real store; the daemon itself is tests/e2e/test_health.py."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest

from health import CHANNEL, OUTBOX, Monitor, Pulse, StatusPage
from ingest.rounds import Rounds
from ingest.watch import Watcher
from testing.daemon import TEAM
from testing.smtp_sink import SmtpSink
from tests.ingest.workshop import Workshop

PATIENCE = 0.2


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Workshop]:
    with SmtpSink() as sink:
        made = Workshop(tmp_path, sink)
        yield made
        made.close()


@pytest.fixture
def pulse() -> Pulse:
    return Pulse(PATIENCE)


@pytest.fixture
def monitor(shop: Workshop, pulse: Pulse) -> Monitor:
    watcher = Watcher(shop.store, {}, [TEAM])
    rounds = Rounds(shop.store, watcher, channels=["gmail"], patience=timedelta(minutes=30))
    return Monitor(shop.store, rounds, words=shop.parts.words, pulse=pulse, clock=shop.clock)


def test_who_keeps_a_promise_is_not_overdue(pulse: Pulse) -> None:
    pulse.beat("a", 60)
    pulse.beat("b")
    sleep(PATIENCE * 2)
    assert pulse.overdue() == ["b"]
    pulse.beat("b")
    assert pulse.overdue() == []


def test_a_thread_that_is_stuck_makes_the_daemon_failing(monitor: Monitor, pulse: Pulse) -> None:
    pulse.beat(f"{CHANNEL}gmail")
    sleep(PATIENCE * 2)
    report = monitor.report()
    assert report.status == "failing"
    assert report.problems == (
        "Bagian channel:gmail tidak bergerak. Mulai ulang: systemctl restart muara",
    )


def test_a_long_turn_that_brings_mail_is_not_stuck(
    monitor: Monitor, pulse: Pulse, shop: Workshop
) -> None:
    pulse.beat(f"{CHANNEL}gmail")
    sleep(PATIENCE * 2)
    shop.receive(shop.mail())
    assert monitor.report().status == "ok"


def test_a_long_queue_that_is_being_sent_is_not_stuck(
    monitor: Monitor, pulse: Pulse, shop: Workshop
) -> None:
    pulse.beat(OUTBOX)
    sleep(PATIENCE * 2)
    shop.opened()
    assert [mail for mail in shop.send() if TEAM in mail.recipients]
    assert monitor.report().status == "ok"


def test_mails_that_do_not_go_out_are_a_problem_but_no_reason_to_restart(
    monitor: Monitor, shop: Workshop
) -> None:
    shop.opened()
    shop.clock.pass_(minutes=31)
    report = monitor.report()
    assert (report.failing, report.status) == (False, "degraded")
    assert report.problems[0].startswith("Surat keluar (smtp) macet sejak")


def test_an_answer_is_given_again_for_a_moment(monitor: Monitor, shop: Workshop) -> None:
    before = monitor.metrics()
    shop.opened()
    assert monitor.metrics() == before


def test_a_page_can_be_stopped_and_its_port_used_again(monitor: Monitor) -> None:
    with StatusPage(monitor, "127.0.0.1", 0) as first:
        port = first.port
    with StatusPage(monitor, "127.0.0.1", port) as second:
        assert second.port == port


def test_a_page_can_be_served_at_an_address_of_the_new_kind(monitor: Monitor) -> None:
    with StatusPage(monitor, "::1", 0) as page:
        assert page.port > 0
