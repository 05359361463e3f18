"""How much there is, and whether it is sound: counts, examination, backup. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from store.types.arrivals import Fate
from store.types.cases import Status


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is: for health checks and the watchdog. ``failed`` notices need a person.

    ``sending_error`` is why the longest waiting of those that were tried could not be sent yet.
    """

    cases: dict[Status, int]
    quarantined: int
    waiting: int
    failed: int
    oldest_waiting: datetime | None
    last_sent: datetime | None = None
    sending_error: str = ""


@dataclass(frozen=True, slots=True)
class Damage:
    """A place where the event log, or a case it tells of, was changed behind our back.

    ``what``: changed, missing, head_changed or no_head; or, of a case as a whole, case_gone,
    case_unlogged, or case_differs in the columns ``fields``. ``number`` is the case's, where known.
    """

    chain: str
    seq: int
    number: str
    what: str
    fields: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """What the ledger says about one item; ``truncated`` where only its beginning is stored."""

    fate: Fate
    truncated: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """What a backup holds. ``until`` is when the last thing was written into it."""

    revision: str
    cases: int
    until: datetime | None
    size: int
    damage: tuple[Damage, ...]


@dataclass(frozen=True, slots=True)
class Later:
    """What a database holds that was written after a moment.

    ``fetched`` counts arrivals by channel; ``typed`` and ``decided`` are numbers of cases that people
    typed in, and of cases that people decided, answered or noted something about.
    """

    fetched: dict[str, int]
    typed: tuple[str, ...]
    decided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """A restore that succeeded. ``aside`` is where the database of before lies, None where there was none.

    ``later`` is what only that one holds, None where it cannot be read.
    """

    copy: Copy
    aside: Path | None
    later: Later | None
