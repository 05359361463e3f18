"""A raw e-mail, read into a Message."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog

from channels.errors import Unreadable
from channels.mail import charset, clean, mime, parser, quotes, trim
from channels.mail.attachments import describe
from channels.mail.authentication import author_proof, proven_domains
from channels.mail.bounces import failed_recipients, reason, returned_mails
from channels.mail.headers import Headers, decode_words, message_ids
from channels.mail.machine import Envelope, Own, screen
from channels.mail.text import Body, read_body
from channels.types import Address, Machine, Message
from classify.types import Medium

_log = structlog.get_logger()
_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|trs|terusan|diteruskan)\s*:", re.IGNORECASE)
_SUBJECT_RAW = 8_192


def read_mail(
    raw: bytes,
    *,
    received_at: datetime,
    own_addresses: frozenset[str] = frozenset(),
    own_message_domain: str = "",
    authserv_id: str = "",
    truncated: bool = False,
) -> Message:
    """Read a mail of any shape; ``received_at`` is the server's receipt time, aware.

    ``own_addresses`` (any case) and ``own_message_domain`` tell our own mails from others'.
    ``authserv_id`` is the name under which our own server says who a mail is from (RFC 8601).
    ``truncated`` says that ``raw`` is only the mail's beginning; the message also counts as
    truncated where the text was cut at clean.TEXT_LIMIT characters or the parts at mime.MAX_PARTS.

    What trips the full reading is read as plain text, so that a person sees it. Raises Unreadable
    where even that is impossible.
    """
    own = Own(frozenset(address.lower() for address in own_addresses), own_message_domain)
    try:
        return _read(raw, received_at, own, authserv_id, truncated=truncated)
    except Exception as error:  # noqa: BLE001 - bytes from strangers; the complaint must not be lost
        _log.warning("mail.read_minimally", error=type(error).__name__, size=len(raw))
        return _read_minimally(raw, received_at)


def _read(
    raw: bytes, received_at: datetime, own: Own, authserv_id: str, *, truncated: bool
) -> Message:
    root = mime.parse(raw)
    mail = _envelope(root)
    machine, may_answer = screen(mail, own)
    body = read_body(root)
    words = _words(mail.subject, body)
    return Message(
        medium=Medium.EMAIL,
        received_at=received_at,
        sender=mail.sender,
        subject=mail.subject,
        text=words.text,
        reply_text=words.reply,
        message_id=mail.message_id,
        in_reply_to=message_ids(mail.headers.all("in-reply-to")),
        references=mail.references + (returned_mails(root) if machine is Machine.BOUNCE else ()),
        to=mail.to,
        cc=mail.cc,
        reply_to=mail.reply_to,
        sent_at=parser.sent_at(mail.headers.first("date")),
        attachments=tuple(describe(part) for part in body.attachments),
        machine=machine,
        may_answer=may_answer,
        bounce_recipients=failed_recipients(raw) if machine is Machine.BOUNCE else (),
        bounce_reason=reason(root) if machine is Machine.BOUNCE else "",
        forwarded=words.forwarded and machine is not Machine.BOUNCE,
        truncated=truncated or body.truncated or words.cut,
        authenticated=proven_domains(mail.headers, authserv_id),
        proof=author_proof(mail.headers, mail.authors, authserv_id),
        own_words=_typed(body) if _answers(mail) else "",
    )


def _typed(body: Body) -> str:
    """What was typed into a reply; quotations in HTML are known by their tags."""
    return trim.reply_words(quotes.quoted(body.marked[: clean.TEXT_LIMIT]))


def _answers(mail: Envelope) -> bool:
    """Whether a mail answers another; a token in an address is a mark of our own."""
    return bool(mail.references or "in-reply-to" in mail.headers) or any(
        "+" in one.email for one in (*mail.to, *mail.cc)
    )


def _envelope(root: mime.Part) -> Envelope:
    headers = root.headers
    authors = parser.mailboxes(headers.all("from"))
    sender = authors or parser.mailboxes(headers.all("sender"))
    return Envelope(
        root=root,
        sender=sender[0] if sender else Address(),
        authors=authors,
        reply_to=parser.mailboxes(headers.all("reply-to")),
        to=parser.mailboxes(headers.all("to")),
        cc=parser.mailboxes(headers.all("cc")),
        subject=_subject(headers),
        message_id=next(iter(message_ids(headers.all("message-id"))), ""),
        references=message_ids(headers.all("references")),
    )


def _subject(headers: Headers) -> str:
    return clean.line(decode_words(headers.first("subject")[:_SUBJECT_RAW]), clean.SUBJECT_LIMIT)


@dataclass(frozen=True, slots=True)
class _Words:
    """A mail's text, the part of it the sender wrote or passed on, and whether he passed it on."""

    text: str
    reply: str
    forwarded: bool
    cut: bool


def _words(subject: str, body: Body) -> _Words:
    """The sender's own text first, then those of the mails attached to it."""
    by_subject = bool(_FORWARD_SUBJECT.match(subject))
    whole = [body.text, *(nested.text for nested in body.nested)]
    texts = list(_within_limit(whole))
    own = [trim.own_words(text, forwarded=by_subject) for text in texts if text.strip()]
    return _Words(
        text="\n\n".join(text for text in texts if text.strip()),
        reply="\n\n".join(words for words, _ in own),
        forwarded=by_subject or body.forwarded or any(forwarded for _, forwarded in own),
        cut=texts != whole,
    )


def _within_limit(texts: list[str]) -> Iterator[str]:
    left = clean.TEXT_LIMIT
    for text in texts:
        yield text[:left]
        left = max(0, left - len(text) - 2)


def _read_minimally(raw: bytes, received_at: datetime) -> Message:
    try:
        text = clean.text(charset.decode(raw[: clean.TEXT_LIMIT]))
    except Exception as error:
        raise Unreadable("mail_unreadable", error=type(error).__name__, size=len(raw)) from error
    return Message(
        medium=Medium.EMAIL,
        received_at=received_at,
        text=text,
        reply_text=text,
        may_answer=False,
        truncated=True,
    )
