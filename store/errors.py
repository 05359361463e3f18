"""What can go wrong with the database as such. Codes name sentences in ``config/texts/*/errors.toml``."""


class StoreError(Exception):
    """Something a person has to know about the database. ``values`` fill in the sentence ``code``."""

    code = "store_failed"

    def __init__(self, **values: object) -> None:
        details = ", ".join(f"{name}={value}" for name, value in values.items())
        super().__init__(f"{self.code} ({details})")
        self.values = {name: str(value) for name, value in values.items()}


class AlreadyRunning(StoreError):  # noqa: N818 - says what is the case
    """Another daemon holds this database. ``pid`` is its process, "?" where it cannot be told."""

    code = "already_running"


class DatabaseNewer(StoreError):  # noqa: N818 - says what is the case
    """A newer version wrote this database. ``revision`` is what it holds, ``known`` what we know."""

    code = "database_newer"


class Unavailable(StoreError):  # noqa: N818 - says what is the case
    """The database cannot be used just now: gone, locked, disk full. ``reason`` is its own word."""

    code = "store_unavailable"


class Broken(Unavailable):
    """The SQLite file is damaged, or none at all. ``reason`` is SQLite's own word."""

    code = "store_broken"


class Collision(Unavailable):
    """PostgreSQL gave up on this transaction for another one: the same again will work."""


class Rejected(StoreError):  # noqa: N818 - says what is the case
    """The database did not take what it was given: a mistake in the program. No data is quoted."""

    code = "store_rejected"


class Conflict(Rejected):
    """A row of this key is there already, or a row referred to is not."""


class CopyExists(StoreError):  # noqa: N818 - says what is the case
    """``file`` is there already; a backup overwrites nothing."""

    code = "backup_exists"


class NotACopy(StoreError):  # noqa: N818 - says what is the case
    """``file`` is no database of muara's that can be restored; ``reason`` says more."""

    code = "backup_unusable"


class CopyDamaged(StoreError):  # noqa: N818 - says what is the case
    """The event log in ``file`` was changed behind the program's back in ``count`` places."""

    code = "backup_changed"


class InUse(StoreError):  # noqa: N818 - says what is the case
    """Another process has the database ``file`` open, so it cannot be exchanged."""

    code = "database_in_use"


class NumberTaken(Exception):  # noqa: N818 - says what is the case
    """Fresh ticket ``numbers`` are in use already: choose new ones for them and commit again."""

    def __init__(self, numbers: frozenset[str]) -> None:
        super().__init__(", ".join(sorted(numbers)))
        self.numbers = numbers


class KeyTrouble(StoreError):  # noqa: N818 - says what is the case
    """The keys do not open this database. Nothing was changed."""

    code = "key_missing"


class KeyMissing(KeyTrouble):
    """The database holds sealed values, and no key was given."""


class KeyNone(KeyTrouble):
    """There is no key yet, and nothing is to be stored without one."""

    code = "key_none"


class KeyFileWrong(KeyTrouble):
    """The key file cannot be read as one. ``line`` is where, "-" where a whole line is missing."""

    code = "key_file_wrong"


class KeyUnknown(KeyTrouble):
    """A value was sealed with ``used``; the key file has ``known`` only."""

    code = "key_unknown"


class CopyKeyUnknown(KeyTrouble):
    """The backup ``file`` was sealed with ``used``, such as a key since exchanged; the key file has ``known``."""

    code = "copy_key_unknown"


class KeyOther(KeyTrouble):
    """The key file has keys of these ids or for finding values, but they are not this database's."""

    code = "key_other"


class SealBroken(KeyTrouble):
    """A sealed value in ``place`` was changed or moved; it was sealed with ``used``."""

    code = "seal_broken"


class CasePurged(StoreError):  # noqa: N818 - says what is the case
    """The content of case ``number`` was removed by the office's policy: nothing can be done with it."""

    code = "case_purged"


class HalfMoved(StoreError):  # noqa: N818 - says what is the case
    """An installation was being moved into this database, and that is not over."""

    code = "half_moved"


class AlreadyMoved(StoreError):  # noqa: N818 - says what is the case
    """This database was moved to ``to``: nothing may be written here any more."""

    code = "already_moved"


class TargetInUse(StoreError):  # noqa: N818 - says what is the case
    """The database to move into has cases of its own, or those of another state of the source."""

    code = "target_in_use"


class MovedWrongly(StoreError):  # noqa: N818 - says what is the case
    """``what`` is not the same in both databases after moving. The source stays in force."""

    code = "moved_wrongly"
