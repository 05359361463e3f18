"""What comes in from the outside world, as plain values: Arrival (evidence) and Message (content)."""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from classify.types import Medium


@dataclass(frozen=True, slots=True)
class Position:
    """Where an arrival lies in its channel; the key of the ledger.

    IMAP: folder, UIDVALIDITY, UID. A feed: endpoint, "" and the item's id with its content hash.
    Typed-in entries: "", "" and a random id.
    """

    folder: str
    generation: str
    item: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """The raw thing a channel handed over (kiriman). Evidence: never changed after it is made.

    ``received_at`` is the server's own receipt time, aware. ``size`` is the size on the server in
    bytes; with ``truncated`` the raw bytes are only its beginning. ``cursor`` is where the channel
    goes on once this arrival is committed, for channels that need one.
    """

    channel: str
    position: Position
    raw: bytes
    received_at: datetime
    size: int
    truncated: bool = False
    cursor: str | None = None


class Machine(StrEnum):
    """Why a message counts as machine mail: kept and classified, never answered, no ticket."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    NOTIFICATION = "notification"
    OWN = "own"


class Proof(StrEnum):
    """What our own mail server says about who wrote a mail (RFC 8601), as far as the From field goes."""

    UNASKED = "unasked"  # nobody told us the name under which our server says so
    ABSENT = "absent"  # it said nothing about this mail
    FAILED = "failed"  # it did not find the author's domain proven
    AMBIGUOUS = "ambiguous"  # the From field does not name one author only
    PASSED = "passed"


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox (RFC 5322): display name, may be empty, and addr-spec, may be empty."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An attached file. Never opened or run; ``filename`` is safe to write into a folder."""

    filename: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Something said later about a report on a platform (tindak lanjut)."""

    at: datetime | None
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message read from an arrival, the same for every channel.

    ``text`` is the whole readable text, ``reply_text`` the same without quoted parts and signature
    (for classifying and display). ``received_at`` is aware. ``external_id`` identifies the report on
    its ``platform``, which is the national one where no other is named. ``may_answer`` is False where RFC 3834 forbids an automatic answer. ``authenticated``
    are the domains that our own mail server found the mail to come from (RFC 8601), ``proof`` whether that
    holds for its author. ``own_words`` of a mail that answers another are what was typed into it, without
    quoted and forwarded mails, signature and legal footer; empty where nothing is left. ``by_hand``: typed
    in by somebody of the office.
    """

    medium: Medium
    received_at: datetime
    sender: Address = Address()
    phone: str = ""
    postal_address: str = ""
    subject: str = ""
    text: str = ""
    reply_text: str = ""
    external_id: str = ""
    external_url: str = ""
    platform: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    sent_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    machine: Machine | None = None
    may_answer: bool = True
    bounce_recipients: tuple[str, ...] = ()
    bounce_reason: str = ""
    forwarded: bool = False
    truncated: bool = False
    anonymous: bool = False
    secret: bool = False
    location: str = ""
    category: str = ""
    status: str = ""
    followups: tuple[FollowUp, ...] = ()
    authenticated: tuple[str, ...] = ()
    proof: Proof = Proof.UNASKED
    own_words: str = ""
    by_hand: bool = False


class Seen(Protocol):
    """What the ledger already holds for one channel."""

    def items(self, folder: str, generation: str) -> Container[str]:
        """Items of this folder and generation that are accounted for."""
        ...

    @property
    def cursor(self) -> str | None:
        """The cursor of the last committed arrival."""
        ...


@dataclass(frozen=True, slots=True)
class Shelf:
    """What lies in one folder of a channel now, as far as it is to be taken in.

    ``unknown`` are the items the ledger does not hold, with the server's time of receipt (aware), None
    where it cannot be told.
    """

    folder: str
    generation: str
    items: frozenset[str]
    unknown: Mapping[str, datetime | None]
