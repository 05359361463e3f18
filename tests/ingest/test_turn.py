from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest

from channels.errors import Permanent, Temporary
from channels.memory import MemoryChannel
from channels.types import Arrival, Seen
from classify.types import Medium
from store.types import ChannelHealth
from testing.daemon import TEAM
from tests.ingest.workshop import PLAIN, Workshop, body, reading

REFUSED = Permanent("imap_login_refused", host="imap.test", user="kesra", reply="NO")
AWAY = Temporary("imap_timeout", host="imap.test", port=993)


def told(shop: Workshop) -> list[str]:
    """What the team was told about channels, in order."""
    shop.send()
    return [
        str(one.message["X-Muara"])
        for one in shop.sink.received
        if str(one.message["X-Muara"]).startswith("channel_")
    ]


def test_a_turn_writes_its_result_on_the_channels_row(shop: Workshop) -> None:
    shop.mailbox.push(shop.mail(), shop.clock())
    state = shop.run(shop.turn(shop.mailbox))
    assert (state.health, state.arrivals, state.failures) == (ChannelHealth.HEALTHY, 1, 0)
    assert state.next_due == shop.clock() + timedelta(seconds=60)


def test_failures_are_counted_and_wait_longer_and_longer(shop: Workshop) -> None:
    shop.mailbox.trouble = AWAY
    turn = shop.turn(shop.mailbox, down_after=99)
    waits = [(shop.run(turn).next_due - shop.clock()).total_seconds() for _ in range(8)]
    assert 48 <= waits[0] <= 72
    assert all(720 <= wait <= 1080 for wait in waits[-3:])


def test_down_is_told_once_and_back_is_told_once(shop: Workshop) -> None:
    turn = shop.turn(shop.mailbox)
    shop.run(turn)
    shop.mailbox.trouble = AWAY
    for _ in range(2):
        shop.run(turn)
    assert told(shop) == []
    for _ in range(5):
        shop.run(turn)
    assert told(shop) == ["channel_down"]
    shop.mailbox.trouble = None
    for _ in range(3):
        shop.run(turn)
    assert told(shop) == ["channel_down", "channel_up"]


def test_what_only_a_person_can_mend_is_told_at_once_and_says_what_to_do(shop: Workshop) -> None:
    shop.mailbox.trouble = REFUSED
    shop.run(shop.turn(shop.mailbox))
    assert told(shop) == ["channel_down"]
    letter = shop.letter("channel_down")
    assert "gmail" in letter["Subject"]
    assert "Server surat imap.test menolak nama pengguna atau kata sandi" in body(letter)


def test_told_once_also_over_a_restart(shop: Workshop) -> None:
    shop.mailbox.trouble = REFUSED
    shop.run(shop.turn(shop.mailbox))
    shop.close()
    shop.reopen()
    shop.run(shop.turn(shop.mailbox))
    assert told(shop) == ["channel_down"]
    shop.mailbox.trouble = None
    shop.run(shop.turn(shop.mailbox))
    shop.close()
    shop.reopen()
    shop.run(shop.turn(shop.mailbox))
    assert told(shop) == ["channel_down", "channel_up"]


def test_a_second_outage_is_told_again(shop: Workshop) -> None:
    turn = shop.turn(shop.mailbox)
    for trouble in (REFUSED, None, REFUSED, None):
        shop.mailbox.trouble = trouble
        shop.run(turn)
        shop.clock.pass_(minutes=1)
    assert told(shop) == ["channel_down", "channel_up"] * 2


def test_one_channel_down_is_not_the_others_trouble(shop: Workshop) -> None:
    other = shop.channel("webmail")
    shop.mailbox.trouble = REFUSED
    other.push(shop.mail(), shop.clock())
    shop.run(shop.turn(shop.mailbox))
    assert shop.run(shop.turn(other)).arrivals == 1


def test_a_bug_in_a_channel_is_told_like_any_other_trouble(shop: Workshop) -> None:
    class Buggy(MemoryChannel):
        def fetch(self, seen: Seen) -> Iterator[Arrival]:
            yield from super().fetch(seen)
            raise KeyError("RFC822.SIZE")

    turn = shop.turn(Buggy("gmail"))
    states = [shop.run(turn) for _ in range(3)]
    assert [state.failures for state in states] == [1, 2, 3]
    assert states[-1].health is ChannelHealth.DOWN
    assert told(shop) == ["channel_down"]
    assert "RFC822.SIZE" in body(shop.letter("channel_down"))


def test_trouble_of_the_store_is_not_the_channels(shop: Workshop) -> None:
    turn = shop.turn(shop.mailbox)
    with pytest.raises(shop.store.Unavailable), gone(shop):
        shop.run(turn)
    assert shop.store.channel_states() == []


@contextmanager
def gone(shop: Workshop) -> Iterator[None]:
    shop.close()
    database = shop.site.database
    database.rename(database.with_suffix(".away"))
    database.mkdir()
    try:
        yield
    finally:
        database.rmdir()
        database.with_suffix(".away").rename(database)


def test_the_first_contact_with_an_old_mailbox_sends_not_one_mail(shop: Workshop) -> None:
    for days in range(200):
        shop.mailbox.push(shop.mail(), shop.clock() - timedelta(days=days, minutes=1))
    state = shop.run(shop.turn(shop.mailbox, since=False))
    assert state.arrivals == 200
    assert shop.waiting() == []
    assert len(shop.cases()) == 50  # the list's own limit; all are there to be found
    shop.clock.pass_(minutes=5)
    shop.mailbox.push(shop.mail(), shop.clock())
    shop.run(shop.turn(shop.mailbox, since=False))
    assert {one.recipients[0] for one in shop.send()} == {TEAM, "wayan@warga.test"}


def test_the_first_contact_outlives_a_restart_in_its_middle(shop: Workshop) -> None:
    old = shop.clock() - timedelta(days=3)
    shop.mailbox.push(shop.mail(), old)
    shop.mailbox.trouble = AWAY
    shop.run(shop.turn(shop.mailbox, since=False))
    shop.close()
    shop.clock.pass_(days=1)
    shop.reopen()
    shop.mailbox.trouble = None
    shop.mailbox.push(shop.mail(), shop.clock())
    shop.mailbox.push(shop.mail(), old)  # an old mail moved into the inbox later
    shop.run(shop.turn(shop.mailbox, since=False))
    assert len(shop.cases()) == 3
    assert len(shop.send()) == 2


def test_an_old_report_handed_to_us_later_is_news(shop: Workshop) -> None:
    feed = MemoryChannel("lapor", Medium.LAPOR, reading(Medium.LAPOR))
    turn = shop.turn(feed, since=False)
    shop.run(turn)
    shop.clock.pass_(days=2)
    feed.push(PLAIN.encode(), shop.clock() - timedelta(days=9))
    shop.run(turn)
    assert [one.recipients for one in shop.send()] == [(TEAM,)]


def test_with_a_start_date_all_that_is_fetched_is_news(shop: Workshop) -> None:
    shop.mailbox.push(shop.mail(), shop.clock() - timedelta(days=2))
    shop.run(shop.turn(shop.mailbox, since=True))
    assert len(shop.send()) == 2
