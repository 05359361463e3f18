"""How a ticket reads on the screen; the same words in every command."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from classify.types import Tier
from cli.output import Cell, shortened
from cli.times import friendly
from config.texts import Texts
from store.types import Status, Ticket

REASONS = 3
REASON_LENGTH = 40
SPOKEN_GROUPS = ", "
HIDDEN = (
    "subject",
    "text",
    "reply_text",
    "complainant",
    "hits",
    "attachments",
    "followups",
    "location",
    "category",
    "events",
    "parts",
    "message_id",
    "external_url",
)


class Tiered(Protocol):
    """What has a tier: a ticket, a part of one, or what the rules say about a text."""

    @property
    def tier(self) -> Tier | None:
        """The tier, None while it is uncertain or none applies."""

    @property
    def certain(self) -> bool:
        """Whether it is settled."""

    @property
    def suggested(self) -> Tier | None:
        """What the rules suggest while it is not."""


def tier_label(words: Texts, ticket: Tiered) -> str:
    """The tier, or the suggestion with a question mark."""
    return _tier(words, ticket, "tiers")


def short_tier(words: Texts, ticket: Tiered) -> str:
    """The tier in one or two words, for lists."""
    return _tier(words, ticket, "tiers_short")


def _tier(words: Texts, ticket: Tiered, part: str) -> str:
    tier: Tier | None = ticket.tier or ticket.suggested
    if tier is None:
        return words("cli.no_tier") if ticket.certain else "?"
    return words(f"{part}.{tier}") + ("" if ticket.certain else " ?")


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Whether an answer is owed and its deadline is over."""
    return ticket.due_at is not None and ticket.due_at < now and ticket.status.open


def due_cell(words: Texts, ticket: Ticket, now: datetime) -> Cell:
    """The deadline as people say it. A late one is marked in words too: not everybody sees red."""
    if ticket.due_at is None or ticket.status is Status.SPLIT:
        return Cell("-")
    due = friendly(words, ticket.due_at, now)
    if is_late(ticket, now):
        return Cell(words("cli.late_mark", due=due), "bold red")
    return Cell(due)


def channel_label(words: Texts, ticket: Ticket) -> str:
    """The channel; typed-in entries by the way the person came."""
    return words(f"mediums.{ticket.medium}") if ticket.medium.typed_in else ticket.channel


def why_label(words: Texts, ticket: Ticket) -> str:
    """The words that decided, each once; none of a restricted case, nor of one they were removed of."""
    if ticket.purged_at:
        return words(
            "retention.purged_short", at=words.day(ticket.purged_at.astimezone(words.zone))
        )
    if ticket.restricted:
        return words("cli.restricted")
    found = dict.fromkeys(shortened(hit.text, REASON_LENGTH) for hit in ticket.hits)
    return ", ".join(f"“{text}”" for text in list(found)[:REASONS]) or "-"


def spoken(words: Texts, number: str) -> str:
    """The number as it is read aloud: groups apart, letters by their names."""
    names = words.part("spelling")
    groups = (" ".join(names.get(char, char) for char in group) for group in number.split("-"))
    return SPOKEN_GROUPS.join(groups)


def as_json(ticket: Ticket, *, reveal: bool = False) -> dict[str, Any]:
    """The ticket for programs; a restricted one without content and names unless ``reveal``."""
    value = asdict(ticket)
    if ticket.restricted and not reveal:
        return {name: part for name, part in value.items() if name not in HIDDEN}
    return value


def unnamed(value: dict[str, Any]) -> dict[str, Any]:
    """A ticket of a list for programs: who wrote is looked at one by one, and each look is recorded."""
    person = value.get("complainant")
    if not person:
        return value
    wishes = {name: person[name] for name in ("anonymous", "secret")}
    said = [{"at": one["at"], "text": one["text"]} for one in value["followups"]]
    return value | {"complainant": wishes, "followups": said}
