"""The text a person wrote: the best of a mail's parts, readable, and which parts are attachments."""

from dataclasses import dataclass, field

from channels.mail import charset, clean, html, quotes
from channels.mail.flowed import unflow
from channels.mail.headers import ContentType
from channels.mail.mime import Part

READ_LIMIT = 4_000_000  # bytes as sent, of each kind; TEXT_LIMIT characters are kept of them
PAGE_LIMIT = 1_000_000  # characters of HTML without long tags; the worst nesting takes a second
_STUB = 80  # characters: a plain part as short may only say that there is an HTML part
_RICHER = 4
_MOST_GUESSES = (
    5  # texts of unknown charset that are examined, at a few hundredths of a second each
)
_TEXTS = {"text/plain", "text/html", "text/enriched", "text/x-unknown"}
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

    texts: list[tuple[str, str]] = field(default_factory=list)  # "plain" or "html", marked text
    nested: list["Body"] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    forwarded: bool = False
    truncated: bool = False

    @property
    def text(self) -> str:
        """The mail's own text, parts in order, an HTML copy of a plain part left out."""
        return quotes.unmarked(self.marked)

    @property
    def marked(self) -> str:
        """The same, and where quotations begin and end; see `quotes`."""
        said: list[str] = []
        squeezed = ""
        for kind, text in self.texts:
            words = quotes.unmarked(text)
            words = "".join(words.split()) if len(self.texts) > 1 else words.strip()
            if words and not (kind == "html" and words in squeezed):
                said.append(text.strip("\n").rstrip())
                squeezed += words
        return "\n\n".join(said)

    def take(self, other: "Body", *, text: bool) -> None:
        """Add what ``other`` carries, and its text if ``text``."""
        self.texts += other.texts if text else []
        self.nested += other.nested
        self.attachments += other.attachments
        self.forwarded |= other.forwarded
        self.truncated |= other.truncated


def read_body(root: Part) -> Body:
    """Read a mail's text and list its attachments. Limits hold for the mail, not for each part."""
    return _Reader().read(root)


class _Reader:
    """Walks the parts, at most mime.MAX_DEPTH levels, with what is left of the mail's limits."""

    def __init__(self) -> None:
        self._left = {"plain": READ_LIMIT, "html": READ_LIMIT}
        self._page_left = PAGE_LIMIT
        self._guesses = _MOST_GUESSES

    def read(self, part: Part) -> Body:
        if part.is_message:
            return self._attached_message(part)
        if not part.children:
            return self._leaf(part)
        if part.type.full == "multipart/alternative":
            return _alternatives([self.read(child) for child in part.children])
        if part.type.full == "multipart/report":
            return self._report(part)
        body = Body()
        for child in part.children:
            body.take(self.read(child), text=True)
        return body

    def _report(self, part: Part) -> Body:
        """RFC 6522: words for people first, whatever their label; a mail that comes back is no text."""
        first, *others = part.children
        silent = first.type.full in _NOT_FOR_PEOPLE
        body = self._text(first, "plain") if silent else self.read(first)
        for child in others:
            if child.is_message:
                body.attachments.append(child)
            else:
                body.take(self.read(child), text=True)
        return body

    def _attached_message(self, part: Part) -> Body:
        body = Body(attachments=[part], forwarded=bool(part.children))
        for child in part.children:
            inner = self.read(child)
            body.nested.append(Body(texts=inner.texts))
            body.take(inner, text=False)
        return body

    def _leaf(self, part: Part) -> Body:
        kind = part.type
        if kind.full in _NOT_FOR_PEOPLE and not kind.filename:
            return Body()
        if kind.disposition == "attachment" or kind.filename or not _is_text(kind):
            return Body(attachments=[part] if part.size or kind.filename else [])
        return self._text(part, "html" if kind.full == "text/html" else "plain")

    def _text(self, part: Part, kind: str) -> Body:
        text = clean.text(self._decoded(part, kind))
        cut = part.size > self._left[kind]
        self._left[kind] = max(0, self._left[kind] - part.size)
        if kind == "html":
            page = html.slim(text)
            cut |= len(page) > self._page_left
            text = clean.text(html.to_text(quotes.marked(page[: self._page_left])))
            self._page_left = max(0, self._page_left - len(page))
        cut |= len(text) > clean.TEXT_LIMIT
        text = text[: clean.TEXT_LIMIT]
        if kind == "plain" and part.type.flowed:
            text = unflow(text, delete_space=part.type.delete_space)
        return Body(texts=[(kind, text)], truncated=cut)

    def _decoded(self, part: Part, kind: str) -> str:
        data = part.decoded(self._left[kind])
        self._guesses -= not data.isascii()
        return charset.decode(data, part.type.charset, guess=self._guesses >= 0)


def _is_text(kind: ContentType) -> bool:
    """Containers that could not be taken apart are read as text: their words are still there."""
    return kind.full in _TEXTS or kind.main == "multipart"


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
