"""What goes into the store and comes out of it: plain values, no sessions behind them. All times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from channels.types import Arrival, Attachment, FollowUp, Message
from classify.types import Hit, Kind, Medium, Tier, Verdict


class Status(StrEnum):
    """Where a case stands in its life."""

    RECEIVED = "received"
    ROUTED = "routed"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    CLOSED = "closed"
    MERGED = "merged"  # the same complaint as another case, which is worked on in its place

    @property
    def open(self) -> bool:
        """True while an answer is owed."""
        return self not in (Status.ANSWERED, Status.CLOSED, Status.MERGED)


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


class NoticeKind(StrEnum):
    """What a notice says; its words are put together when it is sent."""

    TEAM_NEW = "team_new"
    TEAM_RESTRICTED = "team_restricted"  # number, tier and clock only: no content, no name
    TEAM_REPLY = "team_reply"  # the complainant wrote again
    TEAM_UPDATE = "team_update"  # the platform's report changed
    TEAM_RECLASSIFIED = "team_reclassified"  # a person changed tier or kind
    TEAM_ASSIGNED = "team_assigned"  # a person gave the case to this team
    ACKNOWLEDGEMENT = "acknowledgement"
    POSTING = "posting"  # an answer that goes through a channel, see store/postings.py
    POSTING_FAILED = "posting_failed"  # to the team: it was refused, or nobody knows
    PLATFORM_UNKNOWN = "platform_unknown"  # a platform's mail about a report we do not have
    ANSWER = "answer"  # what a person wrote, in ``details["text"]``
    CHANNEL_DOWN = "channel_down"
    CHANNEL_UP = "channel_up"
    CHANNEL_SILENT = "channel_silent"  # it can be read, but nothing has come for too long
    CHANNEL_HEARD = "channel_heard"
    CANARY = "canary"  # to the channel's own address: it must come back through the inbox
    CANARY_LOST = "canary_lost"
    CANARY_BACK = "canary_back"


class NoticeState(StrEnum):
    """Where a notice stands in the outbox."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # permanent: a person has to look
    UNDELIVERED = "undelivered"  # accepted by SMTP, bounced later


class ChannelHealth(StrEnum):
    """State of a channel as people see it."""

    NEW = "new"
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    DOWN = "down"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """A notice to be sent once its case is stored: one for each recipient address.

    With a ``key`` a recipient gets it once only, however often it is asked for.
    """

    kind: NoticeKind
    recipient: str
    key: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Intake:
    """What ingest decided about one arrival. It is stored in one transaction with all that follows from it.

    Unreadable: ``message`` is None and ``error`` says why. Machine mail: ``message.machine`` is set;
    a platform's notice about a case ``joins`` it.
    A reply: ``joins`` names the case. Otherwise a case is opened under ``number``, unless one with the
    same ``identity`` exists: then the arrival is merged into it, or, for a report of a platform,
    updates it. ``limit`` is the promise (``3 h``, ``14 wd``), ``calendar`` the version it was
    computed with. ``silent`` stores without any notice. ``restricted``: for the examiners only, whatever
    the verdict says.
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the store did with an intake; ``number`` is the case's, where there is one.

    ``own``: a mail of ours that came back, which says nothing about whether people can reach us.
    """

    fate: Fate
    number: str = ""
    own: bool = False


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
class Ticket:
    """One case as people see it (pengaduan).

    ``tier`` is None while it is uncertain or none applies; ``suggested`` is then the classifier's
    proposal. ``due_at`` is None for praise and spam. ``limit`` is the promise it was computed from,
    such as ``3 h`` or ``14 wd``. ``arrivals`` counts how often it came in. ``merged`` are the cases
    people found to be the same complaint: their arrivals and events are counted and told here.
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
    first_received_at: datetime | None = None

    @property
    def clock_starts_at(self) -> datetime:
        """The receipt that counts: the earliest of the case and those merged into it."""
        return self.first_received_at or self.received_at


@dataclass(frozen=True, slots=True)
class Comparable:
    """A case as far as it takes to see whether another tells the same."""

    id: int
    number: str
    words: str
    email: str
    phone: str
    received_at: datetime


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
class Decision:
    """What a person decided about a case, and all that follows from it. ``tier`` None: none applies."""

    kind: Kind
    tier: Tier | None
    team: str
    due_at: datetime | None
    limit: str
    calendar: str
    who: str
    why: str

    @property
    def restricted(self) -> bool:
        """Only the examiners see content and identity of tier 4."""
        return self.tier is Tier.BERKADAR


@dataclass(frozen=True, slots=True)
class Judged:
    """A case's words and its verdict, for trying rules on. ``decided_by`` where a person set the tier."""

    id: int
    number: str
    subject: str
    words: str
    medium: Medium
    restricted: bool
    kind: Kind
    tier: Tier | None
    certain: bool
    suggested: Tier | None
    decided_by: str
    why: str


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets to list; what is None or empty does not narrow. ``words`` are searched in full text.

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
class Notice:
    """One mail to be sent to one address. ``message_id`` never changes over retries.

    ``number`` is empty for notices about a channel, whose values stand in ``details``.
    """

    id: int
    kind: NoticeKind
    number: str
    recipient: str
    message_id: str
    state: NoticeState
    attempts: int
    created_at: datetime
    next_at: datetime
    details: dict[str, str] = field(default_factory=dict)
    sent_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """The case a mail of ours belongs to, found by that mail's Message-ID; ``recipient`` got it."""

    number: str
    complainant_email: str
    recipient: str
    team: str
    restricted: bool


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


@dataclass(frozen=True, slots=True)
class ChannelState:
    """A channel's row: the schedule is data. ``failures`` counts in a row since the last success.

    ``silent_since`` and ``canary_lost_at`` are when people were told so, None while there is nothing
    to tell. ``canary_sent_at`` and ``canary_back_at`` are of the last test mail that came back.
    """

    name: str
    health: ChannelHealth
    failures: int
    last_success: datetime | None
    last_arrival: datetime | None
    next_due: datetime
    error: str
    arrivals: int
    told_down: bool
    known_since: datetime | None = None
    silent_since: datetime | None = None
    canary_sent_at: datetime | None = None
    canary_back_at: datetime | None = None
    canary_lost_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Canary:
    """A channel's last mail to itself: when it was made, handed to the server, and found in the inbox."""

    made_at: datetime
    state: NoticeState
    sent_at: datetime | None
    back_at: datetime | None
    error: str
