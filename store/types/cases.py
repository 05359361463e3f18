"""Cases as people see them. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from channels.types import Attachment, FollowUp
from classify.types import Hit, Kind, Medium, Tier


class Status(StrEnum):
    """Where a case stands in its life."""

    RECEIVED = "received"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"  # the same complaint as another case, which is worked on in its place
    SPLIT = "split"  # several matters, each of which is worked on as a case of its own

    @property
    def open(self) -> bool:
        """True while an answer is owed."""
        return self not in (Status.ANSWERED, Status.CLOSED, Status.MERGED, Status.SPLIT)

    @property
    def stood_for(self) -> bool:
        """True where other cases are worked on in its place: it is not counted, they are."""
        return self in (Status.MERGED, Status.SPLIT)


@dataclass(frozen=True, slots=True)
class Complainant:
    """Who wrote (pelapor). Kept apart from the case; every field may be empty."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    anonymous: bool = False
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a case's log, only ever added to. ``what`` is ``noun.past``."""

    at: datetime
    what: str
    who: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two cases that may be the same complaint: ``number`` came in later than ``other``.

    ``score`` (0 to 100) orders them; ``likeness`` of their texts is in percent. ``restricted`` names
    those of the two whose content is for the examiners only: why they are alike is content too.
    """

    number: str
    other: str
    score: int
    likeness: int
    same_phone: bool
    same_email: bool
    at: datetime
    restricted: tuple[str, ...] = ()

    def beside(self, number: str) -> str:
        """The other one of the two."""
        return self.number if number == self.other else self.other


@dataclass(frozen=True, slots=True)
class Part:
    """One of the cases a complaint with several matters was split into.

    ``status`` is that of the case it is worked on as, if it was merged into another. ``subject`` is
    empty for a restricted one.
    """

    number: str
    status: Status
    tier: Tier | None
    certain: bool
    suggested: Tier | None
    team: str
    due_at: datetime | None
    restricted: bool
    subject: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """One case as people see it (pengaduan).

    ``tier`` is None while it is uncertain or none applies; ``suggested`` is then the classifier's
    proposal. ``due_at`` is None for praise and spam. ``limit`` is the promise it was computed from,
    such as ``3 h`` or ``14 wd``. ``arrivals`` counts how often it came in. ``merged`` are the cases
    people found to be the same complaint: their arrivals and events are counted and told here.
    ``parts`` are the cases it was split into; ``part_of`` is the case this ``part`` comes from, empty
    where only examiners may know that. ``language`` is what a person set for letters to the complainant, empty
    where nobody did. ``purged_at``: its content was removed then, by the office's policy.
    """

    number: str
    channel: str
    medium: Medium
    kind: Kind
    tier: Tier | None
    certain: bool
    suggested: Tier | None
    restricted: bool
    status: Status
    team: str
    subject: str
    text: str
    reply_text: str
    received_at: datetime
    entered_at: datetime
    due_at: datetime | None
    limit: str
    complainant: Complainant
    rules_digest: str = ""
    hits: tuple[Hit, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    followups: tuple[FollowUp, ...] = ()
    events: tuple[Event, ...] = ()
    arrivals: int = 1
    message_id: str = ""
    external_id: str = ""
    external_url: str = ""
    location: str = ""
    category: str = ""
    platform_status: str = ""
    forwarded: bool = False
    truncated: bool = False
    merged_into: str = ""
    merged: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    part: bool = False
    part_of: str = ""
    first_received_at: datetime | None = None
    restarted_at: datetime | None = None
    language: str = ""
    purged_at: datetime | None = None

    @property
    def clock_starts_at(self) -> datetime:
        """The receipt that counts: of what was written after an answer, else the earliest of the case's."""
        return self.restarted_at or self.first_received_at or self.received_at


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets to list; what is None or empty does not narrow. ``words`` are searched in full text.

    Restricted cases are found by their words only for an ``examiner``; by their number for all.

    ``by_deadline`` puts those that still owe an answer first, the most urgent on top; else the newest.
    """

    channel: str = ""
    team: str = ""
    tier: Tier | None = None
    kind: Kind | None = None
    status: Status | None = None
    words: str = ""
    uncertain: bool | None = None
    open_only: bool = False
    due_before: datetime | None = None
    received_since: datetime | None = None
    limit: int = 50
    by_deadline: bool = False
    examiner: bool = False


@dataclass(frozen=True, slots=True)
class Comparable:
    """A case as far as it takes to see whether another tells the same. ``split_from``: what it is a part of."""

    id: int
    number: str
    words: str
    email: str
    phone: str
    received_at: datetime
    split_from: str = ""

    def related(self, other: "Comparable") -> bool:
        """Whether the two are one complaint as they are, or parts of one."""
        mine, its = ({one.number, one.split_from} - {""} for one in (self, other))
        return bool(mine & its)
