"""Whom a delivery report gives up on, and which mail came back. Only called for mails already known to be one."""

import email
import re
from collections.abc import Iterator

from flufl.bounce import scan_message

from channels.mail import clean, mime
from channels.mail.headers import Headers, message_ids

_LOOKED_AT = 64 * 1024  # bytes; the report comes before the returned mail
_MOST = 100
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_REASON_LIMIT = 300
_DIAGNOSTIC = re.compile(
    rb"^diagnostic-code:[ \t]*+([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.IGNORECASE | re.MULTILINE
)
_ACTION = re.compile(rb"^action:[ \t]*(\w+)", re.IGNORECASE | re.MULTILINE)


def failed_recipients(raw: bytes) -> tuple[str, ...]:
    """Addresses given up for good, sorted; none for a mere delay or a report nobody can read."""
    plain = raw[:_LOOKED_AT].decode("ascii", "replace")  # the detectors stumble over 8-bit fields
    try:
        found = scan_message(email.message_from_string(plain))
    except Exception:  # noqa: BLE001 - seventeen detectors for free text raise whatever they meet
        return ()
    addresses = {
        clean.line(address.decode("utf-8", "replace"), clean.ADDRESS_LIMIT) for address in found
    }
    return tuple(sorted(address for address in addresses if "@" in address))[:_MOST]


def gives_up(report: mime.Part) -> bool:
    """Whether a report says that a mail will not arrive, or says nothing of it that can be read.

    One that only tells of a delay, or that all went well (RFC 3464, section 2.3.3), does not.
    """
    said = (part.decoded(_LOOKED_AT) for part in report.children if part.type.full in _STATUS)
    actions = {action.lower() for text in said for action in _ACTION.findall(text)}
    return not actions or b"failed" in actions


def reason(report: mime.Part) -> str:
    """Return what a server said about a mail it did not take (RFC 3464, section 2.3.6), or "" without a report."""
    said = (part.decoded(_LOOKED_AT) for part in report.children if part.type.full in _STATUS)
    found = next(filter(None, map(_DIAGNOSTIC.search, said)), None)
    words = " ".join(found[1].decode("utf-8", "replace").split()) if found else ""
    return clean.line(words.partition(";")[2].strip() or words, _REASON_LIMIT)


def returned_mails(report: mime.Part) -> tuple[str, ...]:
    """Message-IDs of the mails a report gives back, whole or by their fields (RFC 6522).

    Many servers say by no other field which mail it was.
    """
    found = (message_ids(headers.all("message-id")) for headers in _given_back(report))
    return tuple(dict.fromkeys(one for ids in found for one in ids))


def _given_back(report: mime.Part) -> Iterator[Headers]:
    for part in report.children:
        if part.is_message:
            yield from (inner.headers for inner in part.children)
        elif part.type.full == "text/rfc822-headers":
            yield mime.parse(part.decoded(_LOOKED_AT)).headers
