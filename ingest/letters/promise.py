"""To the complainant: the time we named before is another one now."""

from ingest.letters import facts, needed
from ingest.letters.envelope import Case, Desk, Letter, one_line
from store.types import Ticket

READ = "read"  # somebody read what they wrote; or the calendar changed, see store.redating


def write(desk: Desk, case: Case) -> Letter:
    """The new deadline, as it is when this is sent."""
    ticket = case.ticket
    subject = desk.words(
        "journey.promise_subject", number=case.tag, subject=one_line(ticket.subject)
    )
    cause = case.notice.details.get("cause", READ)
    body = text(desk, ticket, cause, reply=desk.words("journey.promise_reply"))
    return Letter(subject, body, in_reply_to=ticket.message_id)


def text(desk: Desk, ticket: Ticket, cause: str = READ, *, reply: str = "") -> str:
    """The letter's words, also for who tells them otherwise; then nobody can ``reply`` to it."""
    return desk.words(
        "journey.promise_body",
        name=one_line(ticket.complainant.name) or desk.words("letters.dear_unnamed"),
        cause=desk.words(f"journey.promise_{cause}"),
        number=ticket.number,
        deadline=facts.deadline(desk, ticket),
        reply=reply,
        needed=needed.asked(desk, ticket),
        signature=facts.signature(desk),
    )
