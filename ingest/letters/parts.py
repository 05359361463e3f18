"""A complaint with several matters: what the complainant is told of its parts, and what the team is."""

from ingest.letters import facts
from ingest.letters.envelope import Case, Desk, Letter, one_line
from ingest.office import Words
from store.types import Part, Ticket

ABOUT_LENGTH = 300


def write(desk: Desk, case: Case) -> Letter:
    """To the complainant: which numbers stand for what, as it is when this is sent."""
    ticket = case.ticket
    kind = "letter" if ticket.parts else "whole"
    subject = desk.words(f"parts.{kind}_subject", number=case.tag, subject=one_line(ticket.subject))
    body = text(desk, ticket, reply=desk.words("parts.letter_reply"))
    return Letter(subject, body, in_reply_to=ticket.message_id)


def text(desk: Desk, ticket: Ticket, reply: str = "") -> str:
    """The letter's words. A part for the examiners is not named: its deadline would tell of them."""
    open_parts = [part for part in ticket.parts if not part.restricted]
    return desk.words(
        "parts.letter_body" if ticket.parts else "parts.whole_body",
        name=one_line(ticket.complainant.name) or desk.words("letters.dear_unnamed"),
        received=desk.words.moment(ticket.received_at),
        number=ticket.number,
        deadline=facts.deadline(desk, ticket),
        parts="\n\n".join(_line(desk, part) for part in open_parts),
        reply=reply,
        signature=facts.signature(desk),
    )


def about(words: Words, ticket: Ticket) -> str:
    """What an answer to a part is about; empty for the answer to a whole complaint."""
    if not ticket.part:
        return ""
    said = one_line(ticket.reply_text or ticket.text)
    short = said if len(said) <= ABOUT_LENGTH else said[: ABOUT_LENGTH - 1].rstrip() + "…"
    return words("parts.about", subject=short)


def headed(words: Words, ticket: Ticket, text: str) -> str:
    """An answer below what it is about, where it is only about a part; the same on every way."""
    return "\n\n".join(filter(None, (about(words, ticket), text)))


def note(desk: Desk, ticket: Ticket) -> str:
    """To the team, as a line: that a complaint was split, or is a part."""
    if ticket.parts:
        numbers = ", ".join(part.number for part in ticket.parts)
        return desk.words("parts.note_split", numbers=numbers) + "\n"
    if ticket.part_of:
        return desk.words("parts.note_part", number=ticket.part_of) + "\n"
    return desk.words("parts.note_part_hidden") + "\n" if ticket.part else ""


def deadline(desk: Desk, ticket: Ticket) -> str:
    """To the team: when an answer is due; the clock of what was split runs in its parts."""
    return desk.words("parts.due_of_parts") if ticket.parts else facts.deadline(desk, ticket)


def answering(desk: Desk, ticket: Ticket) -> str:
    """To the team: how what was said about the whole is answered."""
    commands = "\n".join(f"    muara answer {part.number}" for part in ticket.parts)
    return desk.words("parts.answering", commands=commands)


def _line(desk: Desk, part: Part) -> str:
    due = desk.words.moment(part.due_at) if part.due_at else desk.words("letters.no_deadline")
    return desk.words("parts.letter_part", number=part.number, subject=part.subject, deadline=due)
