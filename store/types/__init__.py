"""What goes into the store and comes out of it: plain values, no sessions behind them."""

from store.types.arrivals import Fate, Intake, MachineMail, Outcome, Quarantined
from store.types.calendar import Moved, OfficeDay, Owed, Redated, Redating
from store.types.cases import (
    Comparable,
    Complainant,
    Event,
    Part,
    Status,
    Suggestion,
    Ticket,
    TicketFilter,
)
from store.types.channels import Canary, ChannelHealth, ChannelState
from store.types.decisions import Decision, Judged
from store.types.life import Clock, Journey, NewPart
from store.types.notices import Notice, NoticeKind, NoticeRequest, NoticeState, Thread
from store.types.soundness import Account, Copy, Counts, Damage, Later, Restored

__all__ = [
    "Account",
    "Canary",
    "ChannelHealth",
    "ChannelState",
    "Clock",
    "Comparable",
    "Complainant",
    "Copy",
    "Counts",
    "Damage",
    "Decision",
    "Event",
    "Fate",
    "Intake",
    "Journey",
    "Judged",
    "Later",
    "MachineMail",
    "NewPart",
    "Moved",
    "Notice",
    "NoticeKind",
    "NoticeRequest",
    "NoticeState",
    "OfficeDay",
    "Outcome",
    "Part",
    "Owed",
    "Quarantined",
    "Redated",
    "Redating",
    "Restored",
    "Status",
    "Suggestion",
    "Thread",
    "Ticket",
    "TicketFilter",
]
