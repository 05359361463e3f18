"""What closes a mail without being said to anybody: a legal footer, the line above a quoted mail."""

import re

_LAST = 20  # lines with words in which a footer may begin
_WIDTH = 300  # characters of a line that are looked at
_LINES = 6  # that are read together to know a footer
_DRAWN = r"[-_=*~\u2010-\u2015\u2500]{4,}"
_RULE = re.compile(rf"{_DRAWN}(?: ?\w{{1,20}} ?{_DRAWN})?")
_BEGINS = re.compile(
    r"(?:\W{0,4})(?:disclaimer|penafian|pernyataan|pemberitahuan|peringatan|perhatian|notice|confidential"
    r"|rahasia|(?:e-?mail|surel|surat elektronik|pesan|surat|komunikasi) (?:ini|berikut)"
    r"|informasi (?:yang|dalam|pada)|isi (?:e-?mail|surel|pesan) ini"
    r"|the information|this (?:e-?mail|message|communication|transmission))",
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"penerima yang (?:dituju|dimaksud|berhak)|bukan penerima|bukan (?:orang|pihak) yang dituju"
    r"|hanya (?:di)?(?:tujukan|peruntukkan)|hanya untuk penerima|bersifat rahasia|dilarang (?:keras )?menyebar"
    r"|intended (?:recipient|solely|only)|(?:is|are|be) confidential|confidential (?:and|or|information)"
    r"|privileged|strictly prohibited",
    re.IGNORECASE,
)


def without(text: str) -> str:
    """Return a mail's own words without the legal footer at their end, and without a line drawn there.

    A footer is known by how it begins and by a lawyer's phrase in its first lines; it goes to the end.
    """
    lines = text.split("\n")
    start = _first_of_last(lines)
    for place in range(start, len(lines)):
        if _is_footer(lines, place):
            lines = lines[:place]
            break
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1].strip()[:_WIDTH])):
        lines.pop()
    return "\n".join(lines).strip()


def _is_footer(lines: list[str], place: int) -> bool:
    row = lines[place].strip()[:_WIDTH]
    if not _BEGINS.match(row) or (place and lines[place - 1].strip() and not _drawn(lines, place)):
        return False
    said = " ".join(line.strip()[:_WIDTH] for line in lines[place : place + _LINES])
    return bool(_LEGAL.search(said))


def _drawn(lines: list[str], place: int) -> bool:
    return bool(_RULE.fullmatch(lines[place - 1].strip()[:_WIDTH]))


def _first_of_last(lines: list[str]) -> int:
    spoken = 0
    for place in range(len(lines) - 1, -1, -1):
        spoken += bool(lines[place].strip())
        if spoken >= _LAST:
            return place
    return 0
