"""Silence and mails to oneself, on the database the daemon has; the clock passes when told to."""

from datetime import timedelta

import pytest

from channels.errors import Temporary
from ingest.watch import Guard, Watcher
from store.types import ChannelHealth, ChannelState
from testing.daemon import OWN, TEAM
from testing.smtp_sink import Received
from tests.ingest.workshop import CITIZEN, Workshop, body

SILENCE = Guard(silence=timedelta(hours=72))
CANARY = Guard(canary=timedelta(minutes=30), address=OWN, within=timedelta(minutes=15))
BROKEN = Temporary("command_failed", command="x", reason="y")


class Post:
    """A channel with its turns and its watcher."""

    def __init__(self, shop: Workshop, guard: Guard) -> None:
        self.shop = shop
        self.turn = shop.turn(shop.mailbox)
        self.guard = guard

    def look(self, **passed: float) -> ChannelState:
        """Let time pass, poll, and look, as a daemon that was only now started does."""
        self.shop.clock.pass_(**passed)
        self.shop.run(self.turn)
        return self.round()

    def round(self) -> ChannelState:
        watcher = Watcher(self.shop.store, {"gmail": self.guard}, [TEAM])
        watcher.look(self.shop.clock())
        (state,) = self.shop.store.channel_states()
        return state

    def told(self) -> list[str]:
        """The kinds of mails the team gets now about the channel."""
        return [mail.message["X-Muara"] for mail in self.shop.send() if TEAM in mail.recipients]

    def arrive(self, raw: bytes) -> None:
        self.shop.mailbox.push(raw, self.shop.clock())


@pytest.fixture
def quiet(shop: Workshop) -> Post:
    post = Post(shop, SILENCE)
    post.arrive(shop.mail())
    assert post.look().health is ChannelHealth.HEALTHY
    shop.send()
    return post


@pytest.fixture
def tested(shop: Workshop) -> Post:
    return Post(shop, CANARY)


def test_the_team_is_told_once_when_a_channel_falls_silent(quiet: Post) -> None:
    assert quiet.look(hours=71).health is ChannelHealth.HEALTHY
    assert quiet.told() == []
    assert quiet.look(hours=1).health is ChannelHealth.SILENT
    assert quiet.told() == ["channel_silent"]
    assert quiet.look(hours=500).health is ChannelHealth.SILENT
    assert quiet.told() == []
    assert "72 jam" in body(quiet.shop.letter("channel_silent"))


def test_the_next_arrival_ends_the_silence_and_that_is_told_once(quiet: Post) -> None:
    quiet.look(hours=72)
    quiet.told()
    quiet.arrive(quiet.shop.mail())
    assert quiet.look(hours=1).health is ChannelHealth.HEALTHY
    assert quiet.told() == ["team_new", "channel_heard"]
    quiet.look(hours=1)
    assert quiet.told() == []


def test_a_channel_that_never_brought_anything_falls_silent_too(shop: Workshop) -> None:
    post = Post(shop, SILENCE)
    assert post.look().health is ChannelHealth.HEALTHY
    assert post.look(hours=73).health is ChannelHealth.SILENT


def test_a_daemon_that_was_off_for_a_week_first_looks_before_it_calls_a_channel_silent(
    quiet: Post,
) -> None:
    quiet.shop.clock.pass_(days=7)
    assert quiet.round().health is ChannelHealth.HEALTHY
    quiet.arrive(quiet.shop.mail())
    assert quiet.look().health is ChannelHealth.HEALTHY


def test_a_channel_that_is_down_is_not_called_silent(quiet: Post) -> None:
    quiet.shop.mailbox.trouble = BROKEN
    for _ in range(4):
        state = quiet.look(hours=40)
    assert state.health is ChannelHealth.DOWN
    assert quiet.told() == ["channel_down"]


def test_what_a_broken_turn_stored_counts_as_an_arrival(quiet: Post) -> None:
    quiet.shop.clock.pass_(hours=71)
    quiet.shop.receive(quiet.shop.mail())  # stored, but no turn came to its end to say so
    assert quiet.look(hours=2).health is ChannelHealth.HEALTHY


def test_silence_that_is_not_watched_any_more_ends_without_a_mail(quiet: Post) -> None:
    quiet.look(hours=72)
    quiet.told()
    quiet.guard = Guard()
    assert quiet.look().health is ChannelHealth.HEALTHY
    assert quiet.told() == []


def canaries(mails: list[Received]) -> list[Received]:
    return [mail for mail in mails if mail.message["X-Muara"] == "canary"]


def test_a_mail_to_oneself_that_comes_back_is_noted_and_opens_no_case(tested: Post) -> None:
    tested.look()
    (mail,) = canaries(tested.shop.send())
    assert mail.recipients == (OWN,)
    tested.arrive(mail.raw)
    state = tested.look(minutes=1)
    assert (state.health, state.arrivals, state.last_arrival) == (ChannelHealth.HEALTHY, 0, None)
    assert state.canary_sent_at
    assert state.canary_back_at
    assert state.canary_back_at - state.canary_sent_at == timedelta(minutes=1)
    assert tested.shop.cases() == []
    assert tested.shop.quarantine() == []


def test_the_next_one_goes_out_when_it_is_due_and_not_before(tested: Post) -> None:
    tested.look()
    (first,) = canaries(tested.shop.send())
    tested.arrive(first.raw)
    tested.look(minutes=29)
    assert canaries(tested.shop.send()) == []
    tested.look(minutes=1)
    (second,) = canaries(tested.shop.send())
    assert second.message["Subject"] != first.message["Subject"]


def test_one_that_does_not_come_back_is_told_once_and_once_when_one_does(tested: Post) -> None:
    tested.look()
    tested.shop.send()
    assert tested.look(minutes=14).health is ChannelHealth.HEALTHY
    assert tested.look(minutes=1).health is ChannelHealth.DEGRADED
    assert tested.told() == ["canary_lost"]
    tested.look(minutes=15)
    (late,) = canaries(tested.shop.send())
    assert tested.told() == []
    tested.arrive(late.raw)
    assert tested.look(minutes=1).health is ChannelHealth.HEALTHY
    assert tested.told() == ["canary_back"]


def test_one_that_waits_for_the_mail_server_says_nothing_about_the_channel(tested: Post) -> None:
    with tested.shop.sink.down():
        tested.look()
        tested.shop.send()
        assert tested.look(hours=2).health is ChannelHealth.HEALTHY


def test_one_that_the_server_refuses_for_good_is_lost_at_once(tested: Post) -> None:
    tested.shop.sink.faults.recipients[OWN] = "550 5.2.2 mailbox full"
    tested.look()
    tested.shop.send()
    assert tested.look(minutes=1).health is ChannelHealth.DEGRADED
    tested.shop.send()
    assert "mailbox full" in body(tested.shop.letter("canary_lost"))


def test_a_channel_that_cannot_be_read_gets_no_blame_for_a_mail_not_found(tested: Post) -> None:
    tested.look()
    tested.shop.send()
    tested.shop.mailbox.trouble = BROKEN
    tested.look(hours=1)
    assert tested.told() == []


def test_a_strangers_mail_that_looks_like_one_does_not_count(tested: Post) -> None:
    tested.look()
    (mail,) = canaries(tested.shop.send())
    forged = tested.shop.mail(sender=CITIZEN, Subject=mail.message["Subject"], X_Muara="canary")
    tested.arrive(forged)
    assert tested.look(minutes=15).health is ChannelHealth.DEGRADED
