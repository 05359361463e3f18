"""The text a person wrote: the best of a mail's parts, readable, and which parts are attachments."""

from dataclasses import dataclass, field

from resiliparse.extract.html2text import extract_plain_text

from channels.mail import charset, clean
from channels.mail.flowed import unflow
from channels.mail.mime import Part

PLAIN_LIMIT = 4_000_000  # bytes as sent; TEXT_LIMIT characters are kept of it
HTML_LIMIT = 3_000_000  # the densest nesting of this size takes a second
_STUB = 80  # characters: a plain part as short may only say that there is an HTML part
_RICHER = 4
# Parts of a delivery report that speak to programs, and copies of the text for other readers.
_NOT_FOR_PEOPLE = {
    "message/delivery-status",
    "message/global-delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "text/x-amp-html",
    "text/watch-html",
}


@dataclass(slots=True)
class Body:
    """What a mail says and carries. ``nested`` is the text of mails attached to it."""

    texts: list[tuple[str, str]] = field(default_factory=list)  # "plain" or "html", text
    nested: list["Body"] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    forwarded: bool = False
    truncated: bool = False

    @property
    def text(self) -> str:
        """The mail's own text, parts in order, an HTML copy of a plain part left out."""
        said: list[str] = []
        for kind, text in self.texts:
            if text.strip() and not (kind == "html" and _contains(said, text)):
                said.append(text.strip("\n").rstrip())
        return "\n\n".join(said)

    def take(self, other: "Body", *, text: bool) -> None:
        """Add what ``other`` carries, and its text if ``text``."""
        self.texts += other.texts if text else []
        self.nested += other.nested
        self.attachments += other.attachments
        self.forwarded |= other.forwarded
        self.truncated |= other.truncated


def read_body(part: Part) -> Body:
    """Read a part and all below it (at most mime.MAX_DEPTH levels)."""
    if part.is_message:
        return _attached_message(part)
    if not part.children:
        return _leaf(part)
    if part.type.full == "multipart/alternative":
        return _alternatives([read_body(child) for child in part.children])
    body = Body()
    for place, child in enumerate(part.children):
        if part.type.full == "multipart/report" and place and child.is_message:
            body.attachments.append(child)  # our own mail coming back is nobody's complaint
        else:
            body.take(read_body(child), text=True)
    return body


def html_to_text(html: str) -> str:
    """Readable text of an HTML page or fragment: paragraphs, lists and line breaks kept."""
    text: str = extract_plain_text(html, preserve_formatting=True, alt_texts=False)
    return text.replace("\u00a0", " ")


def _attached_message(part: Part) -> Body:
    body = Body(attachments=[part], forwarded=bool(part.children))
    for child in part.children:
        inner = read_body(child)
        body.take(inner, text=False)
        body.nested.insert(0, Body(texts=inner.texts))
    return body


def _alternatives(bodies: list[Body]) -> Body:
    whole = Body()
    best = _best(bodies)
    for body in bodies:
        whole.take(body, text=body is best)
    return whole


def _best(bodies: list[Body]) -> Body | None:
    spoken = [body for body in bodies if body.text.strip()]
    plain = next((body for body in spoken if body.texts[0][0] == "plain"), None)
    if plain is None or len(plain.text) > _STUB:
        return plain or (spoken[-1] if spoken else None)
    longest = max(spoken, key=lambda body: len(body.text))
    return longest if len(longest.text) > _RICHER * len(plain.text) else plain


def _leaf(part: Part) -> Body:
    kind = part.type
    if kind.full in _NOT_FOR_PEOPLE and not kind.filename:
        return Body()
    if kind.disposition == "attachment" or kind.filename or not _is_text(part):
        return Body(attachments=[part] if part.size or kind.filename else [])
    if kind.full == "text/html":
        html = clean.text(_decoded(part, HTML_LIMIT))
        return _body("html", clean.text(html_to_text(html)), part.size > HTML_LIMIT)
    text = clean.text(_decoded(part, PLAIN_LIMIT))
    if kind.flowed:
        text = unflow(text, delete_space=kind.delete_space)
    return _body("plain", text, part.size > PLAIN_LIMIT)


def _is_text(part: Part) -> bool:
    """Containers that could not be taken apart are read as text: their words are still there."""
    broken = part.type.main == "multipart"
    return (
        part.type.full in ("text/plain", "text/html", "text/enriched", "text/x-unknown") or broken
    )


def _body(kind: str, text: str, truncated: bool) -> Body:
    return Body(texts=[(kind, text[: clean.TEXT_LIMIT])], truncated=truncated)


def _decoded(part: Part, limit: int) -> str:
    return charset.decode(part.decoded(limit), part.type.charset)


def _contains(said: list[str], text: str) -> bool:
    words = "".join(text.split())
    return any(words in "".join(earlier.split()) for earlier in said)
