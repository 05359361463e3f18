"""To those who are to answer a case: how far its time has run, and what is left of it."""

from classify.stages import time_left
from ingest.escalation import known_as
from ingest.late import duration
from ingest.letters import facts
from ingest.letters.envelope import Case, Desk, Letter, one_line
from store.types import Ticket

_GIVEN_BACK = ("case.assigned", "case.reopened")


def write(desk: Desk, case: Case) -> Letter:
    """Half of the time, most of it, or all of it has run. A restricted case: number, tier and clock only."""
    words, ticket, stage = desk.words, case.ticket, case.notice.details["stage"]
    hidden = ticket.restricted and not case.to_examiner
    due, now = ticket.due_at or ticket.received_at, desk.clock()
    left = duration(words, time_left(now, due, desk.office.calendar))
    return Letter(
        words(
            f"reminders.{stage}_subject",
            number=ticket.number,
            left=left,
            subject=words("reminders.restricted") if hidden else one_line(ticket.subject),
        ),
        words(
            "reminders.body",
            opening=words(f"reminders.{stage}_opening", left=left),
            number=ticket.number,
            tier=facts.tier(desk, ticket),
            deadline=facts.deadline(desk, ticket),
            details="" if hidden else _details(desk, ticket),
            hint=words("reminders.restricted_hint") if hidden else _hint(desk, case),
        ),
    )


def _details(desk: Desk, ticket: Ticket) -> str:
    words = desk.words
    subject = one_line(ticket.subject) or words("letters.no_subject")
    return words("reminders.details", subject=subject, worker=_worker(desk, ticket))


def _worker(desk: Desk, ticket: Ticket) -> str:
    steps = (e for e in reversed(ticket.events) if e.what in ("case.taken", *_GIVEN_BACK))
    last = next(steps, None)
    if last is None or last.what in _GIVEN_BACK:
        return desk.words("reminders.nobody")
    person = known_as(desk.office, last.who)
    return person.name if person else last.who


def _hint(desk: Desk, case: Case) -> str:
    """How to go on; by a reply to this mail too, for who is on the staff list."""
    code = "answer_hint" if case.ticket.certain else "undecided_hint"
    commands = desk.words(f"reminders.{code}", number=case.ticket.number)
    if desk.office.person_at(case.notice.recipient) is None:
        return commands
    return f"{commands}\n\n{facts.how_to_reply(desk)}".rstrip()
