"""The workbook and the CSV, read back."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from report.document import Cell, Column, Table
from report.national import national_csv
from report.values import MonthlyReport
from report.workbook import workbook
from tests.report.samples import case, figures, full, written


def opened(report: MonthlyReport, language: str = "id") -> Workbook:
    return load_workbook(BytesIO(written(report, language).content("xlsx")))


def grid(book: Workbook, sheet: str) -> list[Sequence[object]]:
    return [row for row in book[sheet].iter_rows(min_row=3, values_only=True) if any(row)]


def test_every_table_of_the_page_is_a_sheet_with_numbers() -> None:
    book = opened(full())
    tables = written(full()).document.tables
    assert book.sheetnames == [
        "Ringkasan", *(table.name for table in tables), "Data", "Cara menghitung",
    ]  # fmt: skip
    for table in tables:
        head, *rows = grid(book, table.name)
        assert list(head) == [column.heading for column in table.columns]
        assert len(rows) == len(table.rows) + bool(table.total)
        for column, values in zip(table.columns, zip(*rows, strict=True), strict=True):
            assert all(isinstance(v, int | float) or v == "-" for v in values) or not column.number


def test_moments_are_moments_in_the_offices_zone() -> None:
    (late,) = (row for row in grid(opened(full()), "Terlambat") if row[0] == "MR-4444-444")
    assert [str(late[n]) for n in (3, 5)] == ["2026-11-04 02:00:00", "2026-11-21 00:00:00"]


def test_shares_are_percentages_to_reckon_with() -> None:
    sheet = opened(full())["Jenis"]
    shares = [cell for row in sheet.iter_rows(min_row=4) for cell in row[7:8] if cell.value != "-"]
    assert {cell.number_format for cell in shares} == {"0.0%"}
    assert all(0 <= cell.value <= 1 for cell in shares if isinstance(cell.value, float))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("report", [full(), figures()], ids=["full", "empty"])
def test_names_of_sheets_are_short_and_differ(report: MonthlyReport, language: str) -> None:
    names = opened(report, language).sheetnames
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 31


HOSTILE = ("=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\t=1", "https://jahat.test", 'a;b"c')


def hostile() -> MonthlyReport:
    """A channel and a team may be called anything."""
    return figures([case(channel=name, team=name, number=f"MR-{name}") for name in HOSTILE])


def test_no_text_becomes_a_formula_or_a_link() -> None:
    content = written(hostile()).content("xlsx")
    book = load_workbook(BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.value for cell in cells} >= set(HOSTILE)
    assert "f" not in {cell.data_type for cell in cells}
    assert not any(cell.hyperlink for cell in cells)
    with ZipFile(BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "externalLink" in name]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_csv_is_what_an_indonesian_spreadsheet_opens() -> None:
    content = written(full()).content("csv")
    assert content.startswith(b"\xef\xbb\xbfbulan;kanal;")
    assert content.endswith(b"\r\n")
    head, *cases = rows(content)
    assert head == [
        "bulan", "kanal", "jenis", "tingkat", "tanggal_diterima", "tenggat", "tanggal_dijawab",
        "ketepatan", "status",
    ]  # fmt: skip
    assert len(cases) == 6
    assert ["2026-11", "gmail", "Permintaan informasi", "Bersifat normatif", "2026-11-04",
            "2026-11-11", "2026-11-21", "terlambat", "dijawab"] in cases  # fmt: skip
    assert ["2026-11", "Telepon", "Pengaduan", "Belum pasti", "2026-11-04", "2026-11-11", "",
            "terlambat", "didisposisi"] in cases  # fmt: skip
    assert "tidak memerlukan jawaban" in {case[7] for case in cases if case[2] == "Spam"}


def test_the_csv_has_no_numbers_of_tickets() -> None:
    assert b"MR-" not in written(full()).content("csv")


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t1", "\r1", "\n1"])
def test_a_spreadsheet_takes_no_cell_of_the_csv_for_a_formula(text: str) -> None:
    content = national_csv(Table("", "", (Column("a"),), ((Cell(text),),)))
    assert rows(content) == [["a"], [f"'{text}"]]


def test_what_holds_separators_and_quotes_stays_one_cell() -> None:
    assert 'a;b"c' in {row[1] for row in rows(written(hostile()).content("csv"))}


def test_two_tables_of_one_name_are_refused_rather_than_lost() -> None:
    made = written(full())
    with pytest.raises(Exception, match="already in use"):
        workbook(made.document, replace(made.cases, name="Jenis"), made.issuer.naming.words)


def test_an_english_report_has_english_columns() -> None:
    assert rows(written(full(), "en").content("csv"))[0][0] == "month"
