"""To who wrote to us by mail from the office: what will be done, what was done, or what was not and why."""

from dataclasses import replace

from ingest.answer import Way, destination
from ingest.letters import answer, facts, parts
from ingest.letters.envelope import Case, Desk, Letter, one_line
from ingest.letters.frame import framed
from ingest.letters.restricted import new as without_content
from store.types import Notice, NoticeKind, StaffMail, Ticket

ABOUT_ANSWERS = ("pending", "held", "sent")
NOTED = ("unproven", "not_entitled")  # who wrote these could do nothing else
QUOTED = 4_000  # characters of a person's own words that are shown to them again
SHOWN = 2  # letters at the beginning of an address that is masked


def echo(desk: Desk, case: Case) -> Letter:
    """What will be done, or was. What somebody else may not read any more is not shown."""
    say = case.notice.details["say"]
    if case.ticket.restricted and not case.to_examiner:
        return without_content(desk, case)
    if say in ABOUT_ANSWERS and case.request:
        return _of_answer(desk, case, case.request, say)
    return _plain(desk, case, say)


def question(desk: Desk, case: Case) -> Letter:
    """Nothing was done, or a note kept, and why; with what was written, so that it need not be written again."""
    words, details = desk.words, case.notice.details
    number = case.ticket.number
    kind = "noted" if details["say"] in NOTED else "question"
    body = words(
        f"staff_mail.{kind}_body",
        why=_sentence(desk, case, details["say"]),
        number=number,
        own=_own(desk, case.request),
    )
    return Letter(words(f"staff_mail.{kind}_subject", number=number), body)


def refused(desk: Desk, case: Case) -> Letter:
    """To the team: somebody answered a notice who may not, or cannot be told. Nothing of what they wrote."""
    words, details = desk.words, case.notice.details
    body = words(
        "staff_mail.refused_body",
        number=case.ticket.number,
        sender=one_line(details["sender"]) or "-",
        why=words(f"staff_mail.refused_{details['reason']}"),
        at=words.moment(case.notice.created_at),
    )
    return Letter(words("staff_mail.refused_subject", number=case.ticket.number), body)


def unplaced(desk: Desk, notice: Notice) -> Letter:
    """A mail about no case was answered: nothing was done, and how to say which case is meant."""
    words = desk.words
    by_mail = words("staff_mail.unplaced_by_mail") if desk.office.staff_replies.offered else ""
    own = notice.details["own"].strip() or words("staff_mail.nothing_written")
    body = words("staff_mail.unplaced_body", by_mail=by_mail, own=own)
    return Letter(words("staff_mail.unplaced_subject"), body)


def _of_answer(desk: Desk, case: Case, request: StaffMail, say: str) -> Letter:
    words, details, ticket = desk.words, case.notice.details, case.ticket
    way = Way(details["way"])
    why = details.get("why", "")
    body = words(
        f"staff_mail.{say}_body",
        number=ticket.number,
        way=words(f"staff_mail.way_{way}"),
        until=words.moment(case.notice.created_at + request.window),
        why=words(f"staff_mail.held_{why}") if why else "",
        to=_to(desk, ticket, way),
        files=_files(desk, request, details.get("files", "")),
        preview=_preview(desk, case, request, way),
    )
    return Letter(words(f"staff_mail.{say}_subject", number=ticket.number), body)


def _preview(desk: Desk, case: Case, request: StaffMail, way: Way) -> str:
    """What the complainant will get, to the letter; but for the token that lets them answer it."""
    theirs = desk.speaking(case.language)
    if way is Way.POST:
        return parts.headed(
            theirs.words, case.ticket, framed(theirs.words, case.ticket, request.text).body
        )
    if way is not Way.MAIL:
        return parts.headed(theirs.words, case.ticket, request.text)
    notice = replace(case.notice, kind=NoticeKind.ANSWER, details={"text": request.text})
    letter = answer.write(theirs, replace(case, notice=notice, tag=case.ticket.number, files=()))
    return desk.words("staff_mail.preview", subject=letter.subject, body=letter.body.strip())


def _to(desk: Desk, ticket: Ticket, way: Way) -> str:
    """Where it goes. The address of who asked to stay unnamed is not written into one more mailbox."""
    if ticket.complainant.anonymous:
        return desk.words("letters.anonymous")
    to = destination(ticket, way)
    if ticket.complainant.secret and way not in (Way.UPLOAD, Way.PASTE):
        return _masked(to)
    return one_line(to) or desk.words("staff_mail.no_address")


def _masked(address: str) -> str:
    """The beginning, and of a mail address the domain."""
    local, at, domain = address.rpartition("@")
    shown = (local or domain)[:SHOWN]
    return f"{shown}\u2022\u2022\u2022{at}{domain if at else ''}"


def _files(desk: Desk, request: StaffMail, sent: str) -> str:
    """Which files go with it, a line, and which do not, another."""
    words, going = desk.words, sent.split(", ") if sent else []
    held_back = [one for one in request.details.get("files", "").split(", ") if one not in going]
    lines = [words("staff_mail.files_sent", names=sent)] if sent else []
    if any(held_back):
        lines.append(words("staff_mail.files_not_sent", names=", ".join(filter(None, held_back))))
    return "".join(f"{line}\n" for line in lines)


def _plain(desk: Desk, case: Case, say: str) -> Letter:
    what = _sentence(desk, case, say)
    deadline = facts.deadline(desk, case.ticket)
    body = desk.words(
        "staff_mail.done_body", what=what, number=case.ticket.number, deadline=deadline
    )
    return Letter(desk.words("staff_mail.done_subject", number=case.ticket.number), body)


def _sentence(desk: Desk, case: Case, say: str) -> str:
    """The sentence of a code, with whatever values it has."""
    words, details = desk.words, case.notice.details
    values = {name: one_line(value) for name, value in details.items()}
    for name, part in (("tier", "tiers"), ("kind", "kinds"), ("status", "statuses")):
        if values.get(name):
            values[name] = words(f"{part}.{values[name]}")
    values["tier"] = values.get("tier") or words("letters.tier_none")
    return words(f"staff_mail.say_{say}", **{**values, "number": case.ticket.number})


def _own(desk: Desk, request: StaffMail | None) -> str:
    said = (request.details.get("said") or request.text)[:QUOTED].strip() if request else ""
    return said or desk.words("staff_mail.nothing_written")
