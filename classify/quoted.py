"""Quoted mail and signatures are not the complaint: they are blanked, so that offsets stay."""

import re

_HEADER = re.compile(
    r"^[ \t]*(?:(?:Pada|On|El|Le)\b[^\n]{0,200}\b(?:menulis|wrote)[ \t]*:|-{2,}[ \t]*"
    r"(?:Original Message|Pesan Asli|Forwarded message|Pesan Terusan)\b[^\n]*)[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_QUOTED_LINE = re.compile(r"^[ \t]*>[^\n]*", re.MULTILINE)
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


def without_quoted(text: str) -> str:
    """The text with quoted lines and what follows a signature mark as spaces; same length.

    A text of nothing but quotation is left as it is: then the quotation is what was said.
    """
    if "\n" not in text or not (">" in text or "--" in text or ":" in text):
        return text
    kept = _QUOTED_LINE.sub(_blank, text)
    for mark in (_SIGNATURE.search(kept), _HEADER.search(kept)):
        if mark and kept[: mark.start()].strip():
            kept = kept[: mark.start()] + " " * (len(kept) - mark.start())
    return kept if kept.strip() else text


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())
