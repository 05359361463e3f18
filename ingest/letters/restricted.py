"""To those who may not see a restricted case: that it is there and when it is due, no content, no name."""

from ingest.letters import facts
from ingest.letters.envelope import Case, Desk, Letter


def new(desk: Desk, case: Case) -> Letter:
    """A new restricted case: number, tier and clock only."""
    ticket = case.ticket
    subject = desk.words("letters.restricted_subject", number=ticket.number)
    body = desk.words(
        "letters.restricted_body",
        number=ticket.number,
        tier=facts.tier(desk, ticket),
        deadline=facts.deadline(desk, ticket),
    )
    return Letter(subject, body)
