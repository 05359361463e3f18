"""How long content is kept, and what of it is to go. Plain values; all times are aware UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Held(StrEnum):
    """What the office keeps for a time of its own each."""

    CASES = "cases"  # who wrote and what, of cases that are over
    EXAMINED = "examined"  # the same of those for the examiners
    RAW = "raw"  # the bytes of what came in about cases that are over, earlier than their content
    OTHER_MAIL = "other_mail"  # quarantine, machine mail, notices about no case
    GUESTS = "guests"


@dataclass(frozen=True, slots=True)
class Due:
    """What of one sort is past its term: how many cases, mails or guests, over or come in from when to when."""

    held: Held
    before: datetime
    count: int
    first: datetime
    last: datetime
    numbers: tuple[str, ...] = ()


Cutoffs = Mapping[Held, datetime]
"""Of each sort, what was over before then is to go. What is not named stays."""


@dataclass(frozen=True, slots=True)
class PurgeRun:
    """One time something was removed: by whom, and how many rows by name."""

    at: datetime
    who: str
    held: Held
    before: datetime
    count: int
    rows: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Emptied:
    """How much of the log says no more than what happened: its links, and the cases they are of."""

    events: int
    cases: int
