"""What the sender wrote just now, without quoted mails and signatures. For display and classifying only.

No regular expression here looks at more than one bounded line, so the time is linear in the text.
A forwarded mail is kept: it is what the sender wants read.
"""

import re
from collections.abc import Iterator

from channels.mail import footer

# How any line begins that this module looks for; nearly all lines do not.
_MAY_BE_MARK = re.compile(
    r"[->*_]|\d{4}-|pada|on |le |am |from|dari|begin|awal|mulai", re.IGNORECASE
)
_WIDTH = 300  # characters of a line that are looked at
_ON = ("pada ", "on ", "le ", "am ")
_WROTE = ("menulis:", "wrote:", "menulis :", "wrote :", "tulis:", "a écrit :", "schrieb:")
_ATTRIBUTION_LINES = 4
_MOMENT = re.compile(r"\d{1,2}[:.]\d{2}|\b(?:19|20)\d\d\b|@")
_BARE_ATTRIBUTION = re.compile(r"\d{4}-\d\d-\d\d \d[^<]{0,200}<[^<>\s]{3,100}>:")
_TIME = re.compile(r"(?<![\d.])\d{1,2}[:.]\d{2}(?!\.?\d)")
_FORWARD = re.compile(
    r"-{2,} ?(forwarded message|original message forwarded|pesan terusan|pesan yang diteruskan"
    r"|pesan diteruskan) ?-{2,}|begin forwarded message:|awal pesan (yang )?diteruskan:"
    r"|mulai pesan (yang )?diteruskan:",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"-{2,} ?(original message|original appointment|pesan asli) ?-{2,}", re.IGNORECASE
)
_FIELD = re.compile(
    r"[*_ ]{0,3}(?:(?P<sender>dari|from)|(?P<when>dikirim|sent|tanggal|date)"
    r"|(?P<to>kepada|ke|untuk|to|cc)|(?P<about>subjek|perihal|hal|subject|judul))[*_ ]{0,3}:",
    re.IGNORECASE,
)
_FIELD_LINES = 7
_MOST_FIELD_LINES = 12
_MORE_THAN = re.compile(r"> ?(?:Rp\.? ?)?\d")
_DEVICE = re.compile(
    r"(?:dikirim (?:dari|melalui|menggunakan|lewat)|sent (?:from|via|with)|terkirim dari"
    r"|get|dapatkan) (?:my |the )?(?:aplikasi )?(?:iphone|ipad|android|samsung|xiaomi|redmi|oppo|vivo|realme|huawei"
    r"|nokia|blackberry|hp |ponsel|telepon|smartphone|perangkat|yahoo|outlook|gmail|mail |email |"
    r"mobile|proton|zoho|galaxy|windows)",
    re.IGNORECASE,
)
_DEVICE_LINE = 120
_SIGNATURE_LINES = 12  # a longer rest after a bare "--" is text, not a signature


def own_words(text: str, *, forwarded: bool = False) -> tuple[str, bool]:
    """Return ``text`` without quoted mails and signature, and whether it holds a forwarded mail.

    With ``forwarded`` (a subject that says so) a copied mail without a marker counts as forwarded.
    Where nothing else is left the whole text is returned.
    """
    head, rest = _parts(text.split("\n"), forwarded=forwarded)
    words = _unsigned(head)
    if rest is not None:
        words += "\n\n" + _unsigned(_parts(_without_fields(rest))[0])
    return words.strip() or text.strip(), rest is not None


def reply_words(text: str) -> str:
    """Return what was typed into an answer: nothing quoted, nothing forwarded, no signature, no legal footer.

    Empty where nothing is left.
    """
    lines = list(_without_attributions(text.split("\n")))
    return footer.without(_unsigned(_parts(lines)[0]))


def _without_attributions(lines: list[str]) -> Iterator[str]:
    """The lines but for those that only say who wrote when, whatever they begin with.

    What follows one that names an address is quoted, with marks or without.
    """
    for place, line in enumerate(lines):
        row = line.strip()[-_WIDTH:]
        whole = row.count("<") == row.count(">")  # else it began in the line before
        if not (whole and row.lower().endswith(_WROTE) and _MOMENT.search(row)):
            yield line
        elif not _next_is_quoted(lines, place + 1):
            if "@" in row:
                return
            yield line


def _parts(lines: list[str], *, forwarded: bool = False) -> tuple[list[str], list[str] | None]:
    """Lines of the sender's own, and those of a forwarded mail or None."""
    own: list[str] = []
    place = 0
    while place < len(lines):
        row = lines[place].strip()[:_WIDTH]
        length = 1
        if not _MAY_BE_MARK.match(row):
            own.append(lines[place])
        elif row.startswith(">"):
            own += [] if _is_quoted(lines, place) else [lines[place]]
        elif _FORWARD.match(row):
            return own, lines[place + 1 :]
        elif _starts_copy(lines, place):
            return own, lines[place:] if forwarded else None
        elif length := _attribution(lines, place):
            if not _next_is_quoted(lines, place + length):
                return own, None
        else:
            own.append(lines[place])
        place += max(length, 1)
    return own, None


def _starts_copy(lines: list[str], place: int) -> bool:
    row = lines[place].strip()[:_WIDTH]
    if _ORIGINAL.match(row):
        return True
    found = _FIELD.match(row)
    return bool(found and found["sender"]) and _is_field_block(lines[place : place + _FIELD_LINES])


def _is_field_block(lines: list[str]) -> bool:
    """A copied header, not an official letter's own "Dari, Kepada, Perihal": it tells the time."""
    rows = [row.strip()[:_WIDTH] for row in lines]
    found = [(match.lastgroup, row) for row in rows if (match := _FIELD.match(row))]
    kinds = {kind for kind, _ in found}
    dated = any(kind == "when" and _TIME.search(row) for kind, row in found)
    return dated and len(kinds) >= len(("sender", "when", "to or about"))


def _attribution(lines: list[str], place: int) -> int:
    """Number of lines of "Pada ... menulis:" starting here, or 0."""
    if _BARE_ATTRIBUTION.fullmatch(lines[place].strip()[:_WIDTH]):
        return 1
    if not lines[place].lstrip()[:5].lower().startswith(_ON):
        return 0
    for count, row in enumerate(_rows(lines, place, _ATTRIBUTION_LINES), start=1):
        if not row:
            return 0
        if row.lower().endswith(_WROTE):
            said = " ".join(_rows(lines, place, count))
            return count if _MOMENT.search(said) else 0
    return 0


def _rows(lines: list[str], place: int, count: int) -> Iterator[str]:
    for row in lines[place : place + count]:
        yield row.strip()[-_WIDTH:]


def _without_fields(lines: list[str]) -> list[str]:
    """A forwarded mail without the header copied above it."""
    place = 0
    while place < min(len(lines), _MOST_FIELD_LINES) and _is_field(lines[place].strip()[:_WIDTH]):
        place += 1
    return lines[place:]


def _is_field(row: str) -> bool:
    return not row or bool(_FIELD.match(row) or _ORIGINAL.match(row))


def _is_quoted(lines: list[str], place: int) -> bool:
    """A line with the mark of quoting, unless it stands alone and says "more than"."""
    row = lines[place].lstrip()
    if not _MORE_THAN.match(row):
        return row.startswith(">")
    neighbours = lines[max(place - 1, 0) : place] + lines[place + 1 : place + 2]
    return any(near.lstrip()[:1] == ">" for near in neighbours)


def _next_is_quoted(lines: list[str], place: int) -> bool:
    following = (row.lstrip() for row in lines[place : place + 3])
    return next((row.startswith(">") for row in following if row), False)


def _unsigned(lines: list[str]) -> str:
    kept: list[str] = []
    last = _last_lines(lines)
    for place, row in enumerate(lines):
        if row == "-- " or (row.rstrip() == "--" and place >= last):
            break
        if len(row) > _DEVICE_LINE or not _DEVICE.match(row.strip()):
            kept.append(row)
    return "\n".join(kept).strip()


def _last_lines(lines: list[str]) -> int:
    """Place from which at most _SIGNATURE_LINES lines with text follow."""
    spoken = 0
    for place in range(len(lines) - 1, -1, -1):
        spoken += bool(lines[place].strip())
        if spoken > _SIGNATURE_LINES:
            return place
    return 0
