"""To the complainant: we have it, this is its number, this is when you will hear from us."""

from ingest.letters import facts
from ingest.letters.envelope import Desk, Letter, one_line
from store.types import Notice, Ticket


def write(desk: Desk, notice: Notice, ticket: Ticket) -> Letter:
    """The acknowledgement: number and promised time. It does not repeat what was written (RFC 3834, section 3.1.5)."""
    subject = desk.words(
        "letters.acknowledgement_subject", number=ticket.number, subject=one_line(ticket.subject)
    )
    body = desk.words(
        "letters.acknowledgement_body",
        name=one_line(ticket.complainant.name) or desk.words("letters.dear_unnamed"),
        number=ticket.number,
        received=desk.words.moment(ticket.received_at),
        deadline=facts.deadline(desk, ticket),
        office=desk.office.name,
        phone=desk.office.phone,
        address=desk.office.address,
    )
    return Letter(subject, body, automatic="auto-replied", in_reply_to=ticket.message_id)
