"""Exports of the admin site in a folder: tolerant of headers, patient with half-written files."""

import os
import time
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from channels.base import Channel
from channels.errors import Unreadable
from channels.lapor import ExportFolder, ExportSettings, LaporChannel
from channels.types import Message
from tests.channels.contract import Contract, Harness, Ledger

WITA = ZoneInfo("Asia/Makassar")


def channel_on(folder: Path, settle: float = 0) -> LaporChannel:
    settings = ExportSettings(folder, WITA, settle)
    return LaporChannel("ekspor", ExportFolder(settings))


def messages(folder: Path) -> list[Message]:
    channel = channel_on(folder)
    return [channel.read(arrival) for arrival in channel.fetch(Ledger())]


class ExportHarness:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._away = folder.with_name("away")
        self._count = 0

    def channel(self) -> Channel:
        return channel_on(self._folder)

    def push(self, *texts: str) -> None:
        rows = ["Tracking ID;Isi Laporan;Tanggal Laporan Masuk"]
        for text in texts:
            self._count += 1
            rows.append(f"{9165000 + self._count};{text};02-11-2024 08:{self._count:02}")
        (self._folder / f"ekspor-{self._count}.csv").write_text("\n".join(rows), "utf-8")

    def break_(self) -> None:
        self._folder.rename(self._away)

    def heal(self) -> None:
        self._away.rename(self._folder)


class TestExportFolder(Contract):
    @pytest.fixture
    def harness(self, tmp_path: Path) -> Harness:
        folder = tmp_path / "ekspor"
        folder.mkdir()
        return ExportHarness(folder)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    header = delimiter.join(["No. Laporan", "Judul Laporan", "Detail Aduan", "Anonim", "Rahasia"])
    row = delimiter.join(["#9165816", "Café", '"Jalan, rusak; parah|\nsekali\t!"', "Tidak", "Ya"])
    (tmp_path / "a.csv").write_text(f"{header}\r\n{row}\r\n", encoding, newline="")
    (message,) = messages(tmp_path)
    assert message.external_id == "9165816"
    assert message.subject == "Café"
    assert message.text == "Jalan, rusak; parah|\nsekali\t!"
    assert message.secret
    assert not message.anonymous


def test_a_whole_row_below_a_title(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Rekap Laporan Kabupaten Buleleng\n\n"
        "No,ID LAPORAN,Isi_Laporan,Tanggal Laporan Masuk,Status,Kategori,Klasifikasi,"
        "Nama Lengkap,Lokasi,Kolom Lain\n"
        "1,9165816,Bansos belum cair,02/11/2024 09:30,Belum ditindaklanjuti,Sosial,Pengaduan,"
        "Made,Banjar,x\n",
        "utf-8",
    )
    (message,) = messages(tmp_path)
    assert message.received_at == datetime(2024, 11, 2, 1, 30, tzinfo=UTC)
    assert message.status == "belum_ditindaklanjuti"
    assert message.category == "Pengaduan / Sosial"
    assert message.sender.name == "Made"
    assert message.location == "Banjar"


def test_the_same_rows_in_a_newer_export_are_known_and_a_changed_one_is_not(tmp_path: Path) -> None:
    ledger, channel = Ledger(), channel_on(tmp_path)
    rows = ["Tracking ID,Isi Laporan,Status", "1,satu,Proses", "2,dua,Proses"]
    (tmp_path / "a.csv").write_text("\n".join(rows), "utf-8")
    assert len(ledger.commit_all(channel.fetch(ledger))) == 2
    rows[2] = "2,dua,Selesai"
    (tmp_path / "b.csv").write_text("\n".join(rows), "utf-8")
    (changed,) = channel.fetch(ledger)
    assert channel.read(changed).status == "selesai"


def test_a_row_without_an_id_is_handed_over_and_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Tracking ID,Isi Laporan\n,tanpa nomor\n7,biasa\n", "utf-8")
    channel = channel_on(tmp_path)
    nameless, _ = channel.fetch(Ledger())
    with pytest.raises(Unreadable, match="lapor_no_id"):
        channel.read(nameless)


def test_a_file_still_being_written_is_left_for_the_next_round(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Tracking ID,Isi Laporan\n1,satu\n", "utf-8")
    (tmp_path / "b.csv.part").write_text("Tracking ID\n2\n", "utf-8")
    an_hour_ago = time.time() - 3600
    os.utime(path, (an_hour_ago, an_hour_ago))  # as copying does
    assert list(channel_on(tmp_path, settle=30).fetch(Ledger())) == []
    time.sleep(0.2)
    assert len(list(channel_on(tmp_path, settle=0.2).fetch(Ledger()))) == 1


def test_rows_reported_before_the_start_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Tracking ID;Isi;Tanggal\n1;lama;23-11-2026 23:59\n2;baru;24-11-2026 00:00\n3;entah;?\n",
        "utf-8",
    )
    channel = LaporChannel(
        "ekspor", ExportFolder(ExportSettings(tmp_path, WITA, 0, since=date(2026, 11, 24)))
    )
    texts = [channel.read(arrival).text for arrival in channel.fetch(Ledger())]
    assert sorted(texts) == ["baru", "entah"]
    (shelf,) = channel.inventory(Ledger())
    assert len(shelf.items) == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"PK\x03\x04", "lapor_export_xlsx"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "lapor_export_kind"),
        ("a.csv", b"Judul,Isi\nx,y\n", "lapor_export_header"),
        ("a.csv", b"", "lapor_export_header"),
        ("a.csv", b'Tracking ID\n"' + b"x" * 200_000 + b'"\n', "lapor_export_csv"),
    ],
)
def test_a_file_that_is_no_table_is_unreadable_once_and_stops_nothing(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "z.csv").write_text("Tracking ID,Isi\n1,satu\n", "utf-8")
    ledger, channel = Ledger(), channel_on(tmp_path)
    broken, good = ledger.commit_all(channel.fetch(ledger))
    with pytest.raises(Unreadable) as caught:
        channel.read(broken)
    assert caught.value.code == code
    assert channel.read(good).text == "satu"
    assert list(channel.fetch(ledger)) == []
