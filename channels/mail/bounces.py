"""Whom a delivery report gives up on. Only called for mails already known to be one."""

import email

from flufl.bounce import scan_message

from channels.mail import clean

_LOOKED_AT = 64 * 1024  # bytes; the report comes before the returned mail
_MOST = 100


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
