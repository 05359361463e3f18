"""A platform's reports from end to end: feed, poller, store, team. The feed misbehaves on purpose.

Whatever it does: nothing is lost, nothing comes twice, and the team hears of what it must know, once.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from channels.lapor import ExportFolder, ExportSettings, LaporChannel, MappedJson
from channels.manual import Entry, ManualChannel
from classify.types import Medium
from ingest.turn import Schedule, Turn, Watch
from store.types import ChannelState, Fate, Outcome, Ticket
from testing.daemon import EXAMINER, TEAM
from testing.lapor_server import LaporServer
from tests.channels.lapor.feed import settings
from tests.ingest.workshop import GRAVE, PLAIN, Workshop, body

FEED = "sp4n"


@pytest.fixture
def server() -> Iterator[LaporServer]:
    with LaporServer(page_size=3) as running:
        yield running


class Desk:
    """The workshop with a feed, polled a turn at a time."""

    def __init__(self, shop: Workshop, server: LaporServer) -> None:
        self.shop = shop
        self.server = server
        feed = settings(server, timeout=0.5, total=0.5)
        self.channel = LaporChannel(FEED, MappedJson(feed))
        parts = shop.parts
        self._turn = Turn(
            self.channel,
            schedule=Schedule(timedelta(seconds=60), skips_history=True),
            poller=parts.poller,
            store=parts.store,
            office=parts.office,
            words=parts.words,
            watch=Watch(3, "kesra"),
        )

    def poll(self) -> ChannelState:
        return self._turn.run(self.shop.clock, self.shop.stop)

    def case(self, nid: str) -> Ticket:
        (found,) = (case for case in self.shop.cases() if case.external_id == nid)
        return self.shop.ticket(found.number)

    def told(self, nid: str, kind: str = "team_update") -> list[str]:
        return self.shop.notices(self.case(nid)).get(kind, [])

    def enter(self, text: str, nid: str, **fields: Any) -> Outcome:
        entry = Entry(Medium.LAPOR, text, self.shop.clock(), external_id=nid, **fields)
        channel = ManualChannel(Medium.LAPOR, [entry])
        (outcome,) = self.shop.parts.poller.poll(channel, self.shop.stop, who="putu")
        return outcome


@pytest.fixture
def desk(shop: Workshop, server: LaporServer) -> Iterator[Desk]:
    made = Desk(shop, server)
    yield made
    made.channel.close()


@pytest.mark.parametrize(
    "faults",
    [
        {"status": 429, "retry_after": "1"},
        {"status": 500},
        {"delay": 0.8},
        {"drip": 0.02},
        {"truncate": True},
        {"half_json": True},
        {"html": True},
        {"error_object": {"status": False, "msg": "Server sedang sibuk"}},
    ],
    ids=lambda faults: next(iter(faults)),
)
def test_a_feed_in_trouble_loses_nothing_and_brings_nothing_twice(
    desk: Desk, faults: dict[str, Any]
) -> None:
    nids = [desk.server.add(f"{PLAIN} Laporan {number}.") for number in range(4)]
    with desk.server.misbehaving(**faults):
        assert desk.poll().failures == 1
    assert desk.shop.cases() == []
    desk.channel.close()
    again = Desk(desk.shop, desk.server)  # a rest the server asked for is the old one's
    assert again.poll().failures == 0
    assert again.poll().failures == 0
    again.channel.close()
    assert sorted(case.external_id for case in desk.shop.cases()) == nids
    assert [desk.told(nid, "team_new") for nid in nids] == [[TEAM]] * 4
    assert desk.shop.quarantine() == []


@pytest.mark.parametrize("fault", ["cursor_loop", "repeat_last"])
def test_pages_that_repeat_bring_every_report_once(desk: Desk, fault: str) -> None:
    for number in range(3 if fault == "cursor_loop" else 8):
        desk.server.add(f"{PLAIN} Laporan {number}.")
    with desk.server.misbehaving(**{fault: True}):
        assert desk.poll().failures == 0
        assert desk.poll().failures == 0
    assert len(desk.shop.cases()) == (3 if fault == "cursor_loop" else 8)
    assert all(case.arrivals == 1 for case in desk.shop.cases())


def test_a_call_that_fails_for_one_report_holds_up_nobody_and_is_made_up_for(desk: Desk) -> None:
    nid = desk.server.add(PLAIN)
    desk.server.follow_up(nid, "Sedang kami periksa.", by="Dinas Sosial")
    other = desk.server.add("Lampu mati.")
    with desk.server.misbehaving(status=500, paths=("claims",)):
        assert desk.poll().failures == 0
    assert desk.case(nid).followups == ()
    assert desk.case(other).text == "Lampu mati."
    desk.poll()
    assert [said.text for said in desk.case(nid).followups] == ["Sedang kami periksa."]
    assert desk.told(nid) == [TEAM]


def test_a_new_status_and_words_of_others_are_told_once(desk: Desk) -> None:
    nid = desk.server.add(PLAIN)
    desk.poll()
    desk.server.change(nid, status=5)
    desk.server.follow_up(nid, "Mohon lampirkan KTP.", by="Dinas Sosial")
    desk.poll()
    desk.poll()
    assert desk.told(nid) == [TEAM]
    desk.shop.send()
    said = body(desk.shop.letter("team_update"))
    assert "belum ditindaklanjuti \u2192 proses" in said
    assert "Dinas Sosial: Mohon lampirkan KTP." in said
    assert "tindak lanjut, status" in said


def test_what_the_team_need_not_know_updates_the_case_quietly(desk: Desk) -> None:
    nid = desk.server.add(PLAIN)
    desk.poll()
    desk.server.change(nid, topic_name="Sosial")
    desk.server.follow_up(nid, "Sudah kami jawab.", by="Sekretariat Daerah")
    desk.poll()
    case = desk.case(nid)
    assert (case.category, case.followups[0].text) == ("Sosial", "Sudah kami jawab.")
    assert desk.told(nid) == []


def test_an_unknown_status_drops_nothing(desk: Desk) -> None:
    nid = desk.server.add(PLAIN, status=77)
    desk.poll()
    assert desk.case(nid).platform_status == "tidak_diketahui"


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-11-24 08:00:00", 1),  # the profile's zone, WIB
        ("2026-11-24 09:00:00 WITA", 1),
        ("2026-11-24 10:00:00 WIT", 1),
        ("2026-11-24T08:00:00+07:00", 1),
    ],
)
def test_the_clock_starts_when_the_platform_got_it_whatever_the_zone(
    desk: Desk, written: str, hour: int
) -> None:
    nid = desk.server.add(PLAIN, tanggal=written)
    desk.poll()
    assert desk.case(nid).received_at == datetime(2026, 11, 24, hour, tzinfo=UTC)


def test_a_report_that_becomes_anonymous_loses_its_name_here_and_is_for_the_examiners(
    desk: Desk,
) -> None:
    nid = desk.server.add(PLAIN)
    desk.poll()
    assert desk.case(nid).complainant.name == "Ni Luh Sari"
    desk.server.change(nid, is_anonim=2)
    desk.poll()
    who = desk.case(nid).complainant
    assert (who.anonymous, who.name, desk.case(nid).restricted) == (True, "", True)
    assert desk.told(nid) == [EXAMINER]
    desk.shop.send()
    letter = body(desk.shop.letter("team_update", EXAMINER))
    assert "Ni Luh" not in letter
    assert "anonim" in letter


def test_a_report_that_is_not_anonymous_any_more_names_nobody_here(desk: Desk) -> None:
    nid = desk.server.add(PLAIN, is_anonim=2)
    desk.poll()
    desk.server.change(nid, is_anonim=1)
    desk.poll()
    who = desk.case(nid).complainant
    assert (who.anonymous, who.name) == (True, "")


def test_a_report_that_becomes_secret_is_for_the_examiners_from_then_on(desk: Desk) -> None:
    nid = desk.server.add(PLAIN)
    desk.poll()
    desk.server.change(nid, report_type=2)
    desk.poll()
    case = desk.case(nid)
    assert case.restricted
    assert case.complainant.secret
    assert desk.told(nid) == [EXAMINER]
    desk.server.change(nid, report_type=1, status=5)
    desk.poll()
    assert desk.case(nid).restricted


def test_a_secret_report_goes_to_the_examiners_from_the_first(desk: Desk) -> None:
    nid = desk.server.add(PLAIN, report_type=2)
    desk.poll()
    assert desk.case(nid).restricted
    assert desk.told(nid, "team_new") == [EXAMINER]
    assert desk.told(nid, "team_restricted") == [TEAM]


def test_a_text_that_turns_grave_is_for_the_examiners(desk: Desk) -> None:
    nid = desk.server.add(PLAIN)
    desk.poll()
    desk.server.change(nid, content=GRAVE)
    desk.poll()
    assert desk.case(nid).restricted
    assert desk.told(nid) == [EXAMINER]


# By hand, and what else brings the same report


def test_a_report_entered_by_hand_is_the_feeds_case(desk: Desk) -> None:
    nid = desk.server.add(f"{PLAIN} Mohon bantuan.")
    typed = desk.enter(PLAIN, nid)
    assert typed.fate is Fate.CASE
    desk.poll()
    assert desk.case(nid).number == typed.number
    assert desk.case(nid).text.endswith("Mohon bantuan.")
    assert [case.external_id for case in desk.shop.cases()] == [nid]


def test_a_copy_by_hand_never_takes_the_place_of_the_platforms_words(desk: Desk) -> None:
    nid = desk.server.add(PLAIN)
    desk.poll()
    assert desk.enter("Ringkasan petugas.", nid).fate is Fate.UPDATED
    assert desk.enter(PLAIN, nid).fate is Fate.MERGED
    case = desk.case(nid)
    assert case.text == PLAIN
    assert "Ringkasan petugas." in [event.details.get("text") for event in case.events]
    assert desk.told(nid) == []


def test_an_export_of_a_report_the_feed_brought_is_the_same_case(
    desk: Desk, tmp_path: Path
) -> None:
    nid = desk.server.add(PLAIN)
    desk.poll()
    folder = tmp_path / "ekspor"
    folder.mkdir()
    (folder / "a.csv").write_text(
        f"Tracking ID;Isi Laporan;Status;Pelapor\n#{nid};{PLAIN};Selesai;Made\n", "utf-8"
    )
    export = ExportFolder(ExportSettings(folder, ZoneInfo("Asia/Makassar"), 0))
    (outcome,) = desk.shop.parts.poller.poll(LaporChannel("ekspor", export), desk.shop.stop)
    assert outcome == Outcome(Fate.UPDATED, desk.case(nid).number)
    assert desk.case(nid).platform_status == "selesai"


def test_versions_of_one_report_in_one_batch_make_one_case_as_confidential_as_the_last(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / "ekspor"
    folder.mkdir()
    head = "Tracking ID;Isi Laporan;Pelapor;Anonim"
    (folder / "a.csv").write_text(f"{head}\n7;{PLAIN};Made;Tidak\n", "utf-8")
    (folder / "b.csv").write_text(f"{head}\n7;{PLAIN};Made;Ya\n", "utf-8")
    export = ExportFolder(ExportSettings(folder, ZoneInfo("Asia/Makassar"), 0))
    found = desk.shop.parts.poller.poll(LaporChannel("ekspor", export), desk.shop.stop)
    assert [outcome.fate for outcome in found] == [Fate.CASE, Fate.UPDATED]
    assert desk.case("7").complainant.name == ""


def test_equal_numbers_of_two_platforms_are_two_cases(desk: Desk, server: LaporServer) -> None:
    desk.server.add(PLAIN, nid="77")
    desk.poll()
    other = LaporChannel("kota", MappedJson(settings(server)), "kota")
    (outcome,) = desk.shop.parts.poller.poll(other, desk.shop.stop)
    other.close()
    assert outcome.fate is Fate.CASE
    assert len(desk.shop.cases()) == 2


@pytest.mark.parametrize(("by", "status"), [("Pelapor", "routed"), ("Admin SP4N", "answered")])
def test_a_complainant_who_writes_on_the_platform_after_an_answer_reopens_the_case(
    desk: Desk, by: str, status: str
) -> None:
    nid = desk.server.add("Bantuan", PLAIN)
    desk.poll()
    number = desk.case(nid).number
    desk.shop.store.answer(
        number, "Sudah.", who="putu", way="paste", recipient="", now=desk.shop.clock()
    )
    desk.server.follow_up(nid, "Masih belum cair.", by=by)
    desk.poll()
    case = desk.case(nid)
    assert case.status == status
    assert (case.restarted_at is None) is (status == "answered")
    assert desk.shop.store.examination().crosscheck() == []
