"""To the team, or to the examiners of a restricted case: everything they need to answer."""

from collections.abc import Mapping

from ingest.letters import facts, needed, parts
from ingest.letters.envelope import Case, Desk, Letter, one_line
from store.types import Ticket


def new(desk: Desk, case: Case) -> Letter:
    """A new case."""
    return _about(desk, case, "team_new")


def reply(desk: Desk, case: Case) -> Letter:
    """The complainant wrote again in the thread of the case."""
    return _about(desk, case, "team_reply")


def update(desk: Desk, case: Case) -> Letter:
    """The platform's report has a new status or a new follow-up."""
    return _about(desk, case, "team_update")


def reclassified(desk: Desk, case: Case) -> Letter:
    """A person changed tier or kind, and with it perhaps the deadline and who works on the case."""
    return _about(desk, case, "team_reclassified")


def assigned(desk: Desk, case: Case) -> Letter:
    """A person gave the case to this team."""
    return _about(desk, case, "team_assigned")


def _about(desk: Desk, case: Case, kind: str) -> Letter:
    words, ticket = desk.words, case.ticket
    subject = words(
        f"letters.{kind}_subject",
        number=ticket.number,
        tier=facts.tier(desk, ticket),
        subject=one_line(ticket.subject),
    )
    body = words(
        "letters.team_body",
        opening=words(f"letters.{kind}_opening", latest=_latest(desk, ticket, kind)),
        number=ticket.number,
        tier=facts.tier(desk, ticket),
        deadline=parts.deadline(desk, ticket),
        received=words.moment(ticket.received_at),
        medium=words(f"mediums.{ticket.medium}"),
        channel=ticket.channel,
        complainant=facts.complainant(desk, ticket),
        subject=one_line(ticket.subject) or words("letters.no_subject"),
        reasons=facts.reasons(desk, ticket),
        text=facts.text(desk, ticket),
        extras="".join(
            (
                facts.extras(desk, ticket),
                needed.lines(desk, ticket),
                parts.note(desk, ticket),
                facts.alike(desk, case),
            )
        ),
        answering=_answering(desk, ticket),
    )
    return Letter(subject, body)


def _latest(desk: Desk, ticket: Ticket, kind: str) -> str:
    """What was said last: the reply's own words, what changed on the platform, why a person decided."""
    what = {
        "team_reply": ("complainant.replied",),
        "team_update": ("report.updated", "platform.notified"),
        "team_reclassified": ("complaint.reclassified",),
        "team_assigned": ("case.assigned",),
    }.get(kind, ())
    event = next((e for e in reversed(ticket.events) if e.what in what), None)
    if event is None:
        return ""
    if kind in ("team_reclassified", "team_assigned"):
        return f"{event.details.get('why', '')} ({event.who})"
    if event.what == "report.updated":
        return _changed(desk, event.details)
    return "\n".join(event.details.values())


def _changed(desk: Desk, details: Mapping[str, str]) -> str:
    """What changed on the platform, in words: the new status and what was said about it follow."""
    names = filter(None, details.get("changed", "").split(", "))
    changed = ", ".join(desk.words(f"letters.changed_{name}") for name in names)
    status = details.get("status", "").replace("_", " ")
    return "\n".join(filter(None, (changed, status, details.get("followups", ""))))


def _answering(desk: Desk, ticket: Ticket) -> str:
    if ticket.parts:
        return parts.answering(desk, ticket)
    return facts.how_to_reply(desk) + desk.words(
        f"letters.answering_{ticket.medium}",
        number=ticket.number,
        email=ticket.complainant.email or "-",
        phone=ticket.complainant.phone or "-",
        external_id=ticket.external_id or "-",
    )
