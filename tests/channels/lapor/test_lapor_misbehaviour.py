"""A feed that misbehaves: what to do next is always clear, and it goes on where it was."""

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from channels.errors import ChannelError, Permanent, Temporary
from channels.lapor import LaporChannel, MappedJson
from config.texts import LANGUAGES, Texts
from testing.lapor_server import LaporServer
from tests.channels.contract import Ledger
from tests.channels.lapor.feed import settings


@pytest.fixture
def server() -> Iterator[LaporServer]:
    with LaporServer(page_size=3) as running:
        for number in range(8):
            running.add(f"laporan {number}")
        yield running


@pytest.fixture
def channel(server: LaporServer) -> Iterator[LaporChannel]:
    lapor = LaporChannel("lapor", MappedJson(settings(server, timeout=1.0, total=1.0)))
    yield lapor
    lapor.close()


def in_words(error: ChannelError) -> list[str]:
    return [Texts(language)(f"errors.{error.code}", **error.values) for language in LANGUAGES]


@pytest.mark.parametrize(
    ("faults", "kind", "code"),
    [
        ({"status": 500}, Temporary, "lapor_server_error"),
        ({"status": 401}, Permanent, "lapor_login_refused"),
        ({"status": 403}, Permanent, "lapor_login_refused"),
        ({"status": 404}, Permanent, "lapor_not_found"),
        ({"status": 429, "retry_after": "30"}, Temporary, "lapor_busy"),
        ({"status": 503, "retry_after": "nonsense"}, Temporary, "lapor_busy"),
        ({"delay": 1.5}, Temporary, "lapor_timeout"),
        ({"drip": 0.02}, Temporary, "lapor_timeout"),
        ({"truncate": True}, Temporary, "lapor_truncated"),
        ({"half_json": True}, Temporary, "lapor_bad_json"),
        ({"html": True}, Temporary, "lapor_html"),
        ({"error_object": {"status": False, "msg": "Token kedaluwarsa"}}, Permanent, "lapor_error"),
        ({"error_object": {"status": 0, "errors": ["a", "b"]}}, Permanent, "lapor_error"),
        (
            {"error_object": {"status": False, "error": "Server sedang sibuk"}},
            Temporary,
            "lapor_error_later",
        ),
        ({"error_object": {"status": 503, "msg": "x"}}, Temporary, "lapor_error_later"),
        ({"error_object": {"foo": 1}}, Temporary, "lapor_unexpected"),
        ({"redirect": "http://elsewhere.test/"}, Permanent, "lapor_moved"),
    ],
)
def test_every_misbehaviour_says_what_to_do_and_costs_nothing(
    server: LaporServer,
    channel: LaporChannel,
    faults: dict[str, Any],
    kind: type[ChannelError],
    code: str,
) -> None:
    ledger = Ledger()
    began = time.monotonic()
    with server.misbehaving(**faults), pytest.raises(kind) as caught:
        ledger.commit_all(channel.fetch(ledger))
    assert time.monotonic() - began < 2.5
    assert caught.value.code == code
    assert all(in_words(caught.value))
    again = LaporChannel("lapor", MappedJson(settings(server)))
    assert len(ledger.commit_all(again.fetch(ledger))) == 8
    again.close()


def test_an_unknown_host_is_temporary(server: LaporServer) -> None:
    lost = settings(server, base_url="http://no-such-host.invalid/api/")
    with pytest.raises(Temporary) as caught:
        list(LaporChannel("lapor", MappedJson(lost)).fetch(Ledger()))
    assert caught.value.code == "lapor_unknown_host"


def test_a_refused_connection_is_not_called_slow(server: LaporServer) -> None:
    nobody = settings(server, base_url="http://127.0.0.1:1/api/")
    with pytest.raises(Temporary) as caught:
        list(LaporChannel("lapor", MappedJson(nobody)).fetch(Ledger()))
    assert caught.value.code == "lapor_unreachable"
    assert "refused" in caught.value.values["reason"]


def test_a_short_retry_after_is_sat_out(server: LaporServer, channel: LaporChannel) -> None:
    server.faults.status, server.faults.times, server.faults.retry_after = 429, 1, "1"
    assert len(list(channel.fetch(Ledger()))) == 8
    refused, taken, *_ = server.asked
    assert refused.status == 429
    assert taken.at - refused.at >= 1


def test_a_long_retry_after_is_kept_over_the_next_poll(
    server: LaporServer, channel: LaporChannel
) -> None:
    with server.misbehaving(status=429, retry_after="600"), pytest.raises(Temporary):
        list(channel.fetch(Ledger()))
    assert len(server.asked) == 1
    with pytest.raises(Temporary) as caught:
        list(channel.fetch(Ledger()))
    assert len(server.asked) == 1
    assert 590 < float(caught.value.values["seconds"]) <= 600


def test_a_passing_server_error_is_tried_again(server: LaporServer, channel: LaporChannel) -> None:
    server.faults.status, server.faults.times = 502, 2
    assert len(list(channel.fetch(Ledger()))) == 8


@pytest.mark.parametrize("fault", ["cursor_loop", "repeat_last"])
def test_a_circle_of_pages_is_left(server: LaporServer, channel: LaporChannel, fault: str) -> None:
    ledger = Ledger()
    with server.misbehaving(**{fault: True}):
        found = ledger.commit_all(channel.fetch(ledger))
    assert len(found) == (3 if fault == "cursor_loop" else 8)
    assert len(server.asked) < 10


def test_requests_are_apart_by_the_pause_even_when_tried_again(server: LaporServer) -> None:
    server.faults.status, server.faults.times = 502, 2
    polite = LaporChannel("lapor", MappedJson(settings(server, pause=0.2)))
    list(polite.fetch(Ledger()))
    times = [asked.at for asked in server.asked]
    assert len(times) > 3
    assert min(later - sooner for sooner, later in itertools.pairwise(times)) >= 0.19
    polite.close()


def test_an_unchanged_page_costs_a_304_and_tells_the_same(server: LaporServer) -> None:
    server.etag = True
    channel = LaporChannel("lapor", MappedJson(settings(server)))
    first = [arrival.position for arrival in channel.fetch(Ledger())]
    server.asked.clear()
    assert [arrival.position for arrival in channel.fetch(Ledger())] == first
    assert {asked.status for asked in server.asked} == {304}
    channel.close()


def test_an_answer_over_the_limit_is_not_read_to_its_end(server: LaporServer) -> None:
    server.add("besar", "x" * 500_000)
    small = LaporChannel("lapor", MappedJson(settings(server, size_limit=100_000)))
    with pytest.raises(Temporary, match="lapor_too_big"):
        list(small.fetch(Ledger()))
    small.close()


def test_a_header_that_drips_ends_with_the_timeout(server: LaporServer) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            while not done.wait(0.05):
                try:
                    connection.sendall(b"H")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    dripping = LaporChannel("lapor", MappedJson(settings(server, base_url=url, timeout=1.0)))
    began = time.monotonic()
    with pytest.raises(Temporary, match="lapor_timeout"):
        list(dripping.fetch(Ledger()))
    assert time.monotonic() - began < 2
    dripping.close()
    done.set()
    thread.join()
    listener.close()
