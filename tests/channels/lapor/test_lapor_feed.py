"""Walking the lapor-v2 feed: what is new or changed, all of it, without walking everything each time."""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from channels.errors import Permanent, Temporary, Unreadable
from channels.lapor import LaporChannel, MappedJson
from channels.types import Arrival, FollowUp, Message
from testing.lapor_server import LaporServer
from tests.channels.contract import Ledger
from tests.channels.lapor.feed import settings


@pytest.fixture
def server() -> Iterator[LaporServer]:
    with LaporServer(page_size=3) as running:
        yield running


@pytest.fixture
def channel(server: LaporServer) -> Iterator[LaporChannel]:
    lapor = LaporChannel("lapor", MappedJson(settings(server)))
    yield lapor
    lapor.close()


def subjects(channel: LaporChannel, arrivals: list[Arrival]) -> list[str]:
    return [channel.read(arrival).subject for arrival in arrivals]


def fill(server: LaporServer, count: int) -> list[str]:
    return [server.add(f"laporan {number}") for number in range(count)]


def poll(channel: LaporChannel, ledger: Ledger) -> list[str]:
    return subjects(channel, ledger.commit_all(channel.fetch(ledger)))


def one(channel: LaporChannel) -> Message:
    (arrival,) = channel.fetch(Ledger())
    return channel.read(arrival)


def test_the_first_walk_takes_all_pages_oldest_first(
    server: LaporServer, channel: LaporChannel
) -> None:
    fill(server, 11)
    assert poll(channel, Ledger()) == [f"laporan {number}" for number in range(11)]


@pytest.mark.parametrize("strictly_before", [True, False])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 9])
def test_reports_of_the_very_same_second_survive_a_pages_end(
    server: LaporServer, channel: LaporChannel, count: int, strictly_before: bool
) -> None:
    server.strictly_before = strictly_before
    for number in range(count):
        server.add(f"laporan {number}", last_activity=f"2024-11-0{2 + number // 2} 10:00:00")
    assert sorted(poll(channel, Ledger())) == [f"laporan {number}" for number in range(count)]


def test_a_later_poll_asks_for_the_front_only(server: LaporServer, channel: LaporChannel) -> None:
    ledger = Ledger()
    fill(server, 30)
    poll(channel, ledger)
    server.asked.clear()
    server.add("baru")
    assert poll(channel, ledger) == ["baru"]
    assert len(server.asked) <= 4


def test_a_changed_report_comes_again_and_an_unchanged_one_does_not(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    first, *_ = fill(server, 9)
    poll(channel, ledger)
    server.change(first, status=9)
    (changed,) = ledger.commit_all(channel.fetch(ledger))
    assert channel.read(changed).external_id == first
    assert channel.read(changed).status == "selesai"
    assert poll(channel, ledger) == []


def test_a_view_counter_is_no_change(server: LaporServer, channel: LaporChannel) -> None:
    ledger = Ledger()
    nid = server.add("jalan rusak", JmlView=3)
    poll(channel, ledger)
    server.change(nid, touch=False, JmlView=4)
    assert poll(channel, ledger) == []


def test_a_change_far_back_is_found_by_the_next_whole_walk(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    oldest, *_ = fill(server, 30)
    poll(channel, ledger)
    server.change(oldest, touch=False, status=9)
    assert poll(channel, ledger) == []
    after_a_start = LaporChannel("lapor", MappedJson(settings(server)))
    assert poll(after_a_start, ledger) == ["laporan 0"]
    after_a_start.close()


def test_what_was_handed_over_but_not_stored_comes_again(
    server: LaporServer, channel: LaporChannel
) -> None:
    """The batch after which the daemon could not commit: everything newer is known, this is not."""
    ledger = Ledger()
    fill(server, 30)
    lost, *stored = channel.fetch(ledger)
    for arrival in stored:
        ledger.commit(arrival)
    assert [arrival.position for arrival in channel.fetch(ledger)] == [lost.position]


@pytest.mark.parametrize("calls", [1, 3, 6, 9])
def test_a_walk_that_broke_off_loses_nothing(
    server: LaporServer, channel: LaporChannel, calls: int
) -> None:
    ledger = Ledger()
    fill(server, 30)
    server.fail_after = calls
    with pytest.raises(Temporary):
        ledger.commit_all(channel.fetch(ledger))
    server.fail_after = -1
    poll(channel, ledger)
    assert len(ledger.items("streams", "")) == 30


def test_a_short_walk_that_broke_off_loses_nothing(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    fill(server, 3)
    poll(channel, ledger)
    for number in range(30):
        server.add(f"baru {number}")
    server.fail_after = 4
    with pytest.raises(Temporary):
        ledger.commit_all(channel.fetch(ledger))
    assert len(ledger.items("streams", "")) == 12
    server.fail_after = -1
    poll(channel, ledger)
    assert len(ledger.items("streams", "")) == 33


def test_a_long_walk_hands_over_before_its_end(server: LaporServer, channel: LaporChannel) -> None:
    fill(server, 120)
    arrivals = channel.fetch(Ledger())
    next(arrivals)
    assert len(server.asked) == 5
    assert len(list(arrivals)) == 119
    assert len(server.asked) > 50


def test_a_consumer_that_stops_early_loses_nothing(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    fill(server, 30)
    for arrival in itertools.islice(channel.fetch(ledger), 12):
        ledger.commit(arrival)
    assert len(poll(channel, ledger)) == 18


def test_nothing_before_the_start_date_is_taken(server: LaporServer) -> None:
    for day in range(1, 10):
        server.add(f"hari {day}", last_activity=f"2024-10-0{day} 09:00:00")
    since = LaporChannel("lapor", MappedJson(settings(server, since=date(2024, 10, 8))))
    assert poll(since, Ledger()) == ["hari 8", "hari 9"]
    assert len(server.asked) == 2
    since.close()


def test_a_report_reads_as_a_message(server: LaporServer, channel: LaporChannel) -> None:
    server.add(
        "Insentif guru ngaji",
        {"isi": "Belum cair sejak Juni.", "isLong": False},
        nid="9165816",
        tanggal="2024-11-03 09:15:00",
        lampiran=[{"id": 5, "fileext": "jpg"}],
    )
    message = one(channel)
    assert message.external_id == "9165816"
    assert message.text == message.reply_text == "Belum cair sejak Juni."
    assert message.sender.name == "Ni Luh Sari"
    assert message.category == "Kesejahteraan"
    assert message.status == "belum_ditindaklanjuti"
    assert message.received_at == datetime(2024, 11, 3, 2, 15, tzinfo=UTC)
    assert [(file.filename, file.content_type) for file in message.attachments] == [
        ("5.jpg", "image/jpeg")
    ]
    assert not message.anonymous
    assert not message.secret


def test_a_long_report_is_fetched_whole(server: LaporServer, channel: LaporChannel) -> None:
    text = "Bantuan sekaa kami dipotong. " * 20
    server.add("Potongan", {"isi": text, "isLong": True})
    assert one(channel).text == text.strip()


def test_html_in_a_report_becomes_text(server: LaporServer, channel: LaporChannel) -> None:
    server.add("Jalan", "<p>Jalan rusak &amp; berlubang</p><script>alert(1)</script>")
    assert one(channel).text == "Jalan rusak & berlubang"


def test_follow_ups_are_asked_for_once_per_change(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    nid, _, _ = fill(server, 3)
    poll(channel, ledger)
    assert "claims" not in server.paths()
    server.follow_up(nid, "Sudah kami cek.", Lampiran=[{"id": 8, "file_extension": "pdf"}])
    (arrival,) = ledger.commit_all(channel.fetch(ledger))
    poll(channel, ledger)
    assert server.paths().count("claims") == 1
    message = channel.read(arrival)
    assert message.followups == (
        FollowUp(datetime(2024, 11, 2, 1, 4, tzinfo=UTC), "Admin Buleleng", "Sudah kami cek."),
    )
    assert [file.filename for file in message.attachments] == ["8.pdf"]


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_report_whose_follow_ups_fail_comes_without_and_is_asked_about_again(
    server: LaporServer, channel: LaporChannel, status: int
) -> None:
    ledger = Ledger()
    nid, _ = fill(server, 2)
    server.follow_up(nid, "Sudah kami cek.")
    with server.misbehaving(paths=("claims",), status=status):
        arrivals = ledger.commit_all(channel.fetch(ledger))
        assert len(arrivals) == 2
        assert all(not channel.read(arrival).followups for arrival in arrivals)
        assert list(channel.fetch(ledger)) == []
    (whole,) = ledger.commit_all(channel.fetch(ledger))
    assert channel.read(whole).followups[0].text == "Sudah kami cek."
    assert poll(channel, ledger) == []


def test_a_report_without_an_id_is_handed_over_and_unreadable(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    nid = server.add("tanpa nomor")
    server.add("biasa")
    server.remove_field(nid, "nid")
    arrivals = ledger.commit_all(channel.fetch(ledger))
    assert len(arrivals) == 2
    with pytest.raises(Unreadable, match="lapor_no_id"):
        channel.read(arrivals[0])
    assert json.loads(arrivals[0].raw)["item"]["subject"] == "tanpa nomor"
    assert list(channel.fetch(ledger)) == []


@pytest.mark.parametrize(
    ("flags", "secret", "anonymous"),
    [
        ({"report_type": 1, "is_anonim": 1}, False, False),
        ({"report_type": 2, "is_anonim": 1}, True, False),
        ({"report_type": 1, "is_anonim": 2}, False, True),
        ({"report_type": "2", "is_anonim": "2"}, True, True),
    ],
)
def test_secret_and_anonymous_are_two_things(
    server: LaporServer,
    channel: LaporChannel,
    flags: dict[str, object],
    secret: bool,
    anonymous: bool,
) -> None:
    server.add("x", **flags)
    message = one(channel)
    assert (message.secret, message.anonymous) == (secret, anonymous)
    assert (message.sender.name == "") is anonymous


@pytest.mark.parametrize(
    ("status", "verified", "expected"),
    [
        (0, 0, "menunggu_verifikasi"),
        (1, 1, "belum_ditindaklanjuti"),
        (2, 1, "ditunda"),
        (5, 1, "proses"),
        ("7", "1", "proses"),
        (9, 1, "selesai"),
        (42, 1, "tidak_diketahui"),
        (None, None, "tidak_diketahui"),
        ("Belum Ditindaklanjuti", 1, "belum_ditindaklanjuti"),
        ("Sudah ditindaklanjuti", 1, "proses"),
        ("Belum diverifikasi", 1, "menunggu_verifikasi"),
    ],
)
def test_status_codes_and_words(
    server: LaporServer, channel: LaporChannel, status: object, verified: object, expected: str
) -> None:
    server.add("x", status=status, verified=verified)
    assert one(channel).status == expected


@pytest.mark.parametrize(
    "written",
    [
        "2024-11-02 10:00:00",
        "2024-11-02 10:00:00 WIB",
        "2024-11-02 11:00:00 WITA",
        "2024-11-02 12:00:00 wit",
        "2024-11-02T11:00:00+08:00",
        "2024-11-02T03:00:00Z",
        1730516400,
        "1730516400",
        1730516400000,
    ],
)
def test_times_in_three_zones_are_one_moment(
    server: LaporServer, channel: LaporChannel, written: object
) -> None:
    server.add("x", tanggal=written)
    assert one(channel).received_at == datetime(2024, 11, 2, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("written", ["", None, "0000-00-00 00:00:00", "besok", 0, "2099-01-01"])
def test_a_time_that_cannot_be_is_now(
    server: LaporServer, channel: LaporChannel, written: object
) -> None:
    before = datetime.now(UTC)
    server.add("x", tanggal=written)
    assert before <= one(channel).received_at <= datetime.now(UTC)


def test_a_wrong_token_is_permanent(server: LaporServer) -> None:
    wrong = LaporChannel("lapor", MappedJson(settings(server, token="salah")))
    with pytest.raises(Permanent) as caught:
        list(wrong.fetch(Ledger()))
    assert caught.value.code == "lapor_error"
    assert caught.value.values["answer"] == "Token tidak valid"
    assert "salah" not in str(caught.value)
    wrong.close()


def test_an_inventory_shows_changes_that_a_short_walk_does_not_meet(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    nid = fill(server, 12)[0]
    poll(channel, ledger)
    server.change(nid, touch=False, subject="diubah diam-diam")
    assert poll(channel, ledger) == []
    (shelf,) = channel.inventory(ledger)
    assert len(shelf.items) == 12
    (key,) = shelf.unknown
    assert key.startswith(f"{nid}:")


def test_a_report_stored_without_its_follow_ups_is_accounted_for(
    server: LaporServer, channel: LaporChannel
) -> None:
    ledger = Ledger()
    server.follow_up(fill(server, 2)[0], "Sudah kami cek.")
    with server.misbehaving(paths=("claims",), status=500):
        ledger.commit_all(channel.fetch(ledger))
    (shelf,) = channel.inventory(ledger)
    assert shelf.unknown == {}
    assert "claims" not in server.paths()[-2:]


def test_an_inventory_begins_with_the_start_date(server: LaporServer) -> None:
    server.add("lama", tanggal="2024-10-01 08:00:00", last_activity="2024-10-01 08:00:00")
    server.add("baru")
    lapor = LaporChannel("lapor", MappedJson(settings(server, since=date(2024, 11, 1))))
    (shelf,) = lapor.inventory(Ledger())
    lapor.close()
    assert len(shelf.items) == 1
