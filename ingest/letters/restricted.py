"""To those who may not see a restricted case: that it is there and when it is due, no content, no name."""

from ingest.letters import facts
from ingest.letters.envelope import Desk, Letter
from store.types import Notice, Ticket


def new(desk: Desk, notice: Notice, ticket: Ticket) -> Letter:
    """A new restricted case: number, tier and clock only."""
    subject = desk.words("letters.restricted_subject", number=ticket.number)
    body = desk.words(
        "letters.restricted_body",
        number=ticket.number,
        tier=facts.tier(desk, ticket),
        deadline=facts.deadline(desk, ticket),
    )
    return Letter(subject, body)
