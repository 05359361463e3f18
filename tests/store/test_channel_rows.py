from datetime import timedelta

from store import Store
from store.types import ChannelHealth, NoticeKind, Status
from tests.store.samples import NOW, intake, open_case, put

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=5)


def test_a_poll_makes_a_channel_healthy_and_counts_arrivals(store: Store) -> None:
    store.channel_failed("gmail", error="no route", next_due=SOON, down=False, now=NOW)
    state = store.channel_polled("gmail", found=3, next_due=LATER, now=SOON)
    assert (state.health, state.failures, state.error) == (ChannelHealth.HEALTHY, 0, "")
    assert (state.last_success, state.last_arrival, state.arrivals) == (SOON, SOON, 3)
    state = store.channel_polled("gmail", found=0, next_due=LATER, now=LATER)
    assert (state.last_arrival, state.arrivals, state.next_due) == (SOON, 3, LATER)


def test_failures_in_a_row_are_counted_until_the_channel_is_down(store: Store) -> None:
    first = store.channel_failed("gmail", error="a", next_due=SOON, down=False, now=NOW)
    second = store.channel_failed("gmail", error="b", next_due=LATER, down=True, now=SOON)
    assert (first.health, first.failures) == (ChannelHealth.DEGRADED, 1)
    assert (second.health, second.failures, second.error) == (ChannelHealth.DOWN, 2, "b")


def test_that_people_were_told_is_remembered(store: Store) -> None:
    store.channel_failed("gmail", error="a", next_due=SOON, down=True, now=NOW)
    about = {"channel": "gmail", "error": "a"}
    store.tell_of_channel("gmail", NoticeKind.CHANNEL_DOWN, ["tim@office.test"], about, NOW)
    assert store.channel_states()[0].told_down
    store.tell_of_channel("gmail", NoticeKind.CHANNEL_UP, ["tim@office.test"], about, LATER)
    assert not store.channel_states()[0].told_down
    assert [notice.kind for notice in store.due_notices(LATER)] == ["channel_down", "channel_up"]


def test_a_committed_cursor_makes_no_channel_healthy(store: Store) -> None:
    put(store, intake("lapor"), cursor="9")
    (state,) = store.channel_states()
    assert (state.name, state.health, state.last_success) == ("lapor", ChannelHealth.NEW, None)
    store.channel_polled("lapor", found=1, next_due=LATER, now=NOW)
    assert store.seen("lapor").cursor == "9"


def test_channels_are_listed_by_name(store: Store) -> None:
    for name in ("webmail", "gmail"):
        store.channel_polled(name, found=0, next_due=LATER, now=NOW)
    assert [state.name for state in store.channel_states()] == ["gmail", "webmail"]


def test_small_values_are_kept_and_replaced(store: Store) -> None:
    assert store.value("token") is None
    store.set_value("token", "one")
    store.set_value("token", "two")
    assert store.value("token") == "two"


def test_counts_say_what_waits(store: Store) -> None:
    open_case(store)
    put(store, intake(message=None, error="broken"))
    counts = store.counts()
    assert counts.cases == {Status.ROUTED: 1}
    assert (counts.quarantined, counts.waiting, counts.failed) == (1, 1, 0)
    assert counts.oldest_waiting == NOW
