"""To the complainant: the team's answer, as a person wrote it."""

from ingest.letters.envelope import Desk, Letter, one_line
from store.types import Notice, Ticket


def write(desk: Desk, notice: Notice, ticket: Ticket) -> Letter:
    """The answer itself, threaded under the complainant's mail and signed by the office."""
    subject = desk.words("letters.answer_subject", number=ticket.number, subject=one_line(ticket.subject))
    body = desk.words(
        "letters.answer_body",
        text=notice.details["text"],
        number=ticket.number,
        office=desk.office.name,
        phone=desk.office.phone,
        address=desk.office.address,
    )
    return Letter(subject, body, automatic="", in_reply_to=ticket.message_id)
