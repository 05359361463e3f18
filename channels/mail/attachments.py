"""Attached files: what they are called and what they are, never opened."""

import hashlib
import re
from collections.abc import Iterator

from channels.mail import clean, mime
from channels.mail.headers import decode_words
from channels.mail.mime import Part
from channels.mail.text import read_body
from channels.types import Attachment

_LETTERHEAD = 50_000  # bytes; photographs are larger
NAME_BYTES = 200  # below the 255 bytes most file systems allow, with room for a prefix
_FORBIDDEN = re.compile(r'[<>:"|?*\x00]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def describe(part: Part) -> Attachment:
    """Name, type, size in bytes and SHA-256 of a part's decoded content."""
    data = part.decoded()
    return Attachment(
        filename=safe_name(part.type.filename),
        content_type=clean.line(part.type.full, clean.NAME_LIMIT),
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def contents(raw: bytes) -> Iterator[tuple[Attachment, bytes]]:
    """Yield the files a raw mail carries, with their decoded content: those meant as files.

    A small picture that stands within the text is the sender's letterhead.
    """
    for part in read_body(mime.parse(raw)).attachments:
        about = describe(part)
        drawn = about.content_type.startswith("image/") and part.type.disposition != "attachment"
        if about.filename and not (drawn and about.size < _LETTERHEAD):
            yield about, part.decoded()


def safe_name(name: str) -> str:
    """Return a name that names a file in whatever folder it is put, or "" where there is none.

    Folders, drive letters, device names, leading dots and characters Windows refuses are taken out.
    """
    name = clean.line(decode_words(name), clean.SUBJECT_LIMIT)
    name = re.split(r"[/\\]", name.rstrip("/\\"))[-1]
    name = _FORBIDDEN.sub("_", name).lstrip(". ").rstrip(". ")
    if _DEVICE.match(name):
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    """Cut a long name in its stem: the ending says what the file is."""
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    ending = f"{dot}{ending}"[:20] if dot else ""
    room = NAME_BYTES - len(ending.encode())
    return (stem or name).encode()[:room].decode("utf-8", "ignore") + ending
