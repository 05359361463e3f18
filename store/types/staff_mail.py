"""What people of the office ask for by mail, and what became of it. Plain values; all times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from store.types.notices import NoticeKind


class Act(StrEnum):
    """What a mail of staff asks for."""

    ANSWER = "answer"
    NOTE = "note"
    ASSIGN = "assign"
    TIER = "tier"
    CLOSE = "close"
    TAKE = "take"
    CANCEL = "cancel"  # take an answer back before it goes out
    SEND = "send"  # let an answer go out that was held
    UNCLEAR = "unclear"  # nobody knows: the person is asked


class StaffState(StrEnum):
    """Where it stands."""

    WAITING = "waiting"
    HELD = "held"  # an answer that a person has to let go, or cancel
    DONE = "done"
    CANCELLED = "cancelled"
    REFUSED = "refused"  # the case does not take it; the person was told


@dataclass(frozen=True, slots=True)
class StaffRequest:
    """A mail of staff, as far as it can be told without the case. ``who`` is the person's name.

    ``details`` hold what the act needs (team, tier, kind), file names, and why it is unclear.
    ``window`` is how long an answer can be cancelled after its echo was sent; ``stale`` where the mail
    is so old that it may have been dealt with otherwise.
    """

    act: Act
    who: str
    address: str
    text: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    window: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class StaffMail:
    """A stored request. ``told_at`` is when its echo was made, ``echo`` that echo's Message-ID.

    ``confirmed``: a person let it go in spite of what it was held for. ``reason`` is a code.
    """

    id: int
    number: str
    channel: str
    act: Act
    state: StaffState
    who: str
    address: str
    text: str
    details: Mapping[str, str]
    received_at: datetime
    created_at: datetime
    window: timedelta
    confirmed: bool = False
    told_at: datetime | None = None
    echo: str = ""
    settled_at: datetime | None = None
    reason: str = ""

    @property
    def until(self) -> datetime | None:
        """The earliest moment an answer goes out; None before its echo, and while it is held."""
        waits = self.told_at is not None and self.state is StaffState.WAITING
        return self.told_at + self.window if waits and self.told_at else None


@dataclass(frozen=True, slots=True)
class Parent:
    """The notice of ours that a mail answers. ``recipient`` got it; the rest is the case's.

    ``number`` is empty where the notice is about no case: the morning's digest, a channel.
    ``staff_mail`` is the request it is the echo of, 0 for other notices.
    """

    message_id: str
    kind: NoticeKind
    number: str
    recipient: str
    team: str
    restricted: bool
    created_at: datetime
    staff_mail: int = 0
