"""The report as an XLSX workbook: a sheet for each table, numbers as numbers. No text is ever a formula."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from report.document import Cell, Document, Table
from report.words import Words

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
_A4, _WIDEST = 9, 60
_HEAD = 2  # rows above a table's headings


class _Book:
    """A workbook being written."""

    def __init__(self, document: Document) -> None:
        self.content = BytesIO()
        self._book = Workbook(self.content, {**_OPTIONS, "remove_timezone": True})
        self._book.set_properties(
            {
                "title": f"{document.title}, {document.period}",
                "company": document.letterhead.section,
                "created": document.made_at.replace(tzinfo=None, microsecond=0),
            }
        )
        self._footer = f"&L{document.letterhead.section}&R&P / &N".replace("&&", "&")
        self.bold = self._book.add_format({"bold": True})
        self._title = self._book.add_format({"bold": True, "font_size": 14})
        self._head = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 2}
        )
        self._wrap = self._book.add_format({"text_wrap": True, "valign": "top"})
        self._formats: dict[str, Format] = {}

    def close(self) -> bytes:
        self._book.close()
        return self.content.getvalue()

    def sheet(self, name: str, title: str, widths: Sequence[int]) -> Worksheet:
        """Add a sheet that prints on A4 with its title above."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(self._footer)
        sheet.write_string(0, 0, title, self._title)
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width)
        return sheet

    def table(self, table: Table) -> None:
        """Add a table on a sheet of its own, its headings kept in sight."""
        sheet = self.sheet(table.name, table.caption, _widths(table))
        for place, column in enumerate(table.columns):
            sheet.write_string(_HEAD, place, column.heading, self._head)
        rows = [*table.rows, *([table.total] if table.total else [])]
        for number, row in enumerate(rows, _HEAD + 1):
            for place, cell in enumerate(row):
                self.cell(sheet, number, place, cell, bold=row is table.total)
        sheet.freeze_panes(_HEAD + 1, 1)
        sheet.repeat_rows(_HEAD)
        if table.rows:
            sheet.autofilter(_HEAD, 0, _HEAD + len(table.rows), len(table.columns) - 1)

    def pairs(self, sheet: Worksheet, first: int, pairs: Iterable[tuple[str, str]]) -> int:
        """Write names and what is said of them; return the row after."""
        row = first
        for row, (name, said) in enumerate(pairs, first):
            sheet.write_string(row, 0, name, self.bold)
            sheet.write_string(row, 1, said, self._wrap)
        return row + 2

    def cell(self, sheet: Worksheet, row: int, place: int, cell: Cell, *, bold: bool) -> None:
        """Write one value by its type."""
        value = cell.raw
        if isinstance(value, datetime):
            sheet.write_datetime(row, place, value, self._format("dd-mm-yyyy hh:mm", bold=bold))
        elif isinstance(value, int | float):
            sheet.write_number(row, place, value, self._format(_pattern(cell), bold=bold))
        else:
            sheet.write_string(row, place, str(value), self.bold if bold else None)

    def _format(self, pattern: str, *, bold: bool) -> Format:
        key = f"{pattern}{bold}"
        if key not in self._formats:
            made = self._book.add_format({"num_format": pattern, "bold": bold, "align": "right"})
            self._formats[key] = made
        return self._formats[key]


def workbook(document: Document, cases: Table, words: Words) -> bytes:
    """Return the workbook: summary, every table, ``cases`` one by one, and how it is counted."""
    book = _Book(document)
    _summary(book, document, words)
    for table in (*document.tables, cases):
        book.table(table)
    name = words("report.sheet_definitions")
    sheet = book.sheet(name, document.definitions_heading, (28, 110))
    book.pairs(sheet, _HEAD, document.definitions)
    return book.close()


def _summary(book: _Book, document: Document, words: Words) -> None:
    title = f"{document.title}, {document.period}"
    sheet = book.sheet(words("report.sheet_summary"), title, (34, 90))
    head = document.letterhead
    sheet.write_string(1, 0, ", ".join(filter(None, (head.section, head.name))))
    lines = [*filter(None, [document.provisional]), *document.summary]
    for row, line in enumerate(lines, _HEAD + 1):
        sheet.write_string(row, 0, line)
    row = _HEAD + 2 + len(lines)
    told = ((one.label, f"{one.figure} ({one.detail})") for one in document.highlights)
    row = book.pairs(sheet, row, told)
    book.pairs(sheet, row, document.facts)


def _widths(table: Table) -> list[int]:
    """As wide as the content, headings may fold."""
    cells = [[cell.text for cell in row] for row in (*table.rows, table.total) if row]
    longest = [max((len(row[n]) for row in cells), default=0) for n in range(len(table.columns))]
    words = [max(map(len, column.heading.split())) for column in table.columns]
    return [min(max(pair) + 3, _WIDEST) for pair in zip(longest, words, strict=True)]


def _pattern(cell: Cell) -> str:
    if cell.text.endswith("%"):
        return "0.0%"
    return "#,##0" if isinstance(cell.raw, int) else "#,##0.0"
