"""What a request for data still needs: for the complainant with the way to send it, for the team in a line."""

from ingest.letters.envelope import Desk
from ingest.requirements import checklist, labels, missing, waits
from store.types import Ticket


def asked(desk: Desk, ticket: Ticket) -> str:
    """For the complainant: what to send and how; nothing where nothing is needed."""
    lacking = missing(desk.office.requirements, ticket)
    if not lacking:
        return ""
    words, office = desk.words, desk.office
    told = words(
        "requirements.asked",
        list="\n".join(f"  - {one}" for one in labels(words, lacking)),
        sent=words("requirements.asked_sent") if ticket.attachments else "",
        address=", ".join(filter(None, (office.name, office.address))),
    )
    return told.rstrip()


def lines(desk: Desk, ticket: Ticket) -> str:
    """For the team: what is there and what is not, and that the office waits while the clock runs."""
    words = desk.words
    items = checklist(desk.office.requirements, ticket)
    there = [item for item in items if item.got]
    lacking = [item for item in items if not item.got]
    told = [
        words(f"requirements.line_{name}", list=", ".join(labels(words, some)))
        for name, some in (("got", there), ("missing", lacking))
        if some
    ]
    if waits(desk.office.requirements, ticket):
        told.append(words("requirements.line_waiting", number=ticket.number))
    return "".join(line + "\n" for line in told)
