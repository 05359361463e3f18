"""The `export-file` dialect: a folder into which somebody puts exports of the platform's admin site.

Rows are the items, not files: the same row in a newer export is known, a changed one is an update. A
file that is still being written is left for the next round.
"""

import os
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from channels.errors import Temporary, Unreadable
from channels.lapor.dates import parse_date
from channels.lapor.dialect import Item, canonical, evidence, key_of, oldest_first
from channels.lapor.export_file import read_export
from channels.lapor.profile import Dates
from channels.lapor.report import Report
from channels.lapor.status import status_from_words

_FORMATS = (
    *("iso", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M"),
    *("%d-%m-%Y", "%d/%m/%Y", "written"),
)
_UNFINISHED = (".part", ".tmp", ".crdownload", ".download")
_YES = ("ya", "y", "yes", "true", "1", "anonim", "rahasia")


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """The folder to watch. A file untouched for ``settle`` seconds counts as finished.

    Rows that say they were reported before the day ``since``, in ``zone``, are left alone.
    """

    folder: Path
    zone: ZoneInfo = ZoneInfo("Asia/Makassar")  # noqa: RUF009 - zones are cached and never change
    settle: float = 30.0
    size_limit: int = 64 * 1024 * 1024
    since: date | None = None


class ExportFolder:
    """Dialect `export-file`."""

    place = "export"

    def __init__(self, settings: ExportSettings) -> None:
        self._settings = settings
        self._dates = Dates(_FORMATS, settings.zone)
        self._done: set[_File] = set()

    def walk(self, known: Container[str]) -> Iterator[Item]:
        """Yield new and changed rows, file by file, oldest file first; in a file, by date."""
        for file in self._finished_files():
            if file in self._done:
                continue
            fresh = [item for item in self._items(file.path) if item.key not in known]
            if not fresh:
                self._done.add(file)
            yield from fresh

    def keys(self, known: Container[str]) -> Iterator[tuple[str, datetime | None]]:  # noqa: ARG002 - Dialect's signature
        """Yield the key of every row of every finished file. Raises Temporary."""
        for file in self._finished_files():
            for item in self._items(file.path):
                yield item.key, item.reported_at

    def report(self, raw: bytes) -> Report:
        """Read a row. Raises Unreadable, also for one without an id."""
        row = _row(evidence(raw))
        if not row.get("external_id"):
            raise Unreadable("lapor_no_id")
        return Report(
            external_id=row["external_id"].lstrip("#"),
            title=row.get("title", ""),
            body=row.get("body", ""),
            classification=row.get("classification", ""),
            category=row.get("category", ""),
            location=row.get("location", ""),
            reported_at=parse_date(row.get("reported_at"), self._dates),
            status_raw=row.get("status", ""),
            status=status_from_words(row.get("status", "")),
            anonymous=row.get("anonymous", "").casefold() in _YES,
            secret=row.get("secret", "").casefold() in _YES,
            name=row.get("name", ""),
            email=row.get("email", ""),
            phone=row.get("phone", ""),
        )

    def close(self) -> None:
        """Nothing is held open."""

    def _finished_files(self) -> list["_File"]:
        try:
            with os.scandir(self._settings.folder) as entries:
                found = [_file(entry) for entry in entries if _is_wanted(entry)]
        except OSError as error:
            raise _closed(self._settings.folder, error) from error
        settled = time.time_ns() - int(self._settings.settle * 1e9)
        return sorted(file for file in found if file.changed_ns <= settled)

    def _items(self, path: Path) -> list[Item]:
        try:
            table = read_export(path, self._settings.size_limit)
        except Unreadable as error:
            content = {"file": path.name, "code": error.code}
            return [Item(key_of("", content), canonical(content), None)]
        except OSError as error:
            raise _closed(path, error) from error
        items = (self._item(row, path) for row in table)
        return oldest_first(item for item in items if not self._is_before_start(item))

    def _is_before_start(self, item: Item) -> bool:
        since = self._settings.since
        if since is None or item.reported_at is None:
            return False
        return item.reported_at.astimezone(self._settings.zone).date() < since

    def _item(self, row: dict[str, str], path: Path) -> Item:
        key = key_of(row.get("external_id", "").lstrip("#"), row)
        reported = parse_date(row.get("reported_at"), self._dates)
        return Item(key, canonical({"row": row, "file": path.name}), reported)


def _row(value: Any) -> dict[str, str]:
    """The cells of an item, or the trouble its file gave."""
    if not isinstance(value, dict) or not isinstance(value.get("row", {}), dict):
        raise Unreadable("lapor_unreadable", reason="not a row")
    if "code" in value:
        raise Unreadable(str(value["code"]), file=value.get("file"))
    return {name: str(cell) for name, cell in value.get("row", {}).items()}


@dataclass(frozen=True, slots=True, order=True)
class _File:
    changed_ns: int
    path: Path
    size: int


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    name = entry.name.casefold()
    return not name.startswith((".", "~")) and not name.endswith(_UNFINISHED) and entry.is_file()


def _file(entry: os.DirEntry[str]) -> _File:
    found = entry.stat()
    # A copied file may keep the time of its original while it is still being written.
    changed = max(found.st_mtime_ns, found.st_ctime_ns)
    return _File(changed, Path(entry.path), found.st_size)


def _closed(place: Path, error: OSError) -> Temporary:
    return Temporary("lapor_folder_closed", folder=place, reason=error.strerror or error)
