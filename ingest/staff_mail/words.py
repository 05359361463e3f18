"""What of a reply is the person's own message: without how they sign, and whether it can be trusted to be that.

Pure, and linear in the text: only the last lines are looked at for a signature, every line once for what
is surely not meant for a complainant.
"""

import re
from collections.abc import Iterable

_LAST = 10  # lines a signature may have, counted with words
_WIDTH = 200  # characters of a line that are looked at
_CLOSING = re.compile(
    r"(?:hormat (?:kami|saya)|salam(?: hormat| hangat)?|dengan hormat|terima kasih|terimakasih|suksma"
    r"|om santih?(?: santih?)* om|wassalam\w*|(?:best |kind |warm )?regards|sincerely|thanks|thank you"
    r"|yours (?:truly|sincerely|faithfully))(?: (?:kami|saya|banyak|sebelumnya|,))*[\s,.!]*",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"(?:\+62|\b0)[\d ().-]{7,}|[\w.+-]+@[\w-]+\.\w|\bNIP\b|\bwww\.|https?://", re.IGNORECASE
)
_NAME_PART = 3  # letters: shorter ones are titles and initials
_ABSENT = re.compile(
    r"\b(?:sedang (?:cuti|dinas luar|di luar kantor|tidak di (?:kantor|tempat)|perjalanan dinas)"
    r"|out of (?:the )?office|on (?:annual )?leave|(?:balasan|jawaban) otomatis|auto(?:matic)?[- ]reply"
    r"|will (?:reply|respond) (?:when|upon)|(?:email|surel|surat|pesan) anda (?:telah|sudah) (?:kami|saya) terima)",
    re.IGNORECASE,
)
_COURTESY = frozenset(
    """
    terima kasih terimakasih makasih trims trimakasih tks thx suksma matur tiang banyak sebelumnya infonya
    informasinya atas baik baiklah siap ok oke okay oce ya iya yes sip setuju noted diterima mantap laksanakan
    dilaksanakan pak bu bapak ibu bli mbok gus kak mas mbak thanks thank you for the info received nggih inggih
    """.split()  # noqa: SIM905 - a list of words reads better as words
)
_ABSENT_WITHIN = 1_000  # characters: a longer reply is no automatic one


def unsigned(words: str, name: str) -> str:
    """Return a reply without the signature at its end, known by a closing formula and the person's name.

    Without the formula, a signature stands apart, begins with the name and has an address or number below.
    The office signs its answers itself.
    """
    lines = words.rstrip().split("\n")
    names = {part.casefold() for part in re.findall(r"[^\W\d_]+", name) if len(part) >= _NAME_PART}
    for place in _last_places(lines):
        apart = not lines[place - 1].strip()
        if _signs(lines[place:], names, apart=apart):
            return "\n".join(lines[:place]).rstrip()
    return words.rstrip()


def _last_places(lines: list[str]) -> Iterable[int]:
    """Places of the last lines with words, the earliest first; the first line of all never signs."""
    spoken = [
        place for place in range(max(1, len(lines) - 3 * _LAST), len(lines)) if lines[place].strip()
    ]
    return spoken[-_LAST:]


def _signs(lines: list[str], names: set[str], *, apart: bool) -> bool:
    first, *rest = (line.strip()[:_WIDTH] for line in lines)
    reachable = any(map(_CONTACT.search, rest))
    if _CLOSING.fullmatch(first):
        return reachable or any(_is_name(line, names) for line in rest)
    return apart and reachable and _is_name(first, names)


def _is_name(line: str, names: set[str]) -> bool:
    """A line that is the person's name and nothing else but titles, which are short."""
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", line)}
    return bool(words & names) and all(word in names or len(word) <= _NAME_PART for word in words)


def seems_automatic(words: str) -> bool:
    """Whether a reply tells that somebody is away, as a program would that does not say it is one."""
    return len(words) <= _ABSENT_WITHIN and bool(_ABSENT.search(words))


def only_courtesy(words: str) -> bool:
    """Whether a reply only thanks, agrees, or is a sign such as a raised thumb: hardly a complaint's answer."""
    said = re.findall(r"[^\W_]+", words[:_WIDTH].casefold())
    return len(words.strip()) < _WIDTH and all(word in _COURTESY for word in said)


def quotes_us(words: str, marks: Iterable[str]) -> bool:
    """Whether something of our notice is left in a reply: one of its ``marks`` at a line's beginning.

    Then the reply was quoted in a way that was not recognised; it names rules, readers and the like.
    """
    starts = tuple(" ".join(mark.split()).casefold() for mark in marks)
    for line in words.split("\n"):
        row = " ".join(line[:_WIDTH].split()).casefold().lstrip(">|*_ ")
        if row.startswith(starts):
            return True
    return False
