"""What is sent, and the threads it opens. Plain values; all times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """What a notice says; its words are put together when it is sent."""

    TEAM_NEW = "team_new"
    TEAM_RESTRICTED = "team_restricted"  # number, tier and clock only: no content, no name
    TEAM_REPLY = "team_reply"  # the complainant wrote again
    TEAM_UPDATE = "team_update"  # the platform's report changed
    TEAM_RECLASSIFIED = "team_reclassified"  # a person changed tier or kind
    TEAM_ASSIGNED = "team_assigned"  # a person gave the case to this team
    ACKNOWLEDGEMENT = "acknowledgement"
    PROMISE = "promise"  # to the complainant: the deadline they were told is another now
    PARTS = "parts"  # to the complainant: each matter has its own number, or all have one again
    POSTING = "posting"  # an answer that goes through a channel, see store/postings.py
    POSTING_FAILED = "posting_failed"  # to the team: it was refused, or nobody knows
    PLATFORM_UNKNOWN = "platform_unknown"  # a platform's mail about a report we do not have
    ANSWER = "answer"  # what a person wrote, in ``details["text"]``
    ANSWER_RETURNED = "answer_returned"  # to the team: it did not reach the complainant
    STAFF_ECHO = "staff_echo"  # to who wrote by mail: what will be done, or was
    STAFF_QUESTION = "staff_question"  # to who wrote by mail: nothing was done, and why
    STAFF_UNPLACED = "staff_unplaced"  # to who answered a notice about no case: how it is done
    STAFF_REFUSED = "staff_refused"  # to the team: somebody else answered a notice of ours
    CHANNEL_DOWN = "channel_down"
    CHANNEL_UP = "channel_up"
    CHANNEL_SILENT = "channel_silent"  # it can be read, but nothing has come for too long
    CHANNEL_HEARD = "channel_heard"
    CANARY = "canary"  # to the channel's own address: it must come back through the inbox
    CANARY_LOST = "canary_lost"
    CANARY_BACK = "canary_back"
    REMINDER = "reminder"  # ``details["stage"]`` says how far the time for an answer has run
    REPORT_WRITTEN = "report_written"  # to the head of section: last month's evaluation lies ready
    DIGEST = "digest"  # one a recipient and morning: all that is due, late, or waits


class NoticeState(StrEnum):
    """Where a notice stands in the outbox."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # permanent: a person has to look
    UNDELIVERED = "undelivered"  # accepted by SMTP, bounced later
    DROPPED = "dropped"  # a reminder that said nothing any more when its turn came


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
    """The case a mail of ours belongs to, found by that mail's Message-ID; ``recipient`` got it.

    ``promise`` is its limit, such as ``14 wd``. ``parts`` are the cases it was split into, which are
    worked on in its place.
    """

    number: str
    complainant_email: str
    recipient: str
    team: str
    restricted: bool
    promise: str = ""
    parts: tuple["Thread", ...] = ()
