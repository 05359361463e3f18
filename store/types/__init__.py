"""What goes into the store and comes out of it: plain values, no sessions behind them."""

from store.types.answers import (
    Answer,
    AnswerFile,
    AnswerState,
    Call,
    FileToSend,
    How,
    NewAnswer,
    Reached,
    Receipt,
    Undelivered,
)
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
from store.types.guests import Guest, GuestLook
from store.types.life import Clock, Journey, NewPart
from store.types.notices import Notice, NoticeKind, NoticeRequest, NoticeState, Thread
from store.types.soundness import Account, Copy, Counts, Damage, Later, Restored
from store.types.staff_mail import Act, Parent, StaffMail, StaffRequest, StaffState

__all__ = [
    "Account",
    "Act",
    "Answer",
    "AnswerFile",
    "AnswerState",
    "Call",
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
    "FileToSend",
    "Guest",
    "GuestLook",
    "How",
    "Intake",
    "Journey",
    "Judged",
    "Later",
    "MachineMail",
    "Moved",
    "NewAnswer",
    "NewPart",
    "Notice",
    "NoticeKind",
    "NoticeRequest",
    "NoticeState",
    "OfficeDay",
    "Outcome",
    "Owed",
    "Parent",
    "Part",
    "Quarantined",
    "Reached",
    "Receipt",
    "Redated",
    "Redating",
    "Restored",
    "StaffMail",
    "StaffRequest",
    "StaffState",
    "Status",
    "Suggestion",
    "Thread",
    "Ticket",
    "TicketFilter",
    "Undelivered",
]
