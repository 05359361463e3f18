"""Strings from strangers, made safe to store, print and put into a header.

PostgreSQL refuses NUL, UTF-8 refuses lone surrogates, terminals obey escape sequences, and a line
break in a subject would become a header of our own mails.
"""

import re
import unicodedata

SUBJECT_LIMIT = 998  # characters; RFC 5322 section 2.1.1 allows no longer line
NAME_LIMIT = 200
ADDRESS_LIMIT = 320  # RFC 3696: 64 before the @, 255 after it
TEXT_LIMIT = 1_000_000

_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BREAKS = re.compile(" *[\x00-\x1f\x7f-\x9f\u2028\u2029][\\s\x00-\x1f\x7f-\x9f]*")
_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def text(value: str) -> str:
    """Return ``value`` with bare line feeds as line ends and without controls or lone surrogates."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", value))


def line(value: str, limit: int) -> str:
    """Return ``value`` on one line: line breaks and controls become single spaces, cut at ``limit``.

    Marks that turn the reading direction go too: they make a name read as another.
    """
    flat = _BREAKS.sub(" ", value[: 4 * limit])
    flat = _DIRECTION.sub("", _SURROGATES.sub("\ufffd", flat))
    return unicodedata.normalize("NFC", flat).strip()[:limit]
