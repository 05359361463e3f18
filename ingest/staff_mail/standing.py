"""Who writes about a case, and whether they may do anything about it. Pure.

Two things are needed: the Message-ID of a notice of ours (or the token of its address), which only its
readers know, and a proven author who is on the staff list and works on the case.
"""

from dataclasses import dataclass

from channels.types import Message, Proof
from ingest.office import Office, Person
from ingest.people import same_mailbox
from store.types import NoticeKind, Parent


@dataclass(frozen=True, slots=True)
class Standing:
    """``refused``: the mail is kept apart and the team told. ``noted``: it is a note and no more.

    Both are codes for why, empty where the ``person`` may do what they ask for.
    """

    person: Person | None
    refused: str = ""
    noted: str = ""


def standing(office: Office, message: Message, parent: Parent) -> Standing:
    """Return what the author of a mail that answers ``parent`` may do."""
    sender = message.sender.email
    # Letters of other alphabets that only look alike, or are made alike by folding, are nobody's.
    person = office.person_at(sender) if sender.isascii() else None
    if why := refusal(office, message, person):
        return Standing(person, refused=why)
    assert person is not None  # noqa: S101 - `refusal` has said so
    entitled = works_on(office, person, parent)
    if not entitled and not same_mailbox(parent.recipient, sender):
        return Standing(person, refused="not_entitled")
    if message.proof is not Proof.PASSED and office.staff_replies.accept != "token_only":
        return Standing(person, noted="unproven")
    return Standing(person, noted="" if entitled else "not_entitled")


def refusal(office: Office, message: Message, person: Person | None) -> str:
    """Return why the author of a mail is not believed to be this person of the office, empty if they are."""
    if message.proof is Proof.AMBIGUOUS:
        return "ambiguous"
    if person is None:
        return "not_staff"
    if message.proof is Proof.FAILED:
        return "failed"
    trusting = office.staff_replies.accept == "token_only"
    return "absent" if message.proof is Proof.ABSENT and not trusting else ""


def works_on(office: Office, person: Person, parent: Parent) -> bool:
    """Whether somebody works on the case now: its team or an examiner, of a restricted case only these.

    Who was reminded of it because of their office may answer that reminder; who asked for something may
    take it back.
    """
    if office.examines(person):
        return True
    if parent.restricted:
        return False
    if any(same_mailbox(person.email, member) for member in office.members(parent.team)):
        return True
    own = parent.kind is NoticeKind.REMINDER or parent.staff_mail > 0
    return own and same_mailbox(parent.recipient, person.email)
