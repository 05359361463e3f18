"""Quotations in HTML, kept through its way to text: mail programs mark them with <blockquote>.

Two private characters stand for where one begins and ends. They are put in before a page becomes text,
and taken out of what people and the classifier read; for what was typed into a reply they become the
"> " of plain mails. Where a page does not close a quotation, it goes on to the end.
"""

import re
from collections.abc import Iterator

_BEGINS, _ENDS = "\ue000", "\ue001"
_MARKS = re.compile(f"[{_BEGINS}{_ENDS}]")
_TAG = re.compile(r"<(?P<end>/?)blockquote(?P<attributes>(?=[\s/>])[^<>]{0,2000}|)>", re.IGNORECASE)
# Gmail, Proton; Apple Mail, Thunderbird; Yahoo. A bare <blockquote> may be no quotation of a mail.
_OF_MAIL = re.compile(
    r"(?:\bclass\s*=\s*[\"']?[^\"'>]{0,200}_quote|\btype\s*=\s*[\"']?cite|\bcite\s*=)",
    re.IGNORECASE,
)


def marked(page: str) -> str:
    """Return HTML whose quotations are marked."""
    return "".join(_pieces(_MARKS.sub("", page)))


def unmarked(text: str) -> str:
    """Return a text as if nothing had been marked."""
    if not _MARKS.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(_MARKS.sub("", line) for line in lines if _MARKS.sub("", line) or not line)


def quoted(text: str) -> str:
    """Return a marked text with "> " before every line that is quoted."""
    return "\n".join(_quoted(text.split("\n"))) if _MARKS.search(text) else text


def _pieces(page: str) -> Iterator[str]:
    """A plain block within a quotation must not end it: each end is that of the last one begun."""
    place, begun = 0, []
    for tag in _TAG.finditer(page):
        yield page[place : tag.start()]
        place = tag.end()
        if not tag["end"]:
            begun.append(bool(_OF_MAIL.search(tag["attributes"])))
            yield tag[0] + (_BEGINS if begun[-1] else "")
        else:
            yield (_ENDS if begun and begun.pop() else "") + tag[0]
    yield page[place:]


def _quoted(lines: list[str]) -> Iterator[str]:
    depth = 0
    for line in lines:
        words = _MARKS.sub("", line)
        inside = depth > 0 or line.lstrip().startswith(_BEGINS)
        depth = max(0, depth + line.count(_BEGINS) - line.count(_ENDS))
        if words or not line:
            yield f"> {words}" if inside else words
