"""What goes into the store and comes out of it: plain values, no sessions behind them."""

from store.types.arrivals import Fate, Intake, MachineMail, Outcome, Quarantined
from store.types.cases import (
    Comparable,
    Complainant,
    Event,
    Status,
    Suggestion,
    Ticket,
    TicketFilter,
)
from store.types.channels import Canary, ChannelHealth, ChannelState
from store.types.decisions import Decision, Judged
from store.types.notices import Notice, NoticeKind, NoticeRequest, NoticeState, Thread
from store.types.soundness import Account, Copy, Counts, Damage, Later, Restored

__all__ = [
    "Account",
    "Canary",
    "ChannelHealth",
    "ChannelState",
    "Comparable",
    "Complainant",
    "Copy",
    "Counts",
    "Damage",
    "Decision",
    "Event",
    "Fate",
    "Intake",
    "Judged",
    "Later",
    "MachineMail",
    "Notice",
    "NoticeKind",
    "NoticeRequest",
    "NoticeState",
    "Outcome",
    "Quarantined",
    "Restored",
    "Status",
    "Suggestion",
    "Thread",
    "Ticket",
    "TicketFilter",
]
