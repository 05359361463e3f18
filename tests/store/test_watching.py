"""What the database is asked about a channel beside its turns, on both databases."""

from datetime import timedelta

import pytest

from channels.types import Machine
from store import Store
from store.types import Canary, ChannelHealth, NoticeKind, NoticeState
from tests.store.samples import NOW, arrival, intake, message, open_case, put

SOON, LATER = NOW + timedelta(minutes=1), NOW + timedelta(minutes=5)
ADDRESS = "kesra@office.test"


@pytest.fixture
def gmail(store: Store) -> Store:
    store.channel_polled("gmail", found=0, next_due=LATER, now=NOW)
    return store


def health(store: Store) -> ChannelHealth:
    return store.channel_states()[0].health


def came(store: Store, subject: str, channel: str = "gmail", why: Machine = Machine.OWN) -> None:
    mail = message(subject=subject, machine=why)
    put(store, intake(arrival=arrival(channel), message=mail, verdict=None, notices=()))


def last(store: Store) -> Canary:
    found = store.canary("gmail")
    assert found is not None
    return found


def sent_canary(store: Store) -> str:
    """Send one; return the token of its subject."""
    store.send_canary("gmail", ADDRESS, NOW)
    (notice,) = store.due_notices(NOW)
    store.notice_sent(notice.id, SOON)
    return notice.details["token"]


@pytest.mark.parametrize(
    ("began", "ended", "state"),
    [
        (NoticeKind.CHANNEL_SILENT, NoticeKind.CHANNEL_HEARD, ChannelHealth.SILENT),
        (NoticeKind.CANARY_LOST, NoticeKind.CANARY_BACK, ChannelHealth.DEGRADED),
    ],
)
def test_what_people_were_told_shows_until_they_are_told_that_it_is_over(
    gmail: Store, began: NoticeKind, ended: NoticeKind, state: ChannelHealth
) -> None:
    gmail.tell_of_channel("gmail", began, [ADDRESS], {"channel": "gmail"}, NOW)
    gmail.channel_polled("gmail", found=0, next_due=LATER, now=SOON)
    assert health(gmail) is state
    gmail.tell_of_channel("gmail", ended, [ADDRESS], {"channel": "gmail"}, SOON)
    assert health(gmail) is ChannelHealth.HEALTHY
    assert [notice.kind for notice in gmail.due_notices(SOON)] == [began, ended]


def test_a_failure_shows_before_silence(gmail: Store) -> None:
    gmail.tell_of_channel("gmail", NoticeKind.CHANNEL_SILENT, (), {}, NOW)
    gmail.channel_failed("gmail", error="a", next_due=SOON, down=True, now=NOW)
    assert health(gmail) is ChannelHealth.DOWN


def test_a_mail_to_oneself_is_followed_from_the_outbox_to_the_inbox(gmail: Store) -> None:
    assert gmail.canary("gmail") is None
    token = sent_canary(gmail)
    assert last(gmail) == Canary(NOW, NoticeState.SENT, SOON, None, "")
    came(gmail, f"[SPAM?] Surat uji [{token}]")
    assert last(gmail).back_at == NOW


def test_only_our_own_mail_in_the_same_mailbox_is_the_one_that_came_back(gmail: Store) -> None:
    token = sent_canary(gmail)
    came(gmail, token, channel="webmail")
    came(gmail, token, why=Machine.BOUNCE)
    came(gmail, "Surat uji []")
    open_case(gmail, message=message(subject=token))
    assert last(gmail).back_at is None


def test_what_was_noted_on_the_row_is_not_looked_for_again(gmail: Store) -> None:
    sent_canary(gmail)
    gmail.canary_came_back("gmail", SOON, LATER)
    assert last(gmail).back_at == LATER
    (state,) = gmail.channel_states()
    assert (state.canary_sent_at, state.canary_back_at) == (SOON, LATER)
    gmail.send_canary("gmail", ADDRESS, LATER)
    assert last(gmail) == Canary(LATER, NoticeState.WAITING, None, None, "")


def test_a_mail_of_ours_is_marked_as_such_and_is_no_arrival(gmail: Store) -> None:
    mail = message(machine=Machine.OWN)
    (outcome,) = put(gmail, intake(message=mail, verdict=None, notices=()))
    assert outcome.own
    assert gmail.latest_arrival("gmail") is None
    came(gmail, "Newsletter", why=Machine.LIST)
    assert gmail.latest_arrival("gmail") == NOW
    assert gmail.latest_arrival("webmail") is None


def test_history_that_was_only_noted_is_no_arrival(gmail: Store) -> None:
    gmail.note_history("gmail", [arrival().position], NOW)
    assert gmail.latest_arrival("gmail") is None


def test_late_cases_are_those_that_owe_an_answer_past_their_deadline(store: Store) -> None:
    open_case(store, due_at=NOW - timedelta(hours=1))
    open_case(store, due_at=NOW + timedelta(hours=1))
    open_case(store, due_at=None)
    answered = open_case(store, due_at=NOW - timedelta(hours=1))
    store.answer(answered, "Sudah.", who="sari", way="mail", recipient="", now=NOW)
    assert store.late(NOW) == 1


def test_counts_say_when_a_mail_last_went_out_and_why_others_do_not(store: Store) -> None:
    assert (store.counts().last_sent, store.counts().sending_error) == (None, "")
    open_case(store)
    (first,) = store.due_notices(NOW)
    store.notice_sent(first.id, SOON)
    assert store.counts().last_sent == SOON
    open_case(store)
    (second,) = store.due_notices(NOW)
    store.notice_failed(second.id, "Tidak ada jawaban.", LATER, SOON)
    counts = store.counts()
    assert (counts.waiting, counts.sending_error) == (1, "Tidak ada jawaban.")
