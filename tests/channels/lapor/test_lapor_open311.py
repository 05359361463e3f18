"""GeoReport v2: windows of time, extensions, entries without an id."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from channels.base import Channel
from channels.errors import Unreadable
from channels.lapor import HttpSettings, LaporChannel, Open311, Open311Settings
from tests.channels.contract import Contract, Harness, Ledger
from tests.channels.lapor.feed import Call, Reply, serving

Request = dict[str, Any]


class World:
    """An Open311 server's requests, and how it answers."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.broken = False
        self.wrapped = False
        self.updated_after = False

    def add(self, text: str, days_ago: float = 1, **fields: Any) -> Request:
        made = datetime.now(UTC) - timedelta(days=days_ago) + timedelta(seconds=len(self.requests))
        at = made.strftime("%Y-%m-%dT%H:%M:%SZ")
        request = {
            "service_request_id": str(1000 + len(self.requests)),
            "status": "open",
            "service_code": "006",
            "service_name": "Jalan",
            "description": text,
            "requested_datetime": at,
            "updated_datetime": at,
        }
        self.requests.append(request | fields)
        return self.requests[-1]

    def answer(self, call: Call) -> Reply:
        if self.broken:
            return 503, {}, {}
        rows = [row for row in self.requests if self._asked_for(row, call.params)]
        if size := int(call.params.get("page_size", 0)):
            start = (int(call.params["page"]) - 1) * size
            rows = rows[start : start + size]
        return 200, {}, {"service_requests": rows} if self.wrapped else rows

    def _asked_for(self, row: Request, params: dict[str, str]) -> bool:
        if "updated_after" in params:
            return bool(row["updated_datetime"] > params["updated_after"])
        start, end = params["start_date"], params["end_date"]
        span = datetime.fromisoformat(end) - datetime.fromisoformat(start)
        assert span <= timedelta(days=90)
        return bool(start <= row["requested_datetime"] <= end)


@pytest.fixture
def world() -> World:
    return World()


def channel_on(url: str, **changes: Any) -> LaporChannel:
    http = HttpSettings(url, plain=True, pause=0.0, timeout=2.0, total=2.0)
    since = (datetime.now(UTC) - timedelta(days=400)).date()
    return LaporChannel("open311", Open311(Open311Settings(http, since, **changes)))


class Open311Harness:
    def __init__(self, url: str, world: World) -> None:
        self._url = url
        self._world = world
        self.channels: list[Channel] = []

    def channel(self) -> Channel:
        self.channels.append(channel_on(self._url))
        return self.channels[-1]

    def push(self, *texts: str) -> None:
        for text in texts:
            self._world.add(text)

    def break_(self) -> None:
        self._world.broken = True

    def heal(self) -> None:
        self._world.broken = False


class TestOpen311(Contract):
    @pytest.fixture
    def harness(self, world: World) -> Iterator[Harness]:
        with serving(world.answer) as (url, _):
            harness = Open311Harness(url, world)
            yield harness
            for channel in harness.channels:
                channel.close()


@pytest.mark.parametrize("wrapped", [True, False])
@pytest.mark.parametrize("page_size", [0, 2])
def test_windows_reach_back_to_the_start_oldest_first(
    world: World, wrapped: bool, page_size: int
) -> None:
    world.wrapped = wrapped
    for days in (390, 301, 300, 100, 89, 1):
        world.add(f"{days} hari lalu", days)
    world.add("terlalu lama", 500)
    with serving(world.answer) as (url, _):
        channel = channel_on(url, page_size=page_size)
        found = [channel.read(arrival).text for arrival in channel.fetch(Ledger())]
        assert found == [f"{days} hari lalu" for days in (390, 301, 300, 100, 89, 1)]
        channel.close()


def test_a_later_walk_looks_at_the_newest_only(world: World) -> None:
    ledger = Ledger()
    world.add("lama", 300)
    with serving(world.answer) as (url, calls):
        channel = channel_on(url)
        ledger.commit_all(channel.fetch(ledger))
        calls.clear()
        world.add("baru")
        assert len(ledger.commit_all(channel.fetch(ledger))) == 1
        assert len(calls) == 1
        channel.close()


def test_updated_after_finds_a_change_of_an_old_request_at_once(world: World) -> None:
    ledger = Ledger()
    old = world.add("lama", 300)
    with serving(world.answer) as (url, _):
        channel = channel_on(url, updated_after=True)
        ledger.commit_all(channel.fetch(ledger))
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        old |= {"status": "closed", "status_notes": "Sudah diperbaiki.", "updated_datetime": now}
        (changed,) = channel.fetch(ledger)
        message = channel.read(changed)
        assert message.status == "selesai"
        assert message.followups[0].text == "Sudah diperbaiki."
        channel.close()


def test_a_request_reads_as_a_message(world: World) -> None:
    world.add("Berlubang", lat=-8.1, long=115.1, media_url="http://x.test/foto/7.jpg?s=1")
    with serving(world.answer) as (url, _):
        channel = channel_on(url)
        (arrival,) = channel.fetch(Ledger())
        message = channel.read(arrival)
        assert message.subject == message.category == "Jalan"
        assert message.location == "-8.1 115.1"
        assert [file.filename for file in message.attachments] == ["7.jpg"]
        channel.close()


def test_an_entry_without_an_id_is_handed_over_and_unreadable(world: World) -> None:
    del world.add("tanpa nomor")["service_request_id"]
    with serving(world.answer) as (url, _):
        channel = channel_on(url)
        (arrival,) = channel.fetch(Ledger())
        with pytest.raises(Unreadable, match="lapor_no_id"):
            channel.read(arrival)
        channel.close()


def test_nothing_before_the_start_date_is_asked_for(world: World) -> None:
    with serving(world.answer) as (url, calls):
        http = HttpSettings(url, plain=True, pause=0.0)
        dialect = Open311(Open311Settings(http, since=date(2024, 11, 1)))
        assert list(dialect.walk(set())) == []
        assert calls[0].params["start_date"] == "2024-10-31T16:00:00Z"
        dialect.close()
