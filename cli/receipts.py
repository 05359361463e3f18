"""Receipts: what somebody takes home who came, called, or put a slip into the box."""

import textwrap
from collections.abc import Iterator
from typing import Any

from cli.tickets import spoken
from config.sections import Office
from config.texts import Texts
from store.types import Ticket

WIDTH = 42  # characters a line: what a receipt printer of 80 mm prints


def lines(words: Texts, office: Office, ticket: Ticket, code: str, width: int) -> Iterator[str]:
    """Yield a receipt as text, no line wider than ``width``. Without a ``code`` it has none."""
    rule = "-" * width
    for line in (office.name, office.section, "", words("answers.receipt_title")):
        yield from (part.center(width).rstrip() for part in textwrap.wrap(line, width) or [""])
    yield rule
    for name, value, said in _highlights(words, ticket, code):
        yield from textwrap.wrap(f"{name}: {value}", width)
        yield from textwrap.wrap(f"({said})", width)
    yield rule
    for name, value in _facts(words, ticket):
        yield from textwrap.wrap(f"{name}: {value}", width, subsequent_indent="  ")
    yield rule
    for sentence in _note(words, office, code):
        yield from textwrap.wrap(sentence, width)


def page(words: Texts, office: Office, ticket: Ticket, code: str) -> dict[str, Any]:
    """Return what printing/templates/receipt.typ shows."""
    return {
        "title": words("answers.receipt_title"),
        "language": words.language,
        "office": {"name": office.name, "section": office.section},
        "highlights": _highlights(words, ticket, code),
        "facts": _facts(words, ticket),
        "note": "\n\n".join(_note(words, office, code)),
    }


def _highlights(words: Texts, ticket: Ticket, code: str) -> list[tuple[str, str, str]]:
    number = (words("answers.receipt_number"), ticket.number, spoken(words, ticket.number))
    if not code:
        return [number]
    return [number, (words("answers.receipt_code"), code, spoken(words, code))]


def _facts(words: Texts, ticket: Ticket) -> list[tuple[str, str]]:
    due = words.moment(ticket.due_at) if ticket.due_at else words("answers.receipt_no_due")
    return [
        (words("answers.receipt_received"), words.moment(ticket.received_at)),
        (words("answers.receipt_medium"), words(f"mediums.{ticket.medium}")),
        (words("answers.receipt_due"), due),
    ]


def _note(words: Texts, office: Office, code: str) -> Iterator[str]:
    ways = words("answers.ask_in_person")
    if office.phone:
        ways = words("answers.ask_by_phone", phone=office.phone)
    yield words("answers.receipt_note", ways=ways)
    if code:
        yield words("answers.receipt_note_code")
