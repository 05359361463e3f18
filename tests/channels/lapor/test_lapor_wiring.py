"""From a table of the configuration to a channel that works, for every dialect."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from channels.lapor.status import ReportStatus
from channels.types import Message
from classify.types import Kind, Medium
from config.settings import ConfigError, load
from config.texts import Texts
from store.types import Complainant, Status, Ticket
from testing.daemon import Site
from testing.lapor_server import LaporServer
from tests.channels.contract import Ledger
from tests.channels.lapor.feed import Call, Reply, serving
from wiring.channels import posting_channel
from wiring.parts import Parts, build


def messages(site: Site, *tables: str) -> list[Message]:
    """What the channel of these lines brings."""
    channel = built(site, *tables).turns[0].channel
    try:
        return [channel.read(arrival) for arrival in channel.fetch(Ledger())]
    finally:
        channel.close()


def built(site: Site, *tables: str) -> Parts:
    site.extra = "\n".join(("[[channels]]", 'name = "lapor"', *tables, ""))
    site.write()
    return build(load(site.config), Texts("id"))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("MUARA_TEST_TOKEN", "kunci-uji")
    return Site(tmp_path, 1)


def test_a_feed_with_a_profile(site: Site) -> None:
    with LaporServer() as server:
        nid = server.add("Bansos belum cair")
        (message,) = messages(
            site,
            'kind = "lapor"',
            f'base_url = "{server.base_url}"',
            'token = "env:MUARA_TEST_TOKEN"',
        )
    assert (message.external_id, message.text) == (nid, "Bansos belum cair")


def test_an_open311_server(site: Site) -> None:
    def answer(call: Call) -> Reply:
        assert call.headers["X-Kunci"] == "kunci-uji"
        assert call.params["jurisdiction_id"] == "buleleng"
        row = {
            "service_request_id": "9",
            "status": "open",
            "description": "Lampu mati",
            "requested_datetime": "2026-11-24T08:00:00",
        }
        return 200, {}, [row]

    with serving(answer) as (base_url, _):
        (message,) = messages(
            site,
            'kind = "open311"',
            f'base_url = "{base_url}"',
            "since = 2026-11-01",
            'auth = "header"',
            'header = "X-Kunci"',
            'token = "env:MUARA_TEST_TOKEN"',
            'params = { jurisdiction_id = "buleleng" }',
        )
    assert message.text == "Lampu mati"
    assert message.received_at.hour == 0  # 8 o'clock in the office's zone


def test_a_folder_of_exports(site: Site) -> None:
    folder = site.folder / "ekspor"
    folder.mkdir()
    (folder / "a.csv").write_text(
        "Tracking ID;Isi;Tanggal\n1;lama;23-11-2026\n2;baru;24-11-2026\n", "utf-8"
    )
    found = messages(
        site, 'kind = "export"', 'folder = "ekspor"', "settle_seconds = 0", "since = 2026-11-24"
    )
    assert [message.text for message in found] == ["baru"]


PROFILE = """name = "kantor"
newest = true

[list]
path = "laporan"
method = "PUT"

[fields]
external_id = "id"

[[status]]
when = { status = "1" }
means = "hilang"
"""


def broken(site: Site, profile: str | None, language: str = "id") -> list[str]:
    path = site.folder / "kantor.toml"
    if profile is not None:
        path.write_text(profile, "utf-8")
    site.extra = (
        '[[channels]]\nname = "lapor"\nkind = "lapor"\n'
        'base_url = "http://127.0.0.1:1/"\nprofile = "kantor.toml"\n'
    )
    site.write()
    text = site.config.read_text("utf-8")
    site.config.write_text(text.replace('language = "id"', f'language = "{language}"'), "utf-8")
    with pytest.raises(ConfigError) as caught:
        build(load(site.config), Texts("id"))
    return [str(problem).removeprefix(f"{path}") for problem in caught.value.problems]


def test_every_problem_of_a_profile_is_a_sentence_with_file_and_line(site: Site) -> None:
    statuses = ", ".join(ReportStatus)
    assert broken(site, PROFILE) == [
        ":6: list.method: Nilai ini harus salah satu dari: GET, POST.",
        f":13: status[0].means: Nilai ini harus salah satu dari: {statuses}.",
        ":2: newest: Kunci ini tidak dikenal. Hapus, atau periksa ejaannya.",
    ]


def test_problems_of_a_profile_are_told_in_english_too(site: Site) -> None:
    assert ":2: newest: This key is not known. Remove it, or check its spelling." in broken(
        site, PROFILE, "en"
    )


def test_a_profile_that_is_no_toml_or_not_there_is_named(site: Site) -> None:
    assert "tidak ada" in broken(site, None)[0]
    assert "TOML" in broken(site, "name = ")[0]


ANSWERS = """
[answer]
path = "notes/{external_id}"
params = { isi = "{text}" }
"""
SMALL = 'name = "kantor"\n[list]\npath = "laporan"\n[fields]\nexternal_id = "id"\n'


def feed(name: str, profile: str = "kantor.toml", *, enabled: bool = True) -> str:
    return (
        f'[[channels]]\nname = "{name}"\nkind = "lapor"\nprofile = "{profile}"\n'
        f'base_url = "http://127.0.0.1:1/"\nenabled = {str(enabled).lower()}\n'
    )


@pytest.mark.parametrize(
    ("tables", "channel", "through"),
    [
        (feed("lapor"), "lapor", "lapor"),
        (feed("lapor"), "ekspor", "lapor"),
        (feed("lapor", "lapor-v2") + feed("baru"), "lapor", "baru"),
        (feed("lapor", enabled=False), "lapor", ""),
        (feed("lapor", "lapor-v2"), "lapor", ""),
        (
            feed("lapor") + '[[channels]]\nname = "kota"\nkind = "open311"\n'
            'base_url = "http://127.0.0.1:1/"\nsince = 2026-11-24\n',
            "kota",
            "",
        ),
    ],
)
def test_an_answer_goes_through_a_feed_that_takes_answers(
    site: Site, tables: str, channel: str, through: str
) -> None:
    (site.folder / "kantor.toml").write_text(SMALL + ANSWERS, "utf-8")
    site.extra = tables
    site.write()
    case = Message(Medium.LAPOR, datetime.now(UTC), external_id="1")
    assert posting_channel(load(site.config), ticket_of(channel, case)) == through


def ticket_of(channel: str, message: Message) -> Ticket:
    return Ticket(
        number="MR-1", channel=channel, medium=message.medium, kind=Kind.PENGADUAN, tier=None,
        certain=False, suggested=None, restricted=False, status=Status.ROUTED, team="kesra",
        subject="", text="", reply_text="", received_at=message.received_at,
        entered_at=message.received_at, due_at=None, limit="", complainant=Complainant(),
        external_id=message.external_id,
    )  # fmt: skip


def test_a_way_for_answers_needs_the_report_and_the_text(site: Site) -> None:
    said = broken(site, SMALL + '[answer]\npath = "notes"\nparams = { isi = "{text}" }\n')
    assert said == [":8: answer.params: Di sini harus ada {external_id}."]
