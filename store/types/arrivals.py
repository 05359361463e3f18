"""What comes into the store and what became of it. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels.types import Arrival, Message
from classify.types import Verdict
from store.types.life import Clock
from store.types.notices import NoticeRequest
from store.types.staff_mail import StaffRequest


class Fate(StrEnum):
    """What became of an arrival: the ledger's answer to "where is that mail?"."""

    CASE = "case"  # opened a case
    MERGED = "merged"  # the same message came before, by another channel or position
    UPDATED = "updated"  # a changed report of a case we have
    REPLIED = "replied"  # the complainant wrote again, in the thread of a case
    MACHINE = "machine"  # machine mail: kept, no case, never answered
    QUARANTINED = "quarantined"  # unreadable for now: kept with its bytes and error
    HISTORY = "history"  # older than the channel's start date: noted, not fetched
    KNOWN = "known"  # the ledger held it already; nothing was written


@dataclass(frozen=True, slots=True)
class Intake:
    """What ingest decided about one arrival. It is stored in one transaction with all that follows from it.

    Unreadable: ``message`` is None and ``error`` says why. Machine mail: ``message.machine`` is set;
    a platform's notice about a case ``joins`` it.
    A reply: ``joins`` names the case. Otherwise a case is opened under ``number``, unless one with the
    same ``identity`` exists: then the arrival is merged into it, or, for a report of a platform,
    updates it. ``limit`` is the promise (``3 h``, ``14 wd``), ``calendar`` the version it was
    computed with. ``silent`` stores without any notice. ``restricted``: for the examiners only, whatever
    the verdict says. ``clocks``: the deadlines that begin where this reopens what was answered.
    """

    arrival: Arrival
    message: Message | None = None
    error: str = ""
    number: str = ""
    identity: str = ""
    joins: str = ""
    verdict: Verdict | None = None
    team: str = ""
    due_at: datetime | None = None
    limit: str = ""
    calendar: str = ""
    address: str = ""  # postal address, typed-in entries only
    notices: tuple[NoticeRequest, ...] = ()
    silent: bool = False
    who: str = "muara"
    restricted: bool = False
    staff: StaffRequest | None = None
    clocks: tuple[Clock, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the store did with an intake; ``number`` is the case's, where there is one.

    ``own``: a mail of ours that came back, which says nothing about whether people can reach us.
    """

    fate: Fate
    number: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An arrival that could not be read, waiting for ``requeue``."""

    id: int
    channel: str
    item: str
    received_at: datetime
    error: str
    size: int


@dataclass(frozen=True, slots=True)
class MachineMail:
    """Machine mail that was kept: ``why`` says what kind. ``number`` where it belongs to a case."""

    id: int
    channel: str
    sender: str
    subject: str
    why: str
    received_at: datetime
    number: str = ""
