"""To the team: an answer did not reach the complainant, why, and which other ways there are."""

from collections.abc import Iterator

from ingest.letters.envelope import Case, Desk, Letter
from store.types import Answer, Ticket


def write(desk: Desk, case: Case) -> Letter:
    """What came back, and what to do about it."""
    number = case.ticket.number
    lost = "\n".join(_lost(desk, one) for one in case.answers if one.state.needs_a_person)
    subject = desk.words("letters.answer_returned_subject", number=number)
    body = desk.words(
        "letters.answer_returned_body",
        number=number,
        lost=lost or desk.words("answers.settled"),
        ways="\n".join(_ways(desk, case.ticket)),
    )
    return Letter(subject, body)


def _lost(desk: Desk, one: Answer) -> str:
    return desk.words(
        "answers.lost",
        at=desk.words.moment(one.at),
        way=desk.words(f"ways.{one.way}"),
        recipient=one.recipient or "-",
        error=one.error or "-",
    )


def _ways(desk: Desk, ticket: Ticket) -> Iterator[str]:
    who = ticket.complainant
    for way, known in (("call", who.phone), ("post", who.address), ("paste", ticket.external_id)):
        if known:
            yield desk.words(f"answers.other_{way}", to=known, number=ticket.number)
    yield desk.words("answers.other_mail", number=ticket.number)
