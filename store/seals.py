"""How a database is sealed, and what exchanging its key takes."""

from pathlib import Path

from store import copies, keyfile, resealing
from store.backup import Progress, no_progress
from store.engine import Database
from store.errors import KeyUnknown, SealBroken
from store.keyring import Keyring
from store.resealing import Use


class Seals:
    """Questions about the seals of one database. Raises Unavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def current(self) -> str:
        """The id of the key that seals; empty without keys."""
        return self._database.keyring.current if self._database.keyring else ""

    def admit(self) -> None:
        """Raise KeyMissing, KeyUnknown or KeyOther where the keys do not open this database."""
        resealing.admit(self._database)

    def plain_copies(self, folder: Path) -> list[Path]:
        """Return copies of the database beside it or in a folder that hold names unsealed."""
        return copies.plain(self._database.file, folder)

    def derived(self, purpose: str) -> bytes | None:
        """Return a key for one purpose, which stays when keys are exchanged; None without keys."""
        return self._database.keyring.derived(purpose) if self._database.keyring else None

    def uses(self) -> list[Use]:
        """Return how many values every key has sealed, and how many none has (an empty id)."""
        return resealing.uses(self._database)

    def left(self) -> int:
        """Return how many rows are not sealed with the newest key."""
        return resealing.left(self._database)

    def broken(self, progress: Progress = no_progress) -> str:
        """Return where the first value stands that the keys do not open, as table.column; "" if all do."""
        if self._database.keyring is None:
            return ""
        try:
            resealing.verify(self._database, self._database.keyring, progress)
        except (KeyUnknown, SealBroken) as error:
            return error.values.get("place", error.values["used"])
        return ""

    def drop_older_keys(self, file: Path, progress: Progress = no_progress) -> Keyring:
        """Take all keys but the newest out of the key file, once every value was opened with it alone.

        Raises KeyUnknown or SealBroken, and then changes nothing.
        """
        keyring = self._database.keyring
        if keyring is None:
            raise ValueError("no keys were given")
        newest = keyring.newest()
        resealing.verify(self._database, newest, progress)
        keyfile.replace(file, newest)
        return newest
