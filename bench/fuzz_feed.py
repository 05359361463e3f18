"""Feed damaged reports to the dialects: `python -m bench.fuzz_feed [SECONDS]`. See bench/fuzzing.py.

Every input is read as a report of a mapped feed, of Open311 and of an export's row, and as an exported
file; the one error that may come of it is Unreadable.
"""

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
from structlog.testing import capture_logs

from bench import fuzzing

with fuzzing.instrumented():
    from channels.errors import Unreadable
    from channels.lapor import (
        ExportFolder,
        ExportSettings,
        HttpSettings,
        LaporChannel,
        MappedJson,
        MappedSettings,
        Open311,
        Open311Settings,
        profile_from,
    )
    from channels.lapor.export_file import read_export
    from channels.types import Arrival, Position
    from config.profiles import read_profile

_HTTP = HttpSettings("https://lapor.test/")
_PROFILE = profile_from({k: v for k, v in read_profile("lapor-v2").items() if k != "auth"})
_CHANNELS = [
    LaporChannel("lapor", dialect)
    for dialect in (
        MappedJson(MappedSettings(_HTTP, _PROFILE)),
        Open311(Open311Settings(_HTTP, date(2024, 1, 1))),
        ExportFolder(ExportSettings(Path("/no/such/folder"))),
    )
]
_RECEIVED = datetime(2026, 11, 24, tzinfo=UTC)
_REPORT = {
    "nid": 9165816,
    "subject": "Jalan rusak",
    "content": {"isi": "<p>Jalan <b>rusak</b> &amp; gelap</p>", "isLong": True},
    "topic_nid": 3,
    "topic_name": "Jalan",
    "first_name": "Wayan",
    "last_name": "Sari",
    "tanggal": "24 November 2026 08:10",
    "last_activity": 1795507800,
    "status": "5",
    "verified": 1,
    "report_type": 2,
    "is_anonim": 2,
    "lampiran": [{"id": "7", "fileext": "jpg"}],
}
_FOLLOW_UP = {"claim_text": "Sudah ditindaklanjuti", "tanggal": "2026-11-24 09:00:00",
              "LevelName": "Instansi", "Lampiran": [{"id": 8, "file_extension": "pdf"}]}  # fmt: skip
_REQUEST = {
    "service_request_id": "638344",
    "status": "open",
    "status_notes": "Belum ditindaklanjuti",
    "service_code": "006",
    "service_name": "Jalan",
    "description": "Jalan rusak",
    "requested_datetime": "2026-11-24T08:10:00+08:00",
    "media_url": "https://lapor.test/a/../b.jpg",
    "lat": -8.1,
    "long": "115.08",
}
_ROW = {"external_id": "#9165816", "title": "Jalan rusak", "body": "Jalan rusak dan gelap",
        "reported_at": "24/11/2026 08.10", "status": "Belum ditindaklanjuti",
        "anonymous": "Ya", "secret": "Tidak"}  # fmt: skip


def _lines(evidence: Mapping[str, object]) -> bytes:
    return "\n".join(f"{name}={json.dumps(value)}" for name, value in evidence.items()).encode()


def _workbook(*rows: list[object]) -> dict[str, bytes]:
    """The files inside a workbook of these rows."""
    book, whole = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(whole)
    with zipfile.ZipFile(whole) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


_EVIDENCE = (
    {"item": _REPORT, "followups": [_FOLLOW_UP], "detail": _REPORT},
    {"item": {**_REPORT, "content": "Jalan", "tanggal": 1795507800}},
    _REQUEST,
    {"row": _ROW},
)
_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = _workbook(["Tracking ID", "Judul", "Tanggal"], [9165816, "Jalan", 45_000.5])
_CSV = (
    "No Laporan;Judul Laporan;Isi Laporan;Tanggal;Status\n9165816;Jalan;Rusak;24/11/2026;Selesai\n"
)
SEEDS = [
    *(json.dumps(evidence).encode() for evidence in _EVIDENCE),
    *(_lines(evidence) for evidence in ({**_REPORT, **_FOLLOW_UP}, _REQUEST, _ROW)),
    _CSV.encode(),
    _PARTS[_SHEET],
]


def check(raw: bytes) -> None:
    """Read one report in every way there is. Whatever comes out can be stored."""
    with capture_logs():
        _read(raw)
        _read(_from_lines(raw))
        _read_file(raw)


def _read(raw: bytes) -> None:
    arrival = Arrival("lapor", Position("streams", "", "x"), raw, _RECEIVED, len(raw))
    for channel in _CHANNELS:
        with suppress(Unreadable):
            message = channel.read(arrival)
            repr(message).encode("utf-8")
            if "\0" in message.text + message.subject + message.external_id:
                raise AssertionError(repr(message))


def _from_lines(raw: bytes) -> bytes:
    """A report whose fields are the input's lines: most damage to JSON makes it no JSON at all."""
    pairs = (line.partition("=") for line in raw.decode("utf-8", "replace").splitlines())
    row = {name: _value(text) for name, _, text in pairs}
    return json.dumps({**row, "item": row, "row": row, "followups": [row]}).encode()


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _read_file(raw: bytes) -> None:
    """The input is a file of an export, or what a workbook holds for its sheet."""
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        file.write(_around(raw) if raw.startswith(b"<") else raw)
        file.flush()
        with suppress(Unreadable):
            read_export(Path(file.name), 1 << 20)


def _around(sheet: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, part in {**_PARTS, _SHEET: sheet}.items():
            archive.writestr(name, part)
    return whole.getvalue()


if __name__ == "__main__":
    fuzzing.run(check, SEEDS)
