"""The key file: for its owner only, exchanged as a whole, never half written."""

import os
from pathlib import Path

from store import private
from store.backup import sync
from store.keyring import Keyring


def create(file: Path, keyring: Keyring, *, heading: str, owner_of: Path) -> None:
    """Write a new key file. Raises FileExistsError.

    It belongs to whoever owns the folder ``owner_of``, where that is there: the daemon has to read it.
    """
    private.create(file, folder=owner_of if owner_of.exists() else None)
    _write(file, [*_comments(heading), *keyring.lines()])
    sync(file.parent)


def replace(file: Path, keyring: Keyring) -> None:
    """Exchange the keys in a file; what people wrote beside them stays. A crash leaves the old ones or the new."""
    kept = [line for line in file.read_text("utf-8").splitlines() if line.startswith("#")]
    fresh = file.with_name(f".{file.name}.{os.getpid()}.part")
    private.create(fresh)
    try:
        owner = file.stat()
        if os.geteuid() == 0:
            os.chown(fresh, owner.st_uid, owner.st_gid)
        _write(fresh, [*kept, *keyring.lines()])
        fresh.replace(file)
        sync(file.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _comments(heading: str) -> list[str]:
    return [f"# {line}".rstrip() for line in heading.splitlines()]


def _write(file: Path, lines: list[str]) -> None:
    with file.open("w", encoding="utf-8") as written:
        written.write("\n".join(lines) + "\n")
        written.flush()
        os.fsync(written.fileno())
