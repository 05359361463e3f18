"""What an intake becomes, given what the store holds: one function for each fate."""

from dataclasses import replace
from typing import Any

from channels.types import Machine, Message
from classify.types import Medium
from store import (
    bounces,
    confidence,
    guests,
    outbox,
    reopening,
    returning,
    staff_mail,
    updates,
)
from store.columns import key
from store.errors import CasePurged
from store.guest_models import GuestRow
from store.models import ComplainantRow
from store.rows import case_row, complainant_row, names
from store.staff_models import StaffMailRow
from store.types import Fate, Intake, NoticeKind, NoticeRequest, Outcome, Status
from store.work import Work

PROGRAM = "muara"  # who an intake comes from when no person of the office did anything
_EXCERPT = 2_000  # characters of a platform's mail; the whole of it is kept


def settle(work: Work, intake: Intake) -> Outcome:
    """Decide what an intake becomes, and keep all that follows for writing."""
    place = (intake.arrival.channel, intake.arrival.position)
    if place in work.known:
        return Outcome(Fate.KNOWN)
    work.known.add(place)
    message = intake.message
    if message is None:
        return _quarantine(work, intake)
    if intake.joins and work.cases.by_number(intake.joins).get("purged_at"):
        return _too_late(work, intake)
    if message.machine is not None:
        return _machine(work, intake, message)
    return _of_staff(work, intake) if intake.staff else _from_person(work, intake, message)


def _quarantine(work: Work, intake: Intake) -> Outcome:
    """Keep what nobody may act on. Where it came in about a case, that one says so, and people are told."""
    work.arrived(intake, Fate.QUARANTINED)
    if intake.joins:
        number = work.cases.by_number(intake.joins)["number"]
        work.log(number, "staff_mail.refused", intake.who, error=intake.error)
        if not intake.silent:
            work.tell(number, intake.notices)
    return Outcome(Fate.QUARANTINED)


def _too_late(work: Work, intake: Intake) -> Outcome:
    """Its case was purged since it was read: read again, it is no reply any more."""
    error = str(CasePurged(number=intake.joins))
    return _quarantine(work, replace(intake, message=None, joins="", staff=None, error=error))


def _of_staff(work: Work, intake: Intake) -> Outcome:
    """Keep what somebody of the office asks for; it is done in a transaction of its own."""
    number = work.cases.by_number(intake.joins)["number"]
    if (known := _known_reply(work, intake, number)) is not None:
        return known
    work.arrived(intake, Fate.REPLIED, number)
    work.batch.add(StaffMailRow, staff_mail.row(work.connection, number, intake, work.now))
    return Outcome(Fate.REPLIED, number)


def _from_person(work: Work, intake: Intake, message: Message) -> Outcome:
    if intake.joins:
        return _reply(work, intake, message)
    case = work.cases.by_identity(intake.identity)
    if case is None:
        gone = returning.purged(work.connection, work.cases, intake, message)
        return _again(work, intake, gone) if gone else _open(work, intake, message)
    if message.medium is not Medium.LAPOR:
        return _merge(work, intake, case["number"])
    if message.by_hand and case["platform_status"]:
        return _typed_again(work, intake, message, case)
    number = case["number"]
    pending = work.batch.pending(ComplainantRow, number)
    asked = confidence.tightened(work.connection, number, message, pending)
    if changes := updates.changes(case, message, asked):
        return _update(work, intake, message, case, changes)
    return _merge(work, intake, case["number"])


def _typed_again(work: Work, intake: Intake, message: Message, case: dict[str, Any]) -> Outcome:
    """What somebody copied by hand is noted, but never takes the place of what the platform said."""
    number = case["number"]
    if message.text == case["text"]:
        return _merge(work, intake, number)
    work.arrived(intake, Fate.UPDATED, number)
    work.log(number, "staff.noted", intake.who, text=message.text)
    work.cases.change(case, later_text=f"{case['later_text']}\n{message.text}")
    return Outcome(Fate.UPDATED, number)


def _machine(work: Work, intake: Intake, message: Message) -> Outcome:
    if message.machine is Machine.NOTIFICATION and (intake.joins or intake.notices):
        return _notified(work, intake, message)
    is_bounce = message.machine is Machine.BOUNCE
    notices = bounces.returned(message, work.bounced) if is_bounce else []
    why = message.bounce_reason or message.subject
    bounces.mark(work.connection, notices, why)
    of_cases = [notice for notice in notices if notice.number]
    for notice in of_cases:
        work.batch.events.append(bounces.event(notice, why, intake.who, work.now))
    number = of_cases[0].number if of_cases else None
    work.arrived(intake, Fate.MACHINE, number)
    return Outcome(Fate.MACHINE, number or "", own=message.machine is Machine.OWN)


def _notified(work: Work, intake: Intake, message: Message) -> Outcome:
    """A platform wrote about a report: an event of its case, where we have one."""
    number = intake.joins
    work.arrived(intake, Fate.MACHINE, number or None)
    if number:
        said = (message.reply_text or message.text)[:_EXCERPT]
        work.log(number, "platform.notified", intake.who, subject=message.subject, text=said)
        case = work.cases.by_number(number)
        work.cases.change(case, later_text=f"{case['later_text']}\n{message.subject}\n{said}")
    if not intake.silent:
        work.tell(number, intake.notices)
    return Outcome(Fate.MACHINE, number)


def _reply(work: Work, intake: Intake, message: Message) -> Outcome:
    case = work.cases.by_number(intake.joins)
    number = case["number"]
    if (known := _known_reply(work, intake, number)) is not None:
        return known
    work.arrived(intake, Fate.REPLIED, number)
    _log_reply(work, intake, message, case)
    if not intake.silent:
        work.tell(number, intake.notices)
    return Outcome(Fate.REPLIED, number)


def _known_reply(work: Work, intake: Intake, number: str) -> Outcome | None:
    """The same reply in two inboxes joins its case once; None for one that was not seen before."""
    identity = key(intake.identity)
    if identity in work.replies:
        return _merge(work, intake, work.replies[identity])
    if identity:
        work.replies[identity] = number
    return None


def _log_reply(work: Work, intake: Intake, message: Message, case: dict[str, Any]) -> None:
    by_staff = intake.who != PROGRAM
    said = message.reply_text or message.text
    files = names(entry.filename for entry in message.attachments)
    what = "staff.noted" if by_staff else "complainant.replied"
    work.log(case["number"], what, intake.who, text=said, attachments=files)
    work.cases.change(case, later_text=f"{case['later_text']}\n{said}")
    if not by_staff:
        _reopen(work, intake, case)


def _reopen(work: Work, intake: Intake, case: dict[str, Any]) -> None:
    """The complainant wrote: what was answered is owed again."""
    for one in reopening.reopened(work.cases.worked_on(case)):
        number = one["number"]
        work.log(number, "case.reopened", intake.who, status=one["status"])
        work.cases.change(one, status=Status.ROUTED)
        clock = reopening.clock_of(intake.clocks, number)
        if clock and reopening.answered_since(work.connection, number):
            due = clock.due_at.isoformat()
            work.log(
                number, reopening.RESTARTED, intake.who,
                limit=clock.limit, due_at=due, calendar=clock.calendar,
            )  # fmt: skip
            work.cases.change(
                one, due_at=clock.due_at, promise=clock.limit,
                calendar=clock.calendar, clock_from=clock.starts_at,
                first_due_at=one["first_due_at"] or one["due_at"],
            )  # fmt: skip


def _open(work: Work, intake: Intake, message: Message) -> Outcome:
    if not intake.number:
        raise ValueError("a new case needs a number")
    work.cases.open(case_row(intake, message, work.now))
    work.batch.add(ComplainantRow, complainant_row(intake, message))
    if message.medium is Medium.WALK_IN:
        guest = guests.walk_in(intake.number, intake.who, message, work.now)
        work.batch.add(GuestRow, guest)
    work.arrived(intake, Fate.CASE, intake.number)
    _log_opening(work, intake, message)
    if not intake.silent:
        work.tell(intake.number, intake.notices)
    return Outcome(Fate.CASE, intake.number)


def _log_opening(work: Work, intake: Intake, message: Message) -> None:
    number, who, verdict = intake.number, intake.who, intake.verdict
    work.log(
        number, "complaint.received", who,
        medium=message.medium, channel=intake.arrival.channel, item=intake.arrival.position.item,
    )  # fmt: skip
    if verdict:
        work.log(
            number, "complaint.classified", who,
            kind=verdict.kind, tier=verdict.tier or "", certain="yes" if verdict.certain else "no",
            suggested=verdict.suggested or "", rules=verdict.rules_digest,
        )  # fmt: skip
    due = intake.due_at.isoformat() if intake.due_at else ""
    work.log(
        number, "complaint.routed", who,
        team=intake.team, limit=intake.limit, due_at=due, calendar=intake.calendar,
    )  # fmt: skip


def _update(
    work: Work, intake: Intake, message: Message, case: dict[str, Any], changes: updates.Changes
) -> Outcome:
    number = case["number"]
    work.arrived(intake, Fate.UPDATED, number)
    work.log(number, "report.updated", intake.who, **changes.told)
    was_restricted = case["restricted"]
    is_restricted = intake.restricted or (intake.verdict is not None and intake.verdict.restricted)
    restricted = was_restricted or (
        bool(changes.names & {"text", "secret", "anonymous"}) and is_restricted
    )
    work.cases.change(case, **changes.columns, restricted=restricted)
    if restricted and not was_restricted:
        for one in work.cases.above(case):
            work.cases.change(one, restricted=True)
            work.batch.withhold(one["number"], intake.notices)
    if changes.names & {"secret", "anonymous"}:
        for part in work.cases.parts(case):
            work.cases.change(part, restricted=True)
            work.batch.withhold(part["number"], intake.notices)
    if changes.by_complainant(message.sender.name):
        _reopen(work, intake, case)
    if changes.matter(work.own_names) and not intake.silent:
        # A harmless new text must not widen the circle of a restricted case.
        for_all = not was_restricted or is_restricted
        recipients = _fully_told(intake) if for_all else outbox.told(work.connection, number)
        work.tell(number, [NoticeRequest(NoticeKind.TEAM_UPDATE, one) for one in recipients])
    return Outcome(Fate.UPDATED, number)


def _fully_told(intake: Intake) -> list[str]:
    return [one.recipient for one in intake.notices if one.kind is NoticeKind.TEAM_NEW]


def _merge(work: Work, intake: Intake, number: str) -> Outcome:
    work.arrived(intake, Fate.MERGED, number)
    place = intake.arrival
    work.log(number, "arrival.merged", intake.who, channel=place.channel, item=place.position.item)
    return Outcome(Fate.MERGED, number)


def _again(work: Work, intake: Intake, number: str) -> Outcome:
    """The very message of a case whose content was removed: that it came again is all that is kept."""
    work.noted(intake, Fate.MERGED, number)
    work.log(number, "arrival.merged", intake.who, channel=intake.arrival.channel)
    return Outcome(Fate.MERGED, number)
