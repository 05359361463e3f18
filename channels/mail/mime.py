"""The structure of a mail: fields and parts, as places in the raw bytes.

The standard library's parser reads line by line and recurses; 25 MB of empty lines cost it a
gigabyte, and deep nesting its stack. Here every level is one search for its delimiter, levels,
parts and searched bytes are limited, and a leaf's bytes are copied only when it is decoded.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from channels.mail import transfer
from channels.mail.headers import ContentType, Headers, content_type

MAX_DEPTH = 24
MAX_PARTS = 500
_SEARCHES = 10  # times the mail's own size: so many bytes are searched for delimiters at most
_FIELD = re.compile(rb"([!-9;-~]++):([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?")
# RFC 5322 section 4.5 lets old mail put space before the colon; only names of fields that matter,
# so that a body without headers ("Nama : Budi") is not eaten.
_SPACED_FIELD = re.compile(
    rb"(from|to|cc|subject|date|message-id|reply-to|references|in-reply-to)[ \t]++"
    rb":([^\n]*+(?:\n[ \t][^\n]*+)*+)\n?",
    re.IGNORECASE,
)
_ENVELOPE_LINE = re.compile(rb">?From (?![ \t]*:)[^\n]*+\n")
_BLANK_LINE = re.compile(rb"\r?\n")
_LIKELY_DELIMITER = re.compile(rb"\n--([^\r\n]{1,200}?)[ \t]*+\r?\ncontent-", re.IGNORECASE)
_MESSAGES = ("message/rfc822", "message/global")


@dataclass(slots=True)
class Part:
    """One MIME entity: its fields, and the place of its body, still transfer-encoded."""

    headers: Headers
    type: ContentType
    raw: bytes
    start: int
    end: int
    children: list["Part"] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Bytes of the body as sent."""
        return self.end - self.start

    @property
    def is_message(self) -> bool:
        """A whole mail inside a mail."""
        return self.type.full in _MESSAGES

    def decoded(self, limit: int | None = None) -> bytes:
        """Return the body's bytes, of its first ``limit`` sent bytes where given."""
        end = self.end if limit is None else min(self.end, self.start + limit)
        encoding = self.headers.token("content-transfer-encoding")
        return transfer.decode(memoryview(self.raw)[self.start : end], encoding)


def parse(raw: bytes) -> Part:
    """Take a whole mail apart. Never raises; what cannot be taken apart stays a leaf."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    root = _message(raw, 0, len(raw))
    waiting, count, budget = deque([(root, 0)]), 1, _SEARCHES * len(raw)
    while waiting:
        part, depth = waiting.popleft()
        if depth < MAX_DEPTH and count < MAX_PARTS and part.size <= budget:
            budget -= part.size
            part.children = _children(part, MAX_PARTS - count)
            count += len(part.children)
            waiting.extend((child, depth + 1) for child in part.children if child.size)
    return root


def _message(raw: bytes, start: int, end: int) -> Part:
    envelope = _ENVELOPE_LINE.match(raw, start, end)
    return _entity(raw, envelope.end() if envelope else start, end, "text/plain")


def _entity(raw: bytes, start: int, end: int, default: str) -> Part:
    headers = Headers()
    while found := _FIELD.match(raw, start, end) or _SPACED_FIELD.match(raw, start, end):
        headers.add(found[1], found[2])
        start = found.end()
    if blank := _BLANK_LINE.match(raw, start, end):
        start = blank.end()
    return Part(headers, content_type(headers, default), raw, start, end)


def _children(part: Part, limit: int) -> list[Part]:
    if part.type.main == "multipart":
        default = "message/rfc822" if part.type.full == "multipart/digest" else "text/plain"
        return [_entity(part.raw, start, end, default) for start, end in _pieces(part, limit)]
    if part.is_message and part.size:
        return [_message_inside(part)]
    return []


def _message_inside(part: Part) -> Part:
    """RFC 2046 section 5.2.1 forbids encoding a message in a message; some senders do it."""
    if part.headers.token("content-transfer-encoding") in ("base64", "quoted-printable"):
        inner = part.decoded()
        return _message(inner, 0, len(inner))
    return _message(part.raw, part.start, part.end)


def _pieces(part: Part, limit: int) -> list[tuple[int, int]]:
    pieces = list(_between(part, part.type.boundary, limit)) if part.type.boundary else []
    if pieces:
        return pieces
    likely = _LIKELY_DELIMITER.search(part.raw, max(part.start - 1, 0), part.end)
    return list(_between(part, likely[1], limit)) if likely else []


def _between(part: Part, boundary: bytes, limit: int) -> Iterator[tuple[int, int]]:
    """Yield the places between delimiter lines; the line end before one belongs to it."""
    delimiter = re.compile(re.escape(b"\n--" + boundary) + rb"(--)?+[ \t]*+(?=\r?\n|\Z)")
    start = None
    for found in delimiter.finditer(part.raw, max(part.start - 1, 0), part.end):
        if start is not None:
            end = found.start()
            yield start, max(start, end - (part.raw[end - 1 : end] == b"\r"))
            limit -= 1
        if found[1]:
            return
        newline = _BLANK_LINE.match(part.raw, found.end(), part.end)
        start = newline.end() if newline else part.end
        if limit <= 1:  # the rest, delimiters and all, is the last part
            break
    if start is not None and start < part.end:
        yield start, part.end
