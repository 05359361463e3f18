"""HTML to readable text, by resiliparse, kept from what makes its tree builder quadratic."""

import re
from collections.abc import Iterator

from resiliparse.extract.html2text import extract_plain_text

_LONG_TAG = 4_096  # characters
_MOST_LISTS = 40
_MOST_TAGS = 15_000
# The attribute grammar of the HTML standard's tokeniser (section 13.2.5.33 on), so that nothing can
# hide in quotes; possessive, hence linear.
_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"'][^\s>]*+)?+)?+"
_TAG = re.compile(
    r"<(?:(?P<root>html|body)(?=[\s/>])|(?P<list>[ou]l|menu|dir)(?=[\s/>])|/?[a-z][^\s/>]*+)"
    rf"(?:[\s/]++|{_ATTRIBUTE})*+>?+",
    re.IGNORECASE,
)


def slim(html: str) -> str:
    """Leave out tags that hold no words but much else: pictures as data, floods of attributes, lists."""
    return html if len(html) <= _LONG_TAG else "".join(_without_long_tags(html))


def to_text(html: str) -> str:
    """Return the visible words of a page or fragment: paragraphs, lists and line breaks kept."""
    text: str = extract_plain_text(html, preserve_formatting=True, alt_texts=False)
    return text.replace("\u00a0", " ")


def _without_long_tags(html: str) -> Iterator[str]:
    """Attributes of one tag cost the square of their number; those of all <body> tags are merged.

    Every line is indented by the lists it stands in, however deep: later ones are not lists here.
    End tags cost the depth they stand at; the words behind so many tags need none of them.
    """
    place = roots = lists = 0
    for count, tag in enumerate(_TAG.finditer(html)):
        size = tag.end() - tag.start()
        roots += size if tag["root"] else 0
        lists += tag["list"] is not None
        flood = (tag["root"] and roots > _LONG_TAG) or (tag["list"] and lists > _MOST_LISTS)
        if flood or size > _LONG_TAG or count > _MOST_TAGS:
            yield html[place : tag.start()]
            place = tag.end()
    yield html[place:]
