"""How a ticket reads on the screen; the same words in every command."""

from dataclasses import asdict
from typing import Any

from config.texts import Texts
from store.types import Ticket

HIDDEN = (
    "subject",
    "text",
    "reply_text",
    "complainant",
    "hits",
    "attachments",
    "followups",
    "location",
    "events",
)


def tier_label(words: Texts, ticket: Ticket) -> str:
    """The tier, or the suggestion with a question mark."""
    if ticket.tier:
        return words(f"tiers.{ticket.tier}")
    if ticket.suggested:
        return words(f"tiers.{ticket.suggested}") + " ?"
    return words("cli.no_tier") if ticket.certain else "?"


def due_label(words: Texts, ticket: Ticket) -> str:
    """The deadline in local time, short."""
    return words.short_moment(ticket.due_at) if ticket.due_at else "-"


def channel_label(words: Texts, ticket: Ticket) -> str:
    """The channel; typed-in entries by the way the person came."""
    return words(f"mediums.{ticket.medium}") if ticket.medium.typed_in else ticket.channel


def as_json(ticket: Ticket, *, reveal: bool = False) -> dict[str, Any]:
    """The ticket for programs; a restricted one without content and names unless ``reveal``."""
    value = asdict(ticket)
    if ticket.restricted and not reveal:
        return {name: part for name, part in value.items() if name not in HIDDEN}
    return value
