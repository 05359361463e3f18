"""Tables as the admin site exports them: headers in many spellings, perhaps below a title."""

import csv
import io
import re
from itertools import islice
from pathlib import Path

from channels.errors import Unreadable

_HEADERS = {
    "external_id": ("tracking id", "trackingid", "id laporan", "no laporan", "nomor laporan"),
    "title": ("judul laporan", "judul"),
    "body": ("isi laporan", "detail aduan", "isi aduan", "isi"),
    "reported_at": ("tanggal laporan masuk", "tanggal laporan", "tanggal masuk", "tanggal"),
    "status": ("status", "status laporan"),
    "category": ("kategori", "kategori laporan"),
    "classification": ("klasifikasi", "klasifikasi laporan"),
    "agency": ("instansi", "disposisi", "opd", "instansi tujuan"),
    "name": ("pelapor", "nama lengkap", "nama pelapor", "nama"),
    "email": ("email", "e mail", "surel"),
    "phone": ("no telepon", "telepon", "no hp", "nomor telepon"),
    "location": ("lokasi", "alamat", "lokasi kejadian"),
    "anonymous": ("anonim", "is anonim"),
    "secret": ("rahasia", "is rahasia"),
}
_CANONICAL = {spelling: name for name, spellings in _HEADERS.items() for spelling in spellings}
_PUNCTUATION = re.compile(r"[\W_]+")
_TITLE_ROWS = 20
_DELIMITERS = ";,\t|"


def read_table(path: Path, size_limit: int) -> list[dict[str, str]]:
    """Return the rows by canonical names; other columns keep their own. Raises Unreadable, OSError."""
    if path.suffix.casefold() not in (".csv", ".txt"):
        raise Unreadable("lapor_export_kind", file=path.name)
    if path.stat().st_size > size_limit:
        raise Unreadable("lapor_export_size", file=path.name)
    text = _decoded(path.read_bytes()).replace("\x00", "")
    try:
        return _rows(text, path.name)
    except csv.Error as error:
        raise Unreadable("lapor_export_csv", file=path.name) from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _rows(text: str, file: str) -> list[dict[str, str]]:
    delimiter = max(_DELIMITERS, key=lambda mark: _columns(text, mark))
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for cells in islice(lines, _TITLE_ROWS):
        names = [_name(cell) for cell in cells]
        if "external_id" in names:
            return [_row(names, cells) for cells in lines if any(map(str.strip, cells))]
    raise Unreadable("lapor_export_header", file=file)


def _columns(text: str, delimiter: str) -> int:
    """How many columns we know this delimiter makes of a header row."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    known = (sum(_name(cell) in _HEADERS for cell in cells) for cells in islice(lines, _TITLE_ROWS))
    return max(known, default=0)


def _name(header: str) -> str:
    plain = _PUNCTUATION.sub(" ", header).strip().casefold()
    return _CANONICAL.get(plain, plain)


def _row(names: list[str], cells: list[str]) -> dict[str, str]:
    """The first of several columns of one meaning that is not empty counts."""
    row: dict[str, str] = {}
    for name, cell in zip(names, cells, strict=False):
        if name and not row.get(name):
            row[name] = cell.strip()
    return row
