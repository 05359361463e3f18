"""What every letter about a case says in the same way: tier, deadline, reasons, sender, files."""

from collections.abc import Sequence

from ingest.letters.envelope import Case, Desk
from ingest.suggested import told
from store.types import Ticket

TEXT_LENGTH = 20_000
RULES_SHOWN = 6


def tier(desk: Desk, ticket: Ticket) -> str:
    """The tier in words; where it is not certain, what is suggested."""
    if ticket.tier:
        return desk.words(f"tiers.{ticket.tier}")
    if ticket.suggested:
        return desk.words("letters.tier_suggested", tier=desk.words(f"tiers.{ticket.suggested}"))
    return desk.words("letters.tier_open" if not ticket.certain else "letters.tier_none")


def deadline(desk: Desk, ticket: Ticket) -> str:
    """The deadline in local time with weekday, and the promise it follows from."""
    if ticket.due_at is None:
        return desk.words("letters.no_deadline")
    return desk.words(
        "letters.deadline", moment=desk.words.moment(ticket.due_at), limit=limit(desk, ticket)
    )


def limit(desk: Desk, ticket: Ticket) -> str:
    """The promise in words: three hours, fourteen working days."""
    count, _, unit = ticket.limit.partition(" ")
    return desk.words("letters.hours" if unit == "h" else "letters.working_days", count=count)


def complainant(desk: Desk, ticket: Ticket) -> str:
    """Who wrote, as far as they wish to be known."""
    who = ticket.complainant
    if who.anonymous:
        return desk.words("letters.anonymous")
    known = [part for part in (who.name, who.email, who.phone, who.address) if part]
    name = ", ".join(known) or desk.words("letters.unnamed")
    return desk.words("letters.secret", name=name) if who.secret else name


def reasons(desk: Desk, ticket: Ticket) -> str:
    """Why this tier: for each rule the words it met and what it means. Weak cues come as bare words."""
    words_of: dict[str, list[str]] = {}
    for hit in ticket.hits:
        words_of.setdefault(hit.rule, []).append(" ".join(hit.text.split()))
    rules = [rule for rule in words_of if desk.meaning(rule) != rule]
    lines = [_reason(desk, rule, words_of.pop(rule)) for rule in rules[:RULES_SHOWN]]
    cues = [word for rule, words in words_of.items() if rule not in rules for word in words]
    if cues:
        lines.append(desk.words("letters.cues", words=_quoted(cues)))
    return "\n".join(lines) or desk.words("letters.no_reason")


def _reason(desk: Desk, rule: str, words: Sequence[str]) -> str:
    meaning = desk.meaning(rule)
    return desk.words("letters.reason", words=_quoted(words), rule=rule, meaning=meaning)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in dict.fromkeys(words))


def signature(desk: Desk) -> str:
    """Who signs, where they are and how to call; what is not known is left out."""
    office = desk.office
    phone = desk.words("letters.phone", phone=office.phone) if office.phone else ""
    return "\n".join(filter(None, (office.signature, office.name, office.address, phone)))


def how_to_reply(desk: Desk) -> str:
    """What a reply to this mail does, two lines; nothing where replies are notes and no more."""
    replies = desk.office.staff_replies
    if not replies.offered:
        return ""
    minutes = int(replies.window.total_seconds() // 60)
    key = "how_to_reply" if minutes else "how_to_reply_at_once"
    return desk.words(f"staff_mail.{key}", minutes=minutes)


def text(desk: Desk, ticket: Ticket) -> str:
    """What the complainant wrote, whole unless it is very long."""
    words = (ticket.text or desk.words("letters.no_text")).strip()
    if len(words) <= TEXT_LENGTH:
        return words
    return words[:TEXT_LENGTH] + "\n" + desk.words("letters.text_cut", number=ticket.number)


def extras(desk: Desk, ticket: Ticket) -> str:
    """Place, files, and what was left on the server, a line each."""
    lines = [desk.words("letters.location", location=ticket.location)] if ticket.location else []
    lines += [
        desk.words("letters.attachment", name=file.filename, size=_kilobytes(file.size))
        for file in ticket.attachments
    ]
    if ticket.forwarded:
        lines.append(desk.words("letters.forwarded"))
    if ticket.truncated:
        lines.append(desk.words("letters.truncated"))
    return "".join(line + "\n" for line in lines)


def alike(desk: Desk, case: Case) -> str:
    """Where the case was merged into, or which others may be the same, a line each."""
    ticket = case.ticket
    if ticket.merged_into:
        return desk.words("duplicates.letter_merged", number=ticket.merged_into) + "\n"
    found = (told(desk.words, one, ticket.number, examiner=case.to_examiner) for one in case.alike)
    return "".join(desk.words("duplicates.letter_line", told=line) + "\n" for line in found)


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1024)} KB"
