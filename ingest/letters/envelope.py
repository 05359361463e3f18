"""From a letter to a mail that cannot be forged from outside and never starts a loop."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from ingest.office import Office, Words
from store.types import Answer, FileToSend, Notice, StaffMail, Suggestion, Ticket

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
    files: tuple[FileToSend, ...] = ()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters are written with: the office, its words, and what each rule means.

    ``languages`` are the words for complainants who write in another language than the office.
    ``clock`` gives the moment of writing, for letters that say how much time is left.
    """

    office: Office
    words: Words
    meaning: Callable[[str], str]
    languages: Mapping[str, Words] = field(default_factory=dict)
    clock: Callable[[], datetime] = _now

    def speaking(self, language: str) -> "Desk":
        """The same desk with the words of a language, where it has them."""
        return replace(self, words=self.languages.get(language, self.words))


@dataclass(frozen=True, slots=True)
class Case:
    """What a letter about a case is written from.

    ``tag`` is the number with the recipient's reply token; ``alike`` are cases that may be the same.
    ``files`` go with an answer; ``answers`` are given where a letter tells of them.
    ``request`` is what somebody of the office asked for by mail, ``language`` the complainant's, where a
    letter is about that.
    """

    notice: Notice
    ticket: Ticket
    tag: str
    alike: tuple[Suggestion, ...] = ()
    to_examiner: bool = False
    answers: tuple[Answer, ...] = ()
    files: tuple[FileToSend, ...] = ()
    request: StaffMail | None = None
    language: str = ""


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
    for file in letter.files:
        main, _, sub = file.content_type.partition("/")
        mail.add_attachment(file.data, main, sub, filename=one_line(file.name))
    return mail


def one_line(text: str) -> str:
    """Return text fit for a header: one line, no control characters."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
