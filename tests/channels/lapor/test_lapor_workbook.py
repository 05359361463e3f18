"""XLSX exports: what admin sites write, and what somebody could make of one on purpose."""

import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from channels.errors import Unreadable
from channels.lapor import ExportFolder, ExportSettings, LaporChannel
from channels.lapor.table import Row
from channels.lapor.workbook import read_workbook
from channels.types import Message
from tests.channels.contract import Ledger
from tests.channels.lapor.test_lapor_export import WITA

HEADER = ["No", "Tracking ID", "Judul Laporan", "Isi Laporan", "Tanggal Laporan Masuk", "Status"]


def workbook(path: Path, fill: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    book.save(path)
    return path


def with_rows(*rows: list[Any]) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    return fill


def messages(folder: Path) -> list[Message]:
    channel = LaporChannel("ekspor", ExportFolder(ExportSettings(folder, WITA, 0)))
    return [channel.read(arrival) for arrival in channel.fetch(Ledger())]


def test_a_workbook_is_read_with_numbers_and_dates_as_excel_keeps_them(tmp_path: Path) -> None:
    workbook(
        tmp_path / "a.xlsx",
        with_rows(
            HEADER,
            [1, 9165816, "Bansos", "Belum cair", datetime(2026, 11, 24, 10, 15), "Proses"],  # noqa: DTZ001 - Excel knows no zones
            [2, 9165817.0, "Jalan", "Rusak", date(2026, 11, 25), "Selesai"],
        ),
    )
    first, second = messages(tmp_path)
    assert (first.external_id, second.external_id) == ("9165816", "9165817")
    assert first.received_at == datetime(2026, 11, 24, 2, 15, tzinfo=UTC)
    assert second.sent_at == datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
    assert (first.subject, first.text, first.status) == ("Bansos", "Belum cair", "proses")


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("24 November 2026 10:15 WITA", 2),
        ("24 November 2026 10:15 WIB", 3),
        ("Selasa, 24 November 2026 pukul 10.15 WIT", 1),
        ("24 Nop 2026, 10:15", 2),
        ("24 Nov 2026 10:15:00", 2),
    ],
)
def test_dates_may_be_written_out_in_indonesian(tmp_path: Path, written: str, hour: int) -> None:
    workbook(tmp_path / "a.xlsx", with_rows(HEADER, [1, 7, "a", "b", written, "Proses"]))
    (message,) = messages(tmp_path)
    assert message.sent_at == datetime(2026, 11, 24, hour, 15, tzinfo=UTC)


@pytest.mark.parametrize("written", ["31 Februari 2026", "24 Bulan 2026", "24 November", "kemarin"])
def test_a_date_nobody_can_read_loses_no_report(tmp_path: Path, written: str) -> None:
    workbook(tmp_path / "a.xlsx", with_rows(HEADER, [1, 7, "a", "b", written, "Proses"]))
    (message,) = messages(tmp_path)
    assert message.sent_at is None


def test_titles_stand_above_a_header_over_two_rows_with_merged_cells(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.append(["REKAPITULASI LAPORAN"])
        sheet.merge_cells("A1:F1")
        sheet.append([])
        sheet.append(["No", "Tracking ID", "Isi Laporan", "Pelapor", None, "Status"])
        sheet.append([None, None, None, "Nama Lengkap", "Email", None])
        for merged in ("A3:A4", "B3:B4", "C3:C4", "D3:E3", "F3:F4"):
            sheet.merge_cells(merged)
        sheet.append([1, 9165816, "Belum cair", "Made", "made@warga.test", "Belum ditindaklanjuti"])

    workbook(tmp_path / "a.xlsx", fill)
    (message,) = messages(tmp_path)
    assert (message.sender.name, message.sender.email) == ("Made", "made@warga.test")
    assert message.status == "belum_ditindaklanjuti"


def test_every_sheet_with_a_header_counts_and_others_do_not(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for title, number in (("Oktober", 1), ("November", 2)):
        sheet = book.create_sheet(title)
        sheet.append(HEADER)
        sheet.append([1, number, "a", title, "", ""])
    book.save(tmp_path / "a.xlsx")
    assert [message.text for message in messages(tmp_path)] == ["Oktober", "November"]


def test_a_row_without_an_id_is_kept_as_unreadable(tmp_path: Path) -> None:
    workbook(
        tmp_path / "a.xlsx",
        with_rows(HEADER, [1, None, "a", "tanpa nomor", "", ""], [2, 7, "a", "b", "", ""]),
    )
    channel = LaporChannel("ekspor", ExportFolder(ExportSettings(tmp_path, WITA, 0)))
    nameless, _ = channel.fetch(Ledger())
    with pytest.raises(Unreadable, match="lapor_no_id"):
        channel.read(nameless)


def test_a_formula_is_never_computed(tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx", with_rows(HEADER, [1, 7, "a", "=1+1", "", ""]))
    (message,) = messages(tmp_path)
    assert message.text == ""


def changed(path: Path, part: str, content: bytes) -> Path:
    """The workbook with one part replaced, or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in (parts | {part: content}).items():
            archive.writestr(name, value)
    return path


def rows_of(path: Path) -> list[Row]:
    return read_workbook(path.read_bytes(), path.name)


def small(folder: Path) -> Path:
    return workbook(folder / "a.xlsx", with_rows(HEADER, [1, 7, "a", "b", "", ""]))


@pytest.mark.parametrize(
    ("part", "content", "code"),
    [
        ("xl/workbook.xml", b'<!DOCTYPE w [<!ENTITY a "b">]><w>&a;</w>', "lapor_export_xlsx"),
        ("xl/workbook.xml", b"<!-- c -->" * 9_000 + b"<!DOCTYPE w><w/>", "lapor_export_xlsx"),
        (
            "xl/worksheets/sheet1.xml",
            '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE w><w/>'.encode("utf-16"),
            "lapor_export_xlsx",
        ),
        ("xl/styles.xml", b"<x/>" * 3_000_000, "lapor_export_size"),
        ("xl/worksheets/sheet1.xml", b" " * 135_000_000, "lapor_export_size"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row", "lapor_export_xlsx"),
        ("xl/workbook.xml", b"kein XML", "lapor_export_xlsx"),
        ("[Content_Types].xml", b"<Types/>", "lapor_export_xlsx"),
    ],
    ids=["entity", "late-doctype", "utf-16-doctype", "styles", "bomb", "cut", "no-xml", "no-types"],
)
def test_a_workbook_made_to_harm_is_refused(
    tmp_path: Path, part: str, content: bytes, code: str
) -> None:
    with pytest.raises(Unreadable) as caught:
        rows_of(changed(small(tmp_path), part, content))
    assert caught.value.code == code


def sheet_of(rows: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    size = '<dimension ref="A1:XFD1048576"/>'
    return f'<worksheet xmlns="{space}">{size}<sheetData>{rows}</sheetData></worksheet>'.encode()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_sheet_that_claims_to_be_huge_costs_nothing(tmp_path: Path) -> None:
    rows = (
        f'<row r="1">{cell("A1", "Tracking ID")}{cell("B1", "Isi")}</row>'
        f'<row r="2">{cell("A2", "7")}{cell("B2", "b")}{cell("XFD2", "jauh")}</row>'
    )
    path = changed(small(tmp_path), "xl/worksheets/sheet1.xml", sheet_of(rows))
    assert rows_of(path) == [{"external_id": "7", "body": "b"}]


def test_a_row_number_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    rows = f'<row r="1">{cell("A1", "Tracking ID")}</row><row r="999999999"><c/></row>'
    with pytest.raises(Unreadable, match="lapor_export_size"):
        rows_of(changed(small(tmp_path), "xl/worksheets/sheet1.xml", sheet_of(rows)))


def test_a_truncated_workbook_is_unreadable_and_read_once_it_is_whole(tmp_path: Path) -> None:
    path = small(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    channel = LaporChannel("ekspor", ExportFolder(ExportSettings(tmp_path, WITA, 0)))
    ledger = Ledger()
    (broken,) = ledger.commit_all(channel.fetch(ledger))
    with pytest.raises(Unreadable, match="lapor_export_xlsx"):
        channel.read(broken)
    path.write_bytes(whole)
    (good,) = channel.fetch(ledger)
    assert channel.read(good).text == "b"
