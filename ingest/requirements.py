"""What a request for data or information still needs: the office's list, ticked off by people.

Each tick is an event of the case, and the last one about a requirement counts. Files that arrive are
shown beside the list, but only a person says that they are what was asked for. The clock never waits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from classify.types import Tier
from ingest.office import Requirement, Words
from store.types import Event, Ticket

CHECKED = "requirement.checked"
GOT, MISSING = "got", "missing"
_BY_THEM = ("complainant.replied",)


@dataclass(frozen=True, slots=True)
class Item:
    """A requirement of a case. ``who`` is empty while nobody has looked."""

    requirement: Requirement
    got: bool
    who: str = ""
    at: datetime | None = None
    note: str = ""


def checklist(requirements: Sequence[Requirement], ticket: Ticket) -> tuple[Item, ...]:
    """Return what a case of this kind needs, as it stands; nothing for other kinds.

    What the front desk answers at once from public facts (tier 1) needs no letter of assignment.
    """
    if ticket.tier is Tier.RINGAN:
        return ()
    last = {e.details.get("requirement", ""): e for e in ticket.events if e.what == CHECKED}
    wanted = (one for one in requirements if ticket.kind in one.kinds)
    return tuple(_item(one, last.get(one.name)) for one in wanted)


def missing(requirements: Sequence[Requirement], ticket: Ticket) -> tuple[Item, ...]:
    """Return what nobody has ticked."""
    return tuple(item for item in checklist(requirements, ticket) if not item.got)


def waits(requirements: Sequence[Requirement], ticket: Ticket) -> bool:
    """Whether the office waits for something of the complainant's, while it owes an answer."""
    return ticket.status.open and bool(missing(requirements, ticket))


def files(ticket: Ticket) -> tuple[str, ...]:
    """Return the names of all files the complainant sent, with the case or later."""
    later = (e.details.get("attachments", "") for e in ticket.events if e.what in _BY_THEM)
    named = (name for names in later for name in names.split(", ") if name)
    return tuple(dict.fromkeys((*(file.filename for file in ticket.attachments), *named)))


def mark(requirement: Requirement, *, got: bool, note: str) -> Mapping[str, str]:
    """Return the details of the event that ticks a requirement, or takes the tick back."""
    state = GOT if got else MISSING
    return {"requirement": requirement.name, "state": state, "note": note}


def labels(words: Words, items: Sequence[Item]) -> list[str]:
    """Return what requirements are called, in the language of the words."""
    return [label(words, item.requirement) for item in items]


def label(words: Words, requirement: Requirement) -> str:
    """Return what a requirement is called."""
    english = words("requirements.language") == "en"
    return (requirement.label_en if english else "") or requirement.label


def _item(requirement: Requirement, event: Event | None) -> Item:
    if event is None:
        return Item(requirement, got=False)
    got = event.details.get("state") == GOT
    return Item(requirement, got, event.who, event.at, event.details.get("note", ""))
