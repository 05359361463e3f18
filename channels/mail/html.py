"""HTML to readable text, by resiliparse, kept from what makes its tree builder quadratic."""

import re
from collections.abc import Iterator

from resiliparse.extract.html2text import extract_plain_text

_HARMLESS = 4_096  # characters: too small to hold a flood worth looking for
_MOST_ATTRIBUTES = 300
_ROOT_SIZE = 4_096  # characters of all <html> and <body> tags; their attributes are merged
# The attribute grammar of the HTML standard's tokeniser (section 13.2.5.33 on), so that nothing can
# hide in quotes; possessive, hence linear.
_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"'][^\s>]*+)?+)?+"
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_TAG = re.compile(
    rf"<(?:(?P<root>(?:html|body)(?=[\s/>]))|[a-z][^\s/>]*+)(?:[\s/]++|{_ATTRIBUTE})*+>?+",
    re.IGNORECASE,
)


def to_text(html: str) -> str:
    """Return the visible words of a page or fragment: paragraphs, lists and line breaks kept."""
    if len(html) > _HARMLESS:
        html = "".join(_without_floods(html))
    text: str = extract_plain_text(html, preserve_formatting=True, alt_texts=False)
    return text.replace("\u00a0", " ")


def _without_floods(html: str) -> Iterator[str]:
    """Leave out tags with absurdly many attributes, whose number costs its square in time."""
    place = roots = 0
    for tag in _TAG.finditer(html):
        roots += len(tag[0]) if tag["root"] else 0
        if (tag["root"] and roots > _ROOT_SIZE) or _is_flood(tag[0]):
            yield html[place : tag.start()]
            place = tag.end()
    yield html[place:]


def _is_flood(tag: str) -> bool:
    return len(tag) > _MOST_ATTRIBUTES and len(_ATTRIBUTES.findall(tag)) > _MOST_ATTRIBUTES
