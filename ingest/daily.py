"""The daily copy of a SQLite database. The folder is the memory: nothing else knows when the last was made."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from store import Store, private

KEPT = 14
EVERY = timedelta(days=1)
_NAME = "muara-daily-"
_STAMP = "%Y%m%dT%H%M%SZ"

log = structlog.get_logger()


class DailyBackup:
    """Makes a copy when the last one is a day old, and removes the oldest. Nothing on PostgreSQL."""

    def __init__(self, store: Store, folder: Path, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._folder = folder
        self._clock = clock

    def make(self) -> Path | None:
        """Return the copy, None where none was due or the disk has no room. Raises StoreError, OSError."""
        now = self._clock()
        if self._store.examination().file is None or not self._is_due(now):
            return None
        private.ensure_folder(self._folder)
        self._clear_unfinished()
        if not self._has_room():
            log.warning("backup.no_room", folder=str(self._folder))
            return None
        file = self._folder / f"{_NAME}{now.astimezone(UTC).strftime(_STAMP)}.db"
        copy = self._store.back_up(file)
        log.info("backup.made", file=file.name, size=copy.size, damage=len(copy.damage))
        for _, old in daily_copies(self._folder)[:-KEPT]:
            old.unlink()
        return file

    def _is_due(self, now: datetime) -> bool:
        past = [at for at, _ in daily_copies(self._folder) if at <= now]
        return not past or now - past[-1] >= EVERY

    def _clear_unfinished(self) -> None:
        """What a daemon that was killed left behind."""
        for path in self._folder.glob(f".{_NAME}*.part*"):
            path.unlink()

    def _has_room(self) -> bool:
        return shutil.disk_usage(self._folder).free > 2 * self._store.examination().size()


def daily_copies(folder: Path) -> list[tuple[datetime, Path]]:
    """Return the daily copies with when they were made (aware), oldest first."""
    found = []
    for path in folder.glob(f"{_NAME}*.db"):
        try:
            at = datetime.strptime(path.stem.removeprefix(_NAME), "%Y%m%dT%H%M%S%z")
        except ValueError:  # somebody's own file
            continue
        found.append((at, path))
    return sorted(found)
