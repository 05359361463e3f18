"""One exported file: CSV in whatever encoding and with whatever delimiter, or a workbook."""

import csv
import io
from itertools import islice
from pathlib import Path

from channels.errors import Unreadable
from channels.lapor.table import TITLE_ROWS, Row, known_columns, rows_below_header
from channels.lapor.workbook import read_workbook

_DELIMITERS = ";,\t|"
_ZIP = b"PK\x03\x04"


def read_export(path: Path, size_limit: int) -> list[Row]:
    """Return the rows by canonical names; other columns keep their own. Raises Unreadable, OSError.

    What a file is shows by its beginning, not by the ending of its name.
    """
    if path.stat().st_size > size_limit:
        raise Unreadable("lapor_export_size", file=path.name)
    data = path.read_bytes()
    if data.startswith(_ZIP):
        return read_workbook(data, path.name)
    if path.suffix.casefold() in (".csv", ".txt"):
        return _read_csv(data, path.name)
    raise Unreadable("lapor_export_kind", file=path.name)


def _read_csv(data: bytes, file: str) -> list[Row]:
    text = _decoded(data).replace("\x00", "")
    try:
        delimiter = max(_DELIMITERS, key=lambda mark: _columns(text, mark))
        rows = rows_below_header(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable("lapor_export_csv", file=file) from error
    if rows is None:
        raise Unreadable("lapor_export_header", file=file)
    return rows


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _columns(text: str, delimiter: str) -> int:
    """How many columns we know this delimiter makes of a header row."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return max(map(known_columns, islice(lines, TITLE_ROWS)), default=0)
