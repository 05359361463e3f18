"""The one module that knows mail-parser: mailboxes and dates out of header fields.

Only the parts that earn their time are used. Its whole-mail parser spends most of it on diagnostics
of Received fields, pours the text of an attached message into the mail's own, and reads neither
UTF-7 nor a body behind deep nesting; structure and text are read by the other modules here.
"""

import re
from datetime import UTC, datetime
from email.utils import getaddresses, parsedate_to_datetime
from itertools import islice
from typing import Any

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from channels.mail import clean
from channels.mail.headers import decode_words
from channels.types import Address

MAX_ADDRESSES = 500
_HEADER_LIMIT = 65_536  # characters, of all fields of one name
_LAX_LIMIT = 8_192  # the standard library takes the square of it
_DEEP = 100  # it recurses for each comment and group
_LOOKS_LIKE_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"@]{1,64}@[^\s<>()\[\],;:\"@]{1,255}")


def mailboxes(values: list[str]) -> tuple[Address, ...]:
    """Return every mailbox of the fields ``values``, in order; groups give their members.

    mail-parser reads what is sound and says what is not; for the rest the standard library's
    laxer reading is taken, and at last whatever looks like an address.
    """
    found: list[Address] = []
    left = _HEADER_LIMIT
    for value in values:
        found += _of_field(value[:left])
        left = max(0, left - len(value))
    return tuple(found[:MAX_ADDRESSES])


def _of_field(value: str) -> list[Address]:
    if not value:
        return []
    defects: list[dict[str, Any]] = []
    pairs = get_addresses(value, defects=defects)
    if all(defect["recovered"] for defect in defects):
        return [_address(name, email) for name, email in pairs if email]
    return _laxly(value)


def _laxly(value: str) -> list[Address]:
    found = []
    if len(value) < _LAX_LIMIT and sum(map(value.count, "(:")) < _DEEP:
        found = [_address(name, email) for name, email in getaddresses([value]) if "@" in email]
    if found and all(_LOOKS_LIKE_ADDRESS.fullmatch(address.email) for address in found):
        return found
    return [
        _address(_words_before(value, place.start()), place[0])
        for place in islice(_LOOKS_LIKE_ADDRESS.finditer(value), MAX_ADDRESSES)
    ]


def _words_before(value: str, end: int) -> str:
    before = value[max(0, end - clean.NAME_LIMIT) : end]
    start = max(before.rfind(mark) for mark in ",;>:")
    return before[start + 1 :].strip(' <"\t(')


def _address(name: str, email: str) -> Address:
    name = clean.line(decode_words(name), clean.NAME_LIMIT)
    if len(name) > 1 and name[0] == name[-1] and name[0] in "'\"":
        name = name[1:-1].strip()
    return Address(name, clean.line(email, clean.ADDRESS_LIMIT))


def sent_at(value: str) -> datetime | None:
    """Return a Date field as an aware time in the sender's own zone, or None if it says none.

    A zone of -0000, or none at all, means the offset is unknown and the time UTC
    (RFC 5322 sections 3.3 and 4.3).
    """
    value = value[: clean.NAME_LIMIT]
    strict: datetime | None = parse_mail_date(value).value
    lax = _laxly_dated(value)
    # mail-parser gives the offset in tenths of an hour only; the standard library has the minutes.
    return lax if lax == strict or strict is None else strict


def _laxly_dated(value: str) -> datetime | None:
    try:
        when = parsedate_to_datetime(value)
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
