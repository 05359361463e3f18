"""What `muara channels` says of silence, of mails to oneself, and of mails that do not go out."""

from datetime import UTC, datetime, timedelta

import pytest

from store import Store
from store.types import NoticeKind
from tests.cli.conftest import Office

TEAM = "tim@kantor.test"


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def store(office: Office) -> Store:
    store = office.store()
    store.channel_polled("gmail", found=1, next_due=now() + timedelta(minutes=3), now=now())
    return store


def tell(store: Store, kind: NoticeKind, ago: timedelta = timedelta()) -> None:
    store.tell_of_channel("gmail", kind, (), {"channel": "gmail"}, now() - ago)


def shown(office: Office, store: Store) -> str:
    store.close()
    return " ".join(office.run("channels").stdout.split())


def test_a_silent_channel_says_so(office: Office, store: Store) -> None:
    tell(store, NoticeKind.CHANNEL_SILENT)
    assert "gmail sepi" in shown(office, store)


def test_a_mail_that_did_not_come_back_makes_a_channel_disturbed(
    office: Office, store: Store
) -> None:
    tell(store, NoticeKind.CANARY_LOST, timedelta(minutes=20))
    text = shown(office, store)
    assert "gmail terganggu" in text
    assert "Surat uji gmail TIDAK KEMBALI, diberitahukan 20 menit lalu" in text


def test_one_that_came_back_says_when(office: Office, store: Store) -> None:
    store.canary_came_back("gmail", now() - timedelta(minutes=9), now() - timedelta(minutes=8))
    assert "Surat uji gmail kembali 8 menit lalu" in shown(office, store)


def notice(store: Store, key: str, at: datetime) -> int:
    store.add_notice(NoticeKind.CHANNEL_UP, TEAM, {"channel": "gmail"}, key, at)
    return max(one.id for one in store.due_notices(now()))


def test_mails_that_do_not_go_out_show_since_when_and_why(office: Office, store: Store) -> None:
    since = now() - timedelta(minutes=40)
    sent = notice(store, "1", since - timedelta(minutes=5))
    store.notice_sent(sent, since - timedelta(minutes=5))
    waits = notice(store, "2", since)
    store.notice_failed(waits, "Server surat tidak menjawab.", now(), now())
    assert "MACET sejak 40 menit lalu. Server surat tidak menjawab." in shown(office, store)


def test_one_mail_that_waits_while_others_go_out_is_only_late(office: Office, store: Store) -> None:
    waits = notice(store, "1", now() - timedelta(minutes=40))
    store.notice_failed(waits, "Nanti saja.", now(), now())
    store.notice_sent(notice(store, "2", now()), now())
    text = shown(office, store)
    assert "tertunda. Nanti saja." in text
    assert "MACET" not in text
