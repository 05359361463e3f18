"""The parts of a complaint that was split, as people see them."""

from collections.abc import Iterator
from datetime import datetime

from cli.output import shortened
from cli.tickets import short_tier
from cli.times import friendly
from config.texts import Texts
from store.types import Part, Ticket

SUBJECT_LENGTH = 50
COLUMNS = ("cli.number", "cli.tier", "cli.due", "cli.team", "cli.status", "cli.subject")


def rows(words: Texts, ticket: Ticket, now: datetime) -> tuple[list[str], list[tuple[str, ...]]]:
    """Return headings and a row for each part; a restricted one without its first words."""
    heads = [words(column) for column in COLUMNS]
    return heads, [_row(words, part, now) for part in ticket.parts]


def facts(words: Texts, ticket: Ticket, *, visible: bool) -> Iterator[tuple[str, str]]:
    """Yield what a ticket says about the other side of a split."""
    if ticket.parts and visible:
        done = sum(not part.status.open for part in ticket.parts)
        told = words("parts.standing", done=done, count=len(ticket.parts))
        yield words("parts.label_standing"), told
    if ticket.part:
        yield words("parts.label_part_of"), ticket.part_of or words("parts.label_part_hidden")


def _row(words: Texts, part: Part, now: datetime) -> tuple[str, ...]:
    return (
        part.number,
        short_tier(words, part),
        friendly(words, part.due_at, now) if part.due_at else "-",
        part.team,
        words(f"statuses.{part.status}"),
        words("cli.restricted") if part.restricted else shortened(part.subject, SUBJECT_LENGTH),
    )
