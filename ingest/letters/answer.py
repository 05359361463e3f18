"""To the complainant: the team's answer, as a person wrote it."""

from ingest.letters import facts, parts
from ingest.letters.envelope import Case, Desk, Letter, one_line
from ingest.letters.frame import framed


def write(desk: Desk, case: Case) -> Letter:
    """The answer itself, threaded under the complainant's mail and signed by the office."""
    ticket = case.ticket
    subject = desk.words(
        "letters.answer_subject", number=case.tag, subject=one_line(ticket.subject)
    )
    text = framed(desk.words, ticket, case.notice.details["text"]).body
    body = desk.words(
        "letters.answer_body",
        text=parts.headed(desk.words, ticket, text),
        number=ticket.number,
        signature=facts.signature(desk),
    )
    return Letter(subject, body, automatic="", in_reply_to=ticket.message_id, files=case.files)
