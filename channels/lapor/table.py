"""Tables as the admin site exports them: headers in many spellings, below a title, over two rows."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

Row = dict[str, str]

TITLE_ROWS = 20  # above the header, at most
_HEADERS = {
    "external_id": (
        *("tracking id", "trackingid", "id tracking", "no tracking", "nomor tracking"),
        *("no tracking id", "nomor tracking id", "nomor pelacakan", "id laporan", "no laporan"),
        *("nomor laporan", "kode laporan", "id aduan", "no aduan", "nomor aduan"),
    ),
    "title": ("judul laporan", "judul", "judul aduan"),
    "body": ("isi laporan", "detail aduan", "detail laporan", "isi aduan", "isi"),
    "reported_at": (
        *("tanggal laporan masuk", "tanggal laporan", "tanggal masuk", "tanggal"),
        *("waktu laporan", "tgl laporan", "tgl masuk", "tanggal lapor"),
    ),
    "status": ("status", "status laporan"),
    "category": ("kategori", "kategori laporan"),
    "classification": ("klasifikasi", "klasifikasi laporan"),
    "agency": ("instansi", "disposisi", "opd", "instansi tujuan"),
    "name": ("pelapor", "nama lengkap", "nama pelapor", "nama"),
    "email": ("email", "e mail", "surel"),
    "phone": ("no telepon", "telepon", "no hp", "nomor telepon", "no telp", "nomor hp"),
    "location": ("lokasi", "alamat", "lokasi kejadian"),
    "anonymous": ("anonim", "is anonim"),
    "secret": ("rahasia", "is rahasia"),
}
_CANONICAL = {spelling: name for name, spellings in _HEADERS.items() for spelling in spellings}
_PUNCTUATION = re.compile(r"[\W_]+")


def rows_below_header(lines: Iterable[Sequence[str]]) -> list[Row] | None:
    """Return the rows by canonical names, None where no header names an ID; other columns keep their own."""
    rest = iter(lines)
    for cells in islice(rest, TITLE_ROWS):
        names = [_name(cell) for cell in cells]
        if "external_id" in names:
            return list(_rows(names, rest))
    return None


def known_columns(cells: Sequence[str]) -> int:
    """How many of these cells are headers we know."""
    return sum(_name(cell) in _HEADERS for cell in cells)


def _rows(names: list[str], rest: Iterator[Sequence[str]]) -> Iterator[Row]:
    first = next(rest, ())
    if _is_second_header(names, first):
        names = _under(names, first)
    elif any(map(str.strip, first)):
        yield _row(names, first)
    yield from (_row(names, cells) for cells in rest if any(map(str.strip, cells)))


def _is_second_header(names: list[str], cells: Sequence[str]) -> bool:
    """A header over two rows has merged cells: nothing stands below the ID's, and only headers elsewhere."""
    below = [cell for cell in cells if cell.strip()]
    without_id = not any(_at(cells, at) for at, name in enumerate(names) if name == "external_id")
    return bool(below) and without_id and known_columns(below) == len(below)


def _under(names: list[str], cells: Sequence[str]) -> list[str]:
    """Take the lower header where there is one: above it stands the name of a group."""
    width = max(len(names), len(cells))
    upper = [*names, *("" for _ in range(width - len(names)))]
    return [_name(_at(cells, at)) or name for at, name in enumerate(upper)]


def _at(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _name(header: str) -> str:
    plain = _PUNCTUATION.sub(" ", header).strip().casefold()
    return _CANONICAL.get(plain, plain)


def _row(names: list[str], cells: Sequence[str]) -> Row:
    """The first of several columns of one meaning that is not empty counts."""
    row: Row = {}
    for name, cell in zip(names, cells, strict=False):
        if name and not row.get(name):
            row[name] = cell.strip()
    return row
