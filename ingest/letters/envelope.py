"""From a letter to a mail that cannot be forged from outside and never starts a loop."""

from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from ingest.office import Office, Words
from store.types import Notice, Suggestion, Ticket

SUBJECT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. ``in_reply_to`` threads it under the complainant's own mail.

    ``automatic`` is the Auto-Submitted value of RFC 3834; empty for what a person wrote.
    """

    subject: str
    body: str
    automatic: str = "auto-generated"
    in_reply_to: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters are written with: the office, its words, and what each rule means."""

    office: Office
    words: Words
    meaning: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Case:
    """What a letter about a case is written from.

    ``tag`` is the number with the recipient's reply token; ``alike`` are cases that may be the same.
    """

    notice: Notice
    ticket: Ticket
    tag: str
    alike: tuple[Suggestion, ...] = ()
    to_examiner: bool = False


def envelope(desk: Desk, notice: Notice, letter: Letter) -> EmailMessage:
    """Return the mail. Nothing a stranger wrote can add a header: control characters become spaces."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(desk.office.sender_name), addr_spec=desk.office.sender)
    mail["To"] = notice.recipient
    mail["Subject"] = one_line(letter.subject)[:SUBJECT_LENGTH]
    mail["Message-ID"] = notice.message_id
    mail["Date"] = notice.created_at
    if letter.in_reply_to:
        mail["In-Reply-To"] = one_line(letter.in_reply_to)
        mail["References"] = one_line(letter.in_reply_to)
    if letter.automatic:
        mail["Auto-Submitted"] = letter.automatic
        mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Muara"] = notice.kind.value
    mail.set_content(letter.body, charset="utf-8")
    return mail


def one_line(text: str) -> str:
    """Return text fit for a header: one line, no control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
