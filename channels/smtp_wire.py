"""A composed message as it goes over the wire, with headers that cannot be made to say more."""

import re
from collections.abc import Iterator
from copy import deepcopy
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, localtime

_BREAKS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]+")
_UNSAFE = re.compile(rf"{_BREAKS.pattern}|=\?")
_ADDRESSES = ("from", "sender", "reply-to", "to", "cc")
_HIDDEN = ("bcc", "resent-bcc")


def wire(message: EmailMessage, sender: Address, *, international: bool = False) -> bytes:
    """Return RFC 5322 bytes with CRLF, pure ASCII unless ``international`` (SMTPUTF8).

    The given message stays as it is. From and Date are added where missing, Bcc is taken out, and no
    header value can start another header: neither by line breaks nor by encoded words that hide them.
    """
    copy = deepcopy(message)
    copy.policy = (SMTPUTF8 if international else SMTP).clone(cte_type="7bit")
    for name in _HIDDEN:
        del copy[name]
    if "From" not in copy:
        copy["From"] = Address(_plain(sender.display_name), addr_spec=sender.addr_spec)
    if "Date" not in copy:
        copy["Date"] = format_datetime(localtime())
    for part in _parts(copy):
        _clean(part)
    for name in _ADDRESSES:
        _encode_domains(copy, name)
    return copy.as_bytes(policy=copy.policy)


def ascii_domain(address: str) -> str:
    """The address with its domain in IDNA form, as every mail server understands it."""
    local, at, domain = address.rpartition("@")
    try:
        return local + at + domain.encode("idna").decode("ascii")
    except UnicodeError:
        return address


def _parts(part: MIMEPart) -> Iterator[MIMEPart]:
    """The part and what it is made of. A forwarded message inside is content, and left alone."""
    yield part
    if part.get_content_maintype() == "multipart":
        for inner in part.iter_parts():
            yield from _parts(inner)


def _clean(part: MIMEPart) -> None:
    """Rewrite unsafe values; the order of headers stays.

    The standard library decodes encoded words while it folds, so even a value without line breaks can
    grow them on the way out (CVE-2024-6923, and every Python before its correction).
    """
    headers = list(part.raw_items())
    if not any(_UNSAFE.search(str(value)) for _, value in headers):
        return
    for name in set(part.keys()):
        del part[name]
    for name, value in headers:
        part[name] = _plain(str(value)) if _UNSAFE.search(str(value)) else value


def _plain(text: str) -> str:
    """One line, in which nothing looks like an encoded word."""
    return _BREAKS.sub(" ", text).replace("=?", "= ?")


def _encode_domains(message: EmailMessage, name: str) -> None:
    header = message[name]
    if header is None or all(address.domain.isascii() for address in header.addresses):
        return
    encoded = [
        Address(address.display_name, addr_spec=ascii_domain(address.addr_spec))
        for address in header.addresses
    ]
    del message[name]
    message[name] = encoded
