"""Fields of a mail's header: unfolded, decoded, bounded."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from email.message import Message as StdlibMessage
from itertools import islice

from channels.mail import charset, clean
from channels.mail.transfer import decode_base64, decode_quoted_printable

MAX_FIELDS = 10_000
MAX_REPEATS = 100
MAX_VALUE = 64 * 1024  # bytes kept of one field
MAX_IDS = 200
_PARAMETER_VALUE = 4_096
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^\n]{0,1000}?)\?=")
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,990})>")
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


class Headers:
    """The fields of one entity, by lower-case name, in order. Values are raw until asked for."""

    __slots__ = ("_fields", "_order")

    def __init__(self) -> None:
        self._fields: dict[str, list[bytes]] = {}
        self._order: list[str] = []

    def add(self, name: bytes, value: bytes) -> None:
        """Keep one field; what is beyond the limits above is not kept."""
        if len(self._order) < MAX_FIELDS:
            field = name.decode("ascii").lower()
            self._order.append(field)
            values = self._fields.setdefault(field, [])
            if len(values) < MAX_REPEATS:
                values.append(value[:MAX_VALUE])

    def __contains__(self, name: str) -> bool:
        return name in self._fields

    def names(self) -> Iterable[str]:
        """Every field name, lower case, once."""
        return self._fields.keys()

    def all(self, name: str) -> list[str]:
        """Every value of a field, unfolded, 8-bit bytes decoded, encoded words left alone."""
        return [_unfold(value) for value in self._fields.get(name, ())]

    def first(self, name: str) -> str:
        """The first value of a field, or an empty string."""
        values = self._fields.get(name)
        return _unfold(values[0]) if values else ""

    def runs(self, name: str, beside: Callable[[str], bool]) -> list[list[str]]:
        """Every value of a field, as `all` gives them, in runs: only fields ``beside`` break none."""
        values = iter(self.all(name))
        runs: list[list[str]] = [[]]
        for field in self._order:
            if field == name:
                runs[-1] += islice(values, 1)
            elif runs[-1] and not beside(field):
                runs.append([])
        return [run for run in runs if run]

    def token(self, name: str) -> str:
        """The first value in lower case up to a semicolon or comment: for keywords."""
        return re.split(r"[;(\s]", self.first(name).strip().strip('"'), maxsplit=1)[0].lower()


def _unfold(value: bytes) -> str:
    text = charset.decode(value) if not value.isascii() else value.decode("ascii")
    return _FOLD.sub("", text).strip(" \t\r\n")


def decode_words(value: str) -> str:
    """Return ``value`` with RFC 2047 encoded words read, in quotes and inside words too.

    Neighbours in one charset are decoded together, because senders cut characters in two.
    """
    if "=?" not in value:
        return value
    out: list[str] = []
    pending, label, place = b"", "", 0
    for word in _ENCODED_WORD.finditer(value):
        between = value[place : word.start()]
        place = word.end()
        name = word[1].partition("*")[0].lower()
        if pending and (between.strip() or name != label):
            out.append(charset.decode(pending, label))
            pending = b""
        if between.strip() or not (out or pending):
            out.append(between)
        pending, label = pending + _word_bytes(word[2], word[3]), name
    return "".join([*out, charset.decode(pending, label), value[place:]])


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding in "bB":
        return decode_base64(data)
    return decode_quoted_printable(data.replace(b"_", b" "))


def message_ids(values: list[str]) -> tuple[str, ...]:
    """Message ids in order, once each, in angle brackets whether or not the sender wrote them."""
    ids: dict[str, None] = {}
    for value in values:
        found = _MESSAGE_ID.findall(value) or value.replace("<", " ").replace(">", " ").split()[:1]
        for text in found:
            if len(ids) < MAX_IDS:
                ids[f"<{clean.line(text, clean.SUBJECT_LIMIT)}>"] = None
    return tuple(ids)


@dataclass(frozen=True, slots=True)
class ContentType:
    """Type and disposition of an entity, as its fields say, repaired where they are nonsense."""

    full: str
    charset: str
    boundary: bytes
    filename: str
    disposition: str
    flowed: bool = False
    delete_space: bool = False
    report: str = ""

    @property
    def main(self) -> str:
        """The part before the slash."""
        return self.full.partition("/")[0]


_PLAIN = ContentType("text/plain", "", b"", "", "")


def content_type(headers: Headers, default: str) -> ContentType:
    """Read Content-Type and Content-Disposition with their RFC 2231 parameters."""
    if "content-type" not in headers and "content-disposition" not in headers:
        return _PLAIN if default == "text/plain" else ContentType(default, "", b"", "", "")
    kind = _parameters(headers, "content-type")
    place = _parameters(headers, "content-disposition")
    named = _TYPE.match(headers.first("content-type"))
    return ContentType(
        full=named[0].lower() if named else default,
        charset=kind.get("charset", ""),
        boundary=kind.get("boundary", "").rstrip().encode("utf-8", "replace"),
        filename=place.get("filename") or kind.get("name", ""),
        disposition=headers.token("content-disposition"),
        flowed=kind.get("format", "").lower() == "flowed",
        delete_space=kind.get("delsp", "").lower() == "yes",
        report=kind.get("report-type", "").lower(),
    )


def _parameters(headers: Headers, field: str) -> dict[str, str]:
    value = headers.first(field)[:_PARAMETER_VALUE]
    if ";" not in value:
        return {}
    view = StdlibMessage()
    view[field] = value
    try:
        found = view.get_params([], field)
    except (ValueError, TypeError):  # continuations with absurd numbers, or with and without one
        view.replace_header(field, value.replace("*", "-"))
        found = view.get_params([], field)
    return {name.lower(): _plain(text) for name, text in reversed(found)}


def _plain(value: str | tuple[str | None, str | None, str]) -> str:
    """Undo what is left of RFC 2231: percent escapes come as Latin-1 characters."""
    if isinstance(value, str):
        return value.strip()
    label, _, text = value
    try:
        return charset.decode(text.encode("latin-1"), label or None)
    except UnicodeEncodeError:
        return text
