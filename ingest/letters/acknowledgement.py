"""To the complainant: we have it, this is its number, this is when you will hear from us."""

from ingest.letters import facts, needed, parts
from ingest.letters.envelope import Case, Desk, Letter, one_line


def write(desk: Desk, case: Case) -> Letter:
    """The acknowledgement: number and promised time. It does not repeat what was written (RFC 3834, section 3.1.5)."""
    ticket = case.ticket
    if any(not part.restricted for part in ticket.parts):  # it was split before this could be sent
        return parts.write(desk, case)
    subject = desk.words(
        "letters.acknowledgement_subject", number=case.tag, subject=one_line(ticket.subject)
    )
    body = desk.words(
        "letters.acknowledgement_body",
        name=one_line(ticket.complainant.name) or desk.words("letters.dear_unnamed"),
        number=ticket.number,
        received=desk.words.moment(ticket.received_at),
        deadline=facts.deadline(desk, ticket),
        needed=needed.asked(desk, ticket),
        signature=facts.signature(desk),
    )
    return Letter(subject, body, automatic="auto-replied", in_reply_to=ticket.message_id)
