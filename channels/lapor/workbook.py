"""XLSX exports, read as what strangers may have made: bounded in size, and without what XML should not have.

openpyxl parses with the standard library's expat unless defusedxml is installed: external entities are
never fetched, but a document type could still declare some that grow. No workbook has a document type
(ECMA-376, part 2, 7.2), so a file with one is refused. Formulas are not computed: what counts is the
value that was stored with them.
"""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from xml.parsers import expat

import openpyxl

from channels.errors import Unreadable
from channels.lapor.table import Row, rows_below_header

MIB = 1024 * 1024
_UNPACKED = 128 * MIB  # of all XML
_IN_MEMORY = 8 * MIB  # of each part that openpyxl builds a tree from: all but sheets and strings
_PARTS = 2_000
_SHEETS = 50
_LINES = 200_000
_COLUMNS = 200
_CHUNK = 64 * 1024


def read_workbook(data: bytes, file: str) -> list[Row]:
    """Return the rows of every sheet with a header, by canonical names. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check(archive, file)
        return _rows(data, file)
    except Unreadable:
        raise
    except Exception as error:
        # openpyxl and zipfile raise whatever the bytes lead them to.
        raise Unreadable("lapor_export_xlsx", file=file, reason=type(error).__name__) from error


def _check(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse what would take too much memory. zipfile never unpacks more than a part says it holds."""
    parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
    whole = sum(part.file_size for part in parts)
    largest = max((part.file_size for part in parts if not _streamed(part.filename)), default=0)
    if len(parts) > _PARTS or whole > _UNPACKED or largest > _IN_MEMORY:
        raise Unreadable("lapor_export_size", file=file)
    for part in parts:
        with archive.open(part) as content:
            _check_beginning(content, file)


def _streamed(name: str) -> bool:
    return name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"


def _check_beginning(content: Any, file: str) -> None:
    """Read up to the root element, before which a document type would have to stand."""
    begun = False

    def refuse(*_: Any) -> None:
        raise Unreadable("lapor_export_xlsx", file=file, reason="DOCTYPE")

    def begin(*_: Any) -> None:
        nonlocal begun
        begun = True

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    while not begun and (chunk := content.read(_CHUNK)):
        parser.Parse(chunk)


def _rows(data: bytes, file: str) -> list[Row]:
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    try:
        tables = [rows_below_header(_lines(sheet, file)) for sheet in book.worksheets[:_SHEETS]]
    finally:
        book.close()
    if all(table is None for table in tables):
        raise Unreadable("lapor_export_header", file=file)
    return [row for table in tables for row in table or ()]


def _lines(sheet: Any, file: str) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what a file says about its own size is not to be trusted
    for count, cells in enumerate(sheet.iter_rows(values_only=True)):
        if count >= _LINES:
            raise Unreadable("lapor_export_size", file=file)
        yield [_text(cell) for cell in islice(cells, _COLUMNS)]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
