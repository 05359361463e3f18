"""Fetching from a real Dovecot, as mail really arrives."""

import time
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from threading import Event, Timer

import pytest

from channels.errors import ChannelError, Permanent, Temporary
from channels.imap import ImapChannel
from channels.types import Arrival
from testing.dovecot import Dovecot, available
from testing.require import require
from tests.channels.contract import Ledger, texts
from tests.channels.imap_help import mail, password, settings
from tests.conftest import Mailbox

MIB = 1024 * 1024
WITA = timezone(timedelta(hours=8))


@pytest.fixture
def channel(mailbox: Mailbox) -> Iterator[ImapChannel]:
    channel = ImapChannel("surel", settings(mailbox.server, mailbox.user))
    yield channel
    channel.close()


def other(channel: ImapChannel, mailbox: Mailbox, **changes: object) -> ImapChannel:
    """The same mailbox with other settings; closed with the fixture's channel."""
    channel.settings = settings(mailbox.server, mailbox.user, **changes)
    return channel


def uids(arrivals: list[Arrival]) -> list[int]:
    return [int(arrival.position.item) for arrival in arrivals]


# What is new


def test_mail_a_colleague_has_read_first_is_fetched_all_the_same(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    delivered = mailbox.deliver(mail("satu"), mail("dua"))
    mailbox.server.flag(mailbox.user, delivered, "\\Seen")
    assert uids(list(channel.fetch(Ledger()))) == delivered


def test_after_days_offline_everything_comes_oldest_first(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    ledger = Ledger()
    mailbox.deliver(mail("sebelum"))
    ledger.commit_all(channel.fetch(ledger))
    channel.close()
    mailbox.deliver(*(mail(f"nomor {number}") for number in range(230)))
    arrivals = list(channel.fetch(ledger))
    assert texts(channel, arrivals) == [f"nomor {number}" for number in range(230)]


def test_a_gap_in_the_ledger_is_filled(mailbox: Mailbox, channel: ImapChannel) -> None:
    mailbox.deliver(*(mail(f"nomor {number}") for number in range(1, 6)))
    ledger = Ledger()
    for arrival in channel.fetch(Ledger()):
        if arrival.position.item not in {"2", "4"}:
            ledger.commit(arrival)
    assert uids(list(channel.fetch(ledger))) == [2, 4]


def test_every_poll_compares_the_ledger_with_the_servers_whole_list(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    mailbox.deliver(*(mail(f"nomor {number}") for number in range(1, 6)))
    whole = Ledger()
    arrivals = whole.commit_all(channel.fetch(whole))
    assert list(channel.fetch(whole)) == []
    holey = Ledger()
    holey.commit_all(arrival for arrival in arrivals if arrival.position.item != "3")
    assert uids(list(channel.fetch(holey))) == [3]  # over the same held connection, not the newest
    channel.close()
    assert uids(list(channel.fetch(holey))) == [3]


def test_an_inventory_leaves_out_what_is_older_than_the_start_date(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    midnight = datetime(2026, 11, 1, tzinfo=WITA)
    for minutes in (-3000, -1, 0):
        received_at = midnight + timedelta(minutes=minutes)
        mailbox.server.deliver(mailbox.user, mail("isi"), received_at=received_at)
    channel = other(channel, mailbox, since=date(2026, 11, 1), zone=WITA)
    (shelf,) = channel.inventory(Ledger())
    assert shelf.items == {"3"}
    assert shelf.unknown == {"3": midnight}


def test_an_inventory_marks_nothing_as_read(mailbox: Mailbox, channel: ImapChannel) -> None:
    (uid,) = mailbox.deliver(mail("satu"))
    list(channel.inventory(Ledger()))
    assert "\\Seen" not in mailbox.server.flags(mailbox.user, uid)


def test_a_folder_that_cannot_be_opened_does_not_hide_the_inventory_of_others(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    mailbox.deliver(mail("satu"))
    channel = other(channel, mailbox, folders=("Tidak-ada", "INBOX"))
    shelves = channel.inventory(Ledger())
    assert next(shelves).folder == "INBOX"
    with pytest.raises(Permanent):
        next(shelves)


def test_a_new_uidvalidity_makes_everything_new(mailbox: Mailbox, channel: ImapChannel) -> None:
    mailbox.deliver(mail("satu"), mail("dua"))
    ledger = Ledger()
    before = ledger.commit_all(channel.fetch(ledger))
    mailbox.server.change_uidvalidity(mailbox.user, 424242)
    after = ledger.commit_all(channel.fetch(ledger))
    assert [a.raw for a in after] == [a.raw for a in before]
    assert {a.position.generation for a in after} == {"424242"}
    assert list(channel.fetch(ledger)) == []


def test_mail_expunged_after_it_was_listed_is_left_out_and_the_rest_comes(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    delivered = mailbox.deliver(*(mail(f"nomor {number}") for number in range(150)))
    arrivals = channel.fetch(Ledger())
    first = next(arrivals)
    mailbox.server.expunge(mailbox.user, [120, 121, 150])
    rest = list(arrivals)
    gone = {120, 121, 150}
    assert uids([first, *rest]) == [uid for uid in delivered if uid not in gone]


def test_the_time_of_receipt_is_the_servers(mailbox: Mailbox, channel: ImapChannel) -> None:
    received = datetime(2026, 11, 3, 23, 30, tzinfo=WITA)
    mailbox.server.deliver(mailbox.user, mail("satu"), received_at=received)
    (arrival,) = channel.fetch(Ledger())
    assert arrival.received_at == received
    assert arrival.received_at.tzinfo is UTC


def test_mail_from_before_the_start_date_is_not_fetched(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    midnight = datetime(2026, 11, 1, tzinfo=WITA)
    for minutes in (-3000, -1, 0, 1, 3000):
        mailbox.server.deliver(
            mailbox.user, mail(f"{minutes}"), received_at=midnight + timedelta(minutes=minutes)
        )
    channel = other(channel, mailbox, since=date(2026, 11, 1), zone=WITA)
    assert texts(channel, channel.fetch(Ledger())) == ["0", "1", "3000"]


def test_bytes_come_as_they_are(mailbox: Mailbox, channel: ImapChannel) -> None:
    odd = b"Subject: \xff\xfe\r\nX: " + b"a" * 5000 + b"\r\n\r\n)\r\n* 1 FETCH \x01\x7f\xe9 {5}\r\n"
    mailbox.server.drop(mailbox.user, odd)
    mailbox.server.drop(mailbox.user, b"")
    assert sorted(a.raw for a in channel.fetch(Ledger())) == [b"", odd]


# Large mail


def test_large_mail_comes_whole(mailbox: Mailbox, channel: ImapChannel) -> None:
    sizes = (100, 3 * MIB + 17, 500, MIB, MIB + 1, 6 * MIB, 4 * MIB)
    raws = [mail(f"nomor {size}", size=size) for size in sizes]
    mailbox.deliver(*raws)
    arrivals = list(channel.fetch(Ledger()))
    assert [a.raw for a in arrivals] == raws
    assert [a.size for a in arrivals] == [len(raw) for raw in raws]
    assert not any(a.truncated for a in arrivals)


def test_of_oversize_mail_only_the_beginning_comes(mailbox: Mailbox, channel: ImapChannel) -> None:
    raws = [mail("kecil"), mail("besar", size=3 * MIB), mail("kecil lagi")]
    mailbox.deliver(*raws)
    channel = other(channel, mailbox, size_limit=2 * MIB)
    arrivals = list(channel.fetch(Ledger()))
    assert [a.truncated for a in arrivals] == [False, True, False]
    assert raws[1].startswith(arrivals[1].raw)
    assert 100_000 < len(arrivals[1].raw) < MIB
    assert arrivals[1].size == len(raws[1])
    message = channel.read(arrivals[1])
    assert message.truncated
    assert message.text.startswith("besar")


@pytest.mark.parametrize("size_limit", [1000, 200_000])
def test_a_small_limit_holds_for_small_mail_too(
    mailbox: Mailbox, channel: ImapChannel, size_limit: int
) -> None:
    mailbox.deliver(mail("kecil"), mail("besar", size=300_000))
    channel = other(channel, mailbox, size_limit=size_limit)
    small, large = channel.fetch(Ledger())
    assert not small.truncated
    assert large.truncated
    assert len(large.raw) <= size_limit


def test_memory_stays_flat_over_a_mail_of_60_megabytes(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    mailbox.deliver(mail("besar sekali", size=60 * MIB))
    tracemalloc.start()
    (arrival,) = channel.fetch(Ledger())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert arrival.truncated
    assert peak < 8 * MIB


# Folders


def test_several_folders_are_fetched(mailbox: Mailbox, channel: ImapChannel) -> None:
    for folder in ("Pengaduan é", "Laporan"):
        mailbox.server.create(mailbox.user, folder)
        mailbox.server.deliver(mailbox.user, mail(folder), folder=folder)
    mailbox.deliver(mail("masuk"))
    channel = other(channel, mailbox, folders=("INBOX", "Laporan", "Pengaduan é"))
    ledger = Ledger()
    arrivals = ledger.commit_all(channel.fetch(ledger))
    assert [a.position.folder for a in arrivals] == ["INBOX", "Laporan", "Pengaduan é"]
    assert list(channel.fetch(ledger)) == []


@pytest.mark.parametrize("obstacle", ["missing", "denied"])
def test_a_folder_that_cannot_be_opened_does_not_keep_the_others_back(
    mailbox: Mailbox, channel: ImapChannel, obstacle: str
) -> None:
    mailbox.deliver(mail("masuk"))
    if obstacle == "denied":
        mailbox.server.create(mailbox.user, "Laporan")
        mailbox.server.deny(mailbox.user, "Laporan")
    channel = other(channel, mailbox, folders=("Laporan", "INBOX"))
    arrivals = channel.fetch(Ledger())
    assert next(arrivals).position.folder == "INBOX"
    with pytest.raises(Permanent) as raised:
        next(arrivals)
    assert raised.value.values["folder"] == "Laporan"


# Marks


@pytest.mark.parametrize(
    ("mark", "flags"), [("seen", {"\\Seen"}), ("keyword", {"$Muara"}), ("none", set())]
)
def test_stored_mail_is_marked_as_the_settings_say(
    mailbox: Mailbox, channel: ImapChannel, mark: str, flags: set[str]
) -> None:
    (uid,) = mailbox.deliver(mail("satu"))
    channel = other(channel, mailbox, mark=mark)
    (arrival,) = channel.fetch(Ledger())
    assert mailbox.server.flags(mailbox.user, uid) - {"\\Recent"} == set()
    channel.acknowledge([arrival.position])
    assert mailbox.server.flags(mailbox.user, uid) - {"\\Recent"} == flags


def test_marking_between_two_arrivals_disturbs_nothing(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    mailbox.server.create(mailbox.user, "Laporan")
    mailbox.deliver(mail("satu"), mail("dua"))
    mailbox.server.deliver_all(
        mailbox.user, [mail("tiga", size=2 * MIB), mail("empat", size=2 * MIB)], folder="Laporan"
    )
    channel = other(channel, mailbox, folders=("INBOX", "Laporan"))
    fetched: list[Arrival] = []
    for arrival in channel.fetch(Ledger()):
        fetched.append(arrival)
        channel.acknowledge([a.position for a in fetched])
    assert [a.position.folder for a in fetched] == ["INBOX", "INBOX", "Laporan", "Laporan"]
    assert "\\Seen" in mailbox.server.flags(mailbox.user, 2)
    assert "\\Seen" in mailbox.server.flags(mailbox.user, 2, folder="Laporan")


def test_marking_mail_of_an_older_numbering_touches_nothing(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    (uid,) = mailbox.deliver(mail("satu"))
    (arrival,) = channel.fetch(Ledger())
    mailbox.server.change_uidvalidity(mailbox.user, 777)
    list(channel.fetch(Ledger()))
    channel.acknowledge([arrival.position])
    assert "\\Seen" not in mailbox.server.flags(mailbox.user, uid)


# Waiting


@pytest.mark.parametrize("security", ["tls", "plain"])
def test_new_mail_ends_the_waiting(mailbox: Mailbox, channel: ImapChannel, security: str) -> None:
    port = mailbox.server.tls_port if security == "tls" else mailbox.server.port
    channel = other(channel, mailbox, security=security, port=port)
    ledger = Ledger()
    for text in ("satu", "dua"):
        ledger.commit_all(channel.fetch(ledger))
        Timer(0.2, mailbox.server.drop, (mailbox.user, mail(text))).start()
        began = time.monotonic()
        assert channel.wait(30, Event())
        assert time.monotonic() - began < 10
        assert texts(channel, channel.fetch(ledger)) == [text]


def test_mail_that_came_between_fetching_and_waiting_ends_the_waiting(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    list(channel.fetch(Ledger()))
    mailbox.deliver(mail("satu"))
    assert channel.wait(30, Event())


def test_reading_and_deleting_by_others_does_not_end_the_waiting(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    delivered = mailbox.deliver(mail("satu"), mail("dua"))
    list(channel.fetch(Ledger()))
    Timer(0.1, mailbox.server.expunge, (mailbox.user, delivered[:1])).start()
    assert not channel.wait(2, Event())


def test_being_thrown_out_of_idle_leads_to_a_new_look(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    ledger = Ledger()
    ledger.commit_all(channel.fetch(ledger))
    Timer(0.3, mailbox.server.kick, (mailbox.user,)).start()
    began = time.monotonic()
    assert channel.wait(30, Event())
    assert time.monotonic() - began < 5
    mailbox.deliver(mail("satu"))
    assert texts(channel, channel.fetch(ledger)) == ["satu"]


def test_stopping_while_idling_takes_less_than_a_second(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    list(channel.fetch(Ledger()))
    stop = Event()
    Timer(0.5, stop.set).start()
    began = time.monotonic()
    assert not channel.wait(60, stop)
    channel.close()
    assert time.monotonic() - began < 1.5


# Trouble


def test_being_thrown_out_in_the_middle_keeps_what_came_before(
    mailbox: Mailbox, channel: ImapChannel
) -> None:
    mailbox.deliver(*(mail(f"nomor {number}") for number in range(150)))
    ledger = Ledger()
    arrivals = channel.fetch(ledger)
    ledger.commit(next(arrivals))
    mailbox.server.kick(mailbox.user)
    with pytest.raises(Temporary):
        ledger.commit_all(arrivals)
    ledger.commit_all(channel.fetch(ledger))
    assert len(ledger.items("INBOX", arrival_generation(channel))) == 150


def arrival_generation(channel: ImapChannel) -> str:
    return next(iter(channel.fetch(Ledger()))).position.generation


def test_a_dead_password_fails_at_once_and_works_again_when_put_right(mailbox: Mailbox) -> None:
    mailbox.deliver(mail("satu"))
    channel = ImapChannel(
        "surel", settings(mailbox.server, mailbox.user, auth=password("kedaluwarsa"))
    )
    began = time.monotonic()
    with pytest.raises(Permanent):
        list(channel.fetch(Ledger()))
    assert time.monotonic() - began < 5
    channel.settings = settings(mailbox.server, mailbox.user)
    assert len(list(channel.fetch(Ledger()))) == 1
    channel.close()


def test_a_server_that_was_away_is_taken_up_again() -> None:
    require("Dovecot", available())
    with Dovecot({"kesra": "rahasia"}) as server:
        channel = ImapChannel("surel", settings(server, "kesra"))
        list(channel.fetch(Ledger()))
        server.shut()
        with pytest.raises(ChannelError) as raised:
            list(channel.fetch(Ledger()))
        assert raised.value.code == "imap_connection_refused"
        server.restart()
        server.deliver("kesra", mail("satu"))
        assert texts(channel, channel.fetch(Ledger())) == ["satu"]
        channel.close()
