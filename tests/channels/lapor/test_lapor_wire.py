"""Under the feed: TLS, compressed and chunked answers, and answers that want to be too much."""

import gzip
import json
import tracemalloc
from typing import Any

import pytest

from channels.errors import Permanent, Temporary
from testing.certificates import Authority
from tests.channels.contract import Ledger
from tests.channels.lapor.feed import Reply, channel_for, profile, serving

ROWS = {"data": [{"id": number, "title": f"laporan {number}"} for number in range(3)]}


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("ca"))


def count(base_url: str, ca_file: str | None = None, **http: Any) -> int:
    channel = channel_for(base_url, profile(), ca_file=ca_file, **http)
    try:
        return len(list(channel.fetch(Ledger())))
    finally:
        channel.close()


def test_a_feed_over_tls_with_the_offices_own_authority(authority: Authority) -> None:
    with serving(lambda _call: (200, {}, ROWS), authority.sign()) as (url, _):
        assert count(url, str(authority.ca_file), plain=False) == 3


@pytest.mark.parametrize("fault", ["expired", "other name", "unknown authority"])
def test_a_bad_certificate_is_temporary(authority: Authority, fault: str) -> None:
    name = "elsewhere.test" if fault == "other name" else "localhost"
    certificate = authority.sign(name, expired=fault == "expired")
    trusted = None if fault == "unknown authority" else str(authority.ca_file)
    with serving(lambda _call: (200, {}, ROWS), certificate) as (url, calls):
        with pytest.raises(Temporary, match="lapor_certificate"):
            count(url, trusted)
        assert calls == []


def test_tls_to_a_plain_port_is_temporary() -> None:
    with (
        serving(lambda _call: (200, {}, ROWS)) as (url, _),
        pytest.raises(Temporary, match="lapor_tls"),
    ):
        count(url.replace("http:", "https:"))


def test_a_missing_authority_file_is_permanent() -> None:
    with pytest.raises(Permanent, match="lapor_ca_file"):
        count("https://localhost:1/", "/no/such/file.pem")


def test_a_compressed_answer() -> None:
    body = gzip.compress(json.dumps(ROWS).encode())
    with serving(lambda _call: (200, {"Content-Encoding": "gzip"}, body)) as (url, _):
        assert count(url) == 3


def test_a_compressed_flood_is_cut_off_at_the_limit() -> None:
    flood = gzip.compress(b"[" + b" " * 200_000_000)
    with serving(lambda _call: (200, {"Content-Encoding": "gzip"}, flood)) as (url, _):
        tracemalloc.start()
        with pytest.raises(Temporary, match="lapor_too_big"):
            count(url, size_limit=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("whole", [True, False])
def test_a_chunked_answer(whole: bool) -> None:
    body = json.dumps(ROWS).encode()
    chunks = b"".join(b"%x\r\n%b\r\n" % (1, body[at : at + 1]) for at in range(len(body)))
    chunks += b"0\r\n\r\n" if whole else b""

    def answer(_call: object) -> Reply:
        return 200, {"Transfer-Encoding": "chunked", "Connection": "close"}, chunks

    with serving(answer) as (url, _):
        if whole:
            assert count(url) == 3
        else:
            with pytest.raises(Temporary, match="lapor_truncated"):
                count(url)
