"""What every kind of channel must do. A kind passes by a class that inherits Contract and has a ``harness`` fixture.

class TestMyChannel(Contract):
    @pytest.fixture
    def harness(self) -> Iterator[Harness]: ...
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from threading import Event
from typing import Protocol

import pytest

from channels.base import Channel, Inventoried
from channels.errors import Temporary, Unreadable
from channels.types import Arrival, Position, Shelf


class Harness(Protocol):
    """How the contract moves the world behind one kind of channel."""

    def channel(self) -> Channel:
        """A new channel object looking at this world, as after a restart of the daemon."""
        ...

    def push(self, *texts: str) -> None:
        """Let one item with each text arrive at the far side, in this order."""
        ...

    def break_(self) -> None:
        """Make the far side unreachable."""
        ...

    def heal(self) -> None:
        """Make it reachable again, with everything it held."""
        ...


class Ledger:
    """What is stored, as the store would answer it."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self._items: set[Position] = set()

    def items(self, folder: str, generation: str) -> set[str]:
        return {
            position.item
            for position in self._items
            if (position.folder, position.generation) == (folder, generation)
        }

    def commit(self, arrival: Arrival) -> None:
        self._items.add(arrival.position)
        self.cursor = arrival.cursor or self.cursor

    def commit_all(self, arrivals: Iterable[Arrival]) -> list[Arrival]:
        taken = []
        for arrival in arrivals:
            self.commit(arrival)
            taken.append(arrival)
        return taken


def texts(channel: Channel, arrivals: Iterable[Arrival]) -> list[str]:
    return [channel.read(arrival).text.strip() for arrival in arrivals]


def inventory(channel: Channel, ledger: Ledger) -> list[Shelf]:
    if not isinstance(channel, Inventoried):
        pytest.skip("nothing lies in this kind of channel")
    return list(channel.inventory(ledger))


class Contract(ABC):
    @pytest.fixture
    @abstractmethod
    def harness(self) -> Harness: ...

    def test_nothing_there_is_nothing_fetched(self, harness: Harness) -> None:
        assert list(harness.channel().fetch(Ledger())) == []

    def test_what_arrived_is_fetched_oldest_first(self, harness: Harness) -> None:
        harness.push("jalan rusak", "bansos terlambat", "guru ngaji")
        channel = harness.channel()
        arrivals = list(channel.fetch(Ledger()))
        assert texts(channel, arrivals) == ["jalan rusak", "bansos terlambat", "guru ngaji"]

    def test_an_arrival_says_where_and_when_it_came_in(self, harness: Harness) -> None:
        harness.push("satu", "dua")
        channel = harness.channel()
        arrivals = list(channel.fetch(Ledger()))
        assert len({arrival.position for arrival in arrivals}) == 2
        for arrival in arrivals:
            assert arrival.channel == channel.name
            assert arrival.position.item
            assert arrival.received_at.utcoffset() is not None
            assert arrival.size >= len(arrival.raw) > 0
            assert not arrival.truncated

    def test_a_message_carries_the_medium_and_the_time_of_receipt(self, harness: Harness) -> None:
        harness.push("jalan rusak")
        channel = harness.channel()
        (arrival,) = channel.fetch(Ledger())
        message = channel.read(arrival)
        assert message.medium is channel.medium
        assert message.received_at == arrival.received_at

    def test_what_the_ledger_holds_is_not_fetched_again(self, harness: Harness) -> None:
        harness.push("satu", "dua")
        ledger = Ledger()
        ledger.commit_all(harness.channel().fetch(ledger))
        assert list(harness.channel().fetch(ledger)) == []
        harness.push("tiga")
        channel = harness.channel()
        assert texts(channel, channel.fetch(ledger)) == ["tiga"]

    def test_only_the_ledger_remembers(self, harness: Harness) -> None:
        harness.push("satu", "dua")
        channel = harness.channel()
        first = list(channel.fetch(Ledger()))
        assert [a.position for a in channel.fetch(Ledger())] == [a.position for a in first]

    def test_what_was_not_committed_comes_again(self, harness: Harness) -> None:
        harness.push("satu", "dua", "tiga")
        ledger, channel = Ledger(), harness.channel()
        ledger.commit(next(iter(channel.fetch(ledger))))
        assert texts(channel, channel.fetch(ledger)) == ["dua", "tiga"]

    def test_acknowledging_is_no_memory(self, harness: Harness) -> None:
        harness.push("satu", "dua")
        channel = harness.channel()
        positions = [arrival.position for arrival in channel.fetch(Ledger())]
        channel.acknowledge(positions)
        assert [a.position for a in harness.channel().fetch(Ledger())] == positions

    def test_acknowledging_what_cannot_be_reached_hurts_nobody(self, harness: Harness) -> None:
        harness.push("satu")
        channel = harness.channel()
        positions = [arrival.position for arrival in channel.fetch(Ledger())]
        harness.break_()
        channel.acknowledge(positions)
        channel.close()
        channel.acknowledge(positions)

    def test_reading_needs_no_network(self, harness: Harness) -> None:
        harness.push("jalan rusak")
        channel = harness.channel()
        arrivals = list(channel.fetch(Ledger()))
        channel.close()
        harness.break_()
        assert texts(channel, arrivals) == ["jalan rusak"]

    def test_a_far_side_that_is_gone_is_temporary_and_costs_nothing(self, harness: Harness) -> None:
        harness.push("satu")
        ledger, channel = Ledger(), harness.channel()
        ledger.commit_all(channel.fetch(ledger))
        harness.break_()
        with pytest.raises(Temporary):
            list(channel.fetch(ledger))
        harness.heal()
        harness.push("dua")
        assert texts(channel, channel.fetch(ledger)) == ["dua"]

    def test_an_inventory_names_all_that_is_there_and_what_the_ledger_lacks(
        self, harness: Harness
    ) -> None:
        harness.push("satu", "dua", "tiga")
        ledger, channel = Ledger(), harness.channel()
        arrivals = list(channel.fetch(Ledger()))
        ledger.commit(arrivals[0])
        (shelf,) = inventory(channel, ledger)
        place = arrivals[0].position
        assert (shelf.folder, shelf.generation) == (place.folder, place.generation)
        assert shelf.items == {arrival.position.item for arrival in arrivals}
        assert set(shelf.unknown) == shelf.items - {place.item}
        for at in shelf.unknown.values():
            assert at is None or at.utcoffset() is not None

    def test_after_a_poll_the_inventory_holds_nothing_unknown(self, harness: Harness) -> None:
        harness.push("satu", "dua")
        ledger, channel = Ledger(), harness.channel()
        ledger.commit_all(channel.fetch(ledger))
        (shelf,) = inventory(channel, ledger)
        assert len(shelf.items) == 2
        assert shelf.unknown == {}

    def test_an_inventory_takes_nothing(self, harness: Harness) -> None:
        harness.push("satu")
        channel = harness.channel()
        inventory(channel, Ledger())
        assert texts(channel, channel.fetch(Ledger())) == ["satu"]

    def test_no_inventory_of_a_far_side_that_is_gone(self, harness: Harness) -> None:
        harness.push("satu")
        channel = harness.channel()
        harness.break_()
        with pytest.raises(Temporary):
            inventory(channel, Ledger())

    @pytest.mark.parametrize("raw", [b"", b"\x00\xff\xfe\x00", b"{", b"<html", b"\r\n" * 50])
    def test_bytes_that_make_no_sense_are_read_or_unreadable(
        self, harness: Harness, raw: bytes
    ) -> None:
        harness.push("satu")
        channel = harness.channel()
        (good,) = channel.fetch(Ledger())
        odd = Arrival(channel.name, good.position, raw, good.received_at, len(raw))
        try:
            assert channel.read(odd).medium is channel.medium
        except Unreadable as error:
            assert error.code  # noqa: PT017 - either outcome is right, nothing else is

    def test_waiting_ends_with_the_timeout(self, harness: Harness) -> None:
        channel = harness.channel()
        list(channel.fetch(Ledger()))
        began = time.monotonic()
        assert channel.wait(0.3, Event()) is False
        assert 0.2 < time.monotonic() - began < 3

    def test_waiting_ends_within_a_second_when_told_to_stop(self, harness: Harness) -> None:
        channel, stop = harness.channel(), Event()
        list(channel.fetch(Ledger()))
        threading.Timer(0.2, stop.set).start()
        began = time.monotonic()
        assert channel.wait(60, stop) is False
        assert time.monotonic() - began < 1.5

    def test_closing_twice_is_harmless_and_not_the_end(self, harness: Harness) -> None:
        harness.push("satu")
        channel = harness.channel()
        channel.close()
        list(channel.fetch(Ledger()))
        channel.close()
        channel.close()
        assert texts(channel, channel.fetch(Ledger())) == ["satu"]
