"""Mail that no person wrote to us, and mail that must not be answered by a program.

An unneeded ticket costs a minute, a lost complaint a citizen: every verdict here needs a field that
programs set and people's mail programs do not, never words of the text or a sender's name alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from channels.mail.bounces import gives_up
from channels.mail.headers import Headers
from channels.mail.mime import Part
from channels.types import Address, Machine

OWN_FIELD = "x-muara"
# Local parts nobody reads (RFC 2142, RFC 3834 section 2); a form on a web page writes from one, so
# they only forbid an answer.
_UNREAD = re.compile(
    r"(?:.*[._+-])?(?:no-?_?\.?reply|do-?_?not-?_?reply|tidak-?dibalas|jangan-?dibalas"
    r"|mailer-daemon|postmaster|bounces?)(?:[._+-].*)?",
    re.IGNORECASE,
)
_DAEMON = re.compile(r"mailer-daemon|mail delivery (?:sub)?system", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"undeliver|returned mail|delivery (?:status|failure|has failed)|mail delivery fail"
    r"|failure notice|could not (?:be delivered|send message)|mail system error|delayed mail"
    r"|tidak (?:dapat|bisa) dikirim|gagal (?:ter)?kirim|pengiriman .{0,20}gagal",
    re.IGNORECASE,
)
_VACATION_SUBJECT = re.compile(
    r"\W*(?:auto(?:matic|mated)?[ -]?(?:reply|response|responder|answer)|out of (?:the )?office"
    r"|(?:balasan|jawaban|respons?) otomatis|vacation (?:reply|response|notice)"
    r"|(?:sedang )?(?:di luar|tidak di) kantor|sedang cuti|away from (?:my )?(?:mail|office))",
    re.IGNORECASE,
)
_AUTO_REPLY_FIELDS = (
    "x-autoreply",
    "x-auto-reply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
)
_LIST_FIELDS = ("list-id", "list-post", "x-mailing-list", "x-beenthere", "mailing-list")
_MASS = {"bulk", "junk", "list"}
# Sign-in warnings and the like about our own Gmail account; they carry no field that says so.
_NOTICE_DOMAINS = ("accounts.google.com", "google.com")


@dataclass(frozen=True, slots=True)
class Own:
    """How to know our own mails: addresses (lower case) and the domain of our Message-IDs."""

    addresses: frozenset[str] = frozenset()
    message_domain: str = ""

    def wrote(self, message_id: str) -> bool:
        """True for a Message-ID made by us."""
        return bool(self.message_domain) and message_id.lower().endswith(
            f"@{self.message_domain.lower()}>"
        )


@dataclass(frozen=True, slots=True)
class Envelope:
    """What screening looks at: never the text."""

    root: Part
    sender: Address
    authors: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    message_id: str
    references: tuple[str, ...]

    @property
    def headers(self) -> Headers:
        """The mail's own fields."""
        return self.root.headers


def screen(mail: Envelope, own: Own) -> tuple[Machine | None, bool]:
    """Return why a mail is machine mail, or None, and whether a program may answer it (RFC 3834)."""
    machine = next(_reasons(mail, own), None)
    return machine, machine is None and _answerable(mail, own)


def says_absent(subject: str) -> bool:
    """Whether a subject is one that programs write for people who are away, whatever else the mail has."""
    return bool(_VACATION_SUBJECT.match(subject))


def _reasons(mail: Envelope, own: Own) -> Iterator[Machine]:
    # The field alone proves nothing: a stranger must not be able to hide his mail behind it.
    ours = mail.sender.email.lower() in own.addresses
    if (ours and OWN_FIELD in mail.headers) or own.wrote(mail.message_id):
        yield Machine.OWN
    if _is_bounce(mail):
        yield Machine.BOUNCE if gives_up(mail.root) else Machine.NOTIFICATION
    if mail.root.type.report == "disposition-notification":
        yield Machine.NOTIFICATION
    if _is_auto_reply(mail):
        yield Machine.AUTO_REPLY
    if _is_list(mail, own):
        yield Machine.LIST
    if _is_notification(mail):
        yield Machine.NOTIFICATION


def _is_bounce(mail: Envelope) -> bool:
    """A delivery report (RFC 3464), or an older one: a mail system's name or path, and its words."""
    if mail.root.type.full == "multipart/report":
        kinds = {part.type.full for part in mail.root.children}
        return mail.root.type.report == "delivery-status" or "message/delivery-status" in kinds
    local = mail.sender.email.lower().partition("@")[0]
    nameless = _null_return_path(mail.headers) and local in ("", "postmaster")
    if not (nameless or _DAEMON.search(f"{mail.sender.name} {local}")):
        return False
    return "x-failed-recipients" in mail.headers or bool(_BOUNCE_SUBJECT.search(mail.subject))


def _is_auto_reply(mail: Envelope) -> bool:
    headers = mail.headers
    if headers.token("auto-submitted") == "auto-replied" or any(
        name in headers and headers.token(name) != "no" for name in _AUTO_REPLY_FIELDS
    ):
        return True
    if _auto_submitted(headers) and "in-reply-to" in headers:
        return True
    if "auto_reply" in (headers.token("precedence"), headers.token("x-precedence")):
        return True
    return bool(_VACATION_SUBJECT.match(mail.subject)) and _shows_a_program(headers)


def _shows_a_program(headers: Headers) -> bool:
    return (
        _auto_submitted(headers)
        or _null_return_path(headers)
        or headers.token("precedence") in _MASS
        or _suppresses_answers(headers)
    )


def _is_list(mail: Envelope, own: Own) -> bool:
    """List mail, unless the list is our own group address or the mail answers one of ours."""
    listed = any(name in mail.headers for name in _LIST_FIELDS)
    mass = "list-unsubscribe" in mail.headers and mail.headers.token("precedence") in _MASS
    answers_us = any(own.wrote(reference) for reference in mail.references)
    return (listed or mass) and not answers_us and not _is_our_group(mail.headers, own)


def _is_our_group(headers: Headers, own: Own) -> bool:
    """RFC 2919: a group's List-Id is made of its address; Google Groups and others do so."""
    post, name = headers.first("list-post").lower(), headers.first("list-id").lower()
    return any(
        address in post or f"<{address.replace('@', '.')}>" in name for address in own.addresses
    )


def _is_notification(mail: Envelope) -> bool:
    """Made by a program (RFC 3834), unless it passes on a person's words and names that person."""
    local, _, domain = mail.sender.email.lower().partition("@")
    notice = domain in _NOTICE_DOMAINS and bool(_UNREAD.fullmatch(local))
    return (notice or _auto_submitted(mail.headers)) and not _person_behind(mail)


def _person_behind(mail: Envelope) -> bool:
    others = (
        a.email.lower() for a in mail.reply_to if a.email.lower() != mail.sender.email.lower()
    )
    return any(not _UNREAD.fullmatch(email.partition("@")[0]) for email in others)


def _answerable(mail: Envelope, own: Own) -> bool:
    headers = mail.headers
    to = (mail.reply_to or (mail.sender,))[0].email.lower()
    if not to or to in own.addresses or _UNREAD.fullmatch(to.partition("@")[0]):
        return False
    if _auto_submitted(headers) or _null_return_path(headers):
        return False
    if headers.token("precedence") in _MASS or _suppresses_answers(headers):
        return False
    return not any(name.startswith("list-") or name in _LIST_FIELDS for name in headers.names())


def _auto_submitted(headers: Headers) -> bool:
    return headers.token("auto-submitted") not in ("", "no")


def _suppresses_answers(headers: Headers) -> bool:
    """Microsoft's field; its other values only concern receipts."""
    values = re.split(r"[,\s]+", headers.first("x-auto-response-suppress").lower())
    return not {"all", "oof", "autoreply"}.isdisjoint(values)


def _null_return_path(headers: Headers) -> bool:
    return headers.first("return-path").replace(" ", "") == "<>"
