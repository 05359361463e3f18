"""HTML to readable text, by resiliparse, kept from what makes its tree builder quadratic."""

import re
from collections.abc import Iterator

from resiliparse.extract.html2text import extract_plain_text

_LONG_TAG = 4_096  # characters
# The attribute grammar of the HTML standard's tokeniser (section 13.2.5.33 on), so that nothing can
# hide in quotes; possessive, hence linear.
_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"'][^\s>]*+)?+)?+"
_TAG = re.compile(
    rf"<(?:(?P<root>(?:html|body)(?=[\s/>]))|[a-z][^\s/>]*+)(?:[\s/]++|{_ATTRIBUTE})*+>?+",
    re.IGNORECASE,
)


def slim(html: str) -> str:
    """Leave out tags that hold no words but much else: pictures as data, floods of attributes."""
    return html if len(html) <= _LONG_TAG else "".join(_without_long_tags(html))


def to_text(html: str) -> str:
    """Return the visible words of a page or fragment: paragraphs, lists and line breaks kept."""
    text: str = extract_plain_text(html, preserve_formatting=True, alt_texts=False)
    return text.replace("\u00a0", " ")


def _without_long_tags(html: str) -> Iterator[str]:
    """Attributes of one tag cost the square of their number; those of all <body> tags are merged."""
    place = roots = 0
    for tag in _TAG.finditer(html):
        size = tag.end() - tag.start()
        roots += size if tag["root"] else 0
        if size > _LONG_TAG or (tag["root"] and roots > _LONG_TAG):
            yield html[place : tag.start()]
            place = tag.end()
    yield html[place:]
