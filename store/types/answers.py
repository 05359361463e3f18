"""Answers and how they reach the complainant. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.types.cases import Ticket


class AnswerState(StrEnum):
    """Where an answer stands on its way."""

    WAITING = "waiting"  # to be sent by us, or to be brought across by a person
    SENT = "sent"  # taken by the mail server or the platform
    REFUSED = "refused"  # never taken: a person has to look
    RETURNED = "returned"  # taken, and came back
    DELIVERED = "delivered"  # a person brought it across, or it was read with the code

    @property
    def needs_a_person(self) -> bool:
        """Whether we tried and failed."""
        return self in (AnswerState.REFUSED, AnswerState.RETURNED)


class How(StrEnum):
    """How a person brought an answer across."""

    SAID = "said"  # on the telephone
    PASTED = "pasted"  # put on the platform
    POSTED = "posted"  # by letter
    HANDED_OVER = "handed_over"
    DISPLAYED = "displayed"  # on the notice board beside the suggestion box
    READ = "read"  # by the complainant, with number and code


class Reached(StrEnum):
    """What came of a telephone call."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    LATER = "later"  # they asked to be called at another time


@dataclass(frozen=True, slots=True)
class FileToSend:
    """A file that goes with an answer."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """What is kept of such a file beside its bytes; ``size`` in bytes."""

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer to be recorded, and what sends it.

    With a ``recipient`` it is mailed, with a ``channel`` it is posted to the report ``external_id`` of
    a platform. With neither a person brings it across. ``way`` says which, for people.
    """

    number: str
    text: str
    who: str
    way: str
    recipient: str = ""
    channel: str = ""
    external_id: str = ""
    files: tuple[FileToSend, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and its way to the complainant.

    ``attempts`` counts tries to send or to call; ``next_at`` is when the next one is due. ``at`` is when
    it was written down, ``done_at`` when it was sent or delivered, by ``done_by`` where that was a person.
    """

    id: int
    number: str
    at: datetime
    who: str
    way: str
    text: str
    state: AnswerState
    recipient: str = ""
    attempts: int = 0
    next_at: datetime | None = None
    error: str = ""
    done_at: datetime | None = None
    done_by: str = ""
    how: How | None = None
    files: tuple[AnswerFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Undelivered:
    """An answer that a person has to bring across, and its case."""

    answer: Answer
    ticket: Ticket


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody noted about a telephone call. ``said`` is empty where the answer was read out."""

    reached: Reached
    who: str
    spoken_to: str = ""
    said: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a code exists for a case, and what was done with it. The code itself is kept nowhere."""

    number: str
    made_at: datetime
    made_by: str
    refused: int = 0
    last_refused_at: datetime | None = None
