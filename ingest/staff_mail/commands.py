"""What a reply of staff asks for. Pure; the one place that knows the words for it.

A command stands at the beginning. Whatever might be one and is not plain, a misspelt word or a line that
begins in capitals with a colon, makes the whole reply unclear: then nothing of it reaches anybody.
Every line is looked at once and only at its beginning, so the time is linear in the text.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from classify.types import Kind, Tier
from store.types import Act

_LOOKED_AT = 120  # characters of a line's beginning
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f"))
_DECORATION = " \t*_#/>\"'\u201c\u201d\u2018\u2019`\u2022-"
_LABEL = re.compile(r"([^\W\d_]+(?:[ /.&-]{1,2}[^\W\d_]+){0,4})[ *_]{0,3}:(?!//)")
_WORD = re.compile(r"[^\W\d_]+")
_LEAST_CAPITALS = 3  # shorter ones are NB:, HP:, WA:, RT:
_LONG_WORD = 7  # letters from which two wrong ones are a misspelling
_SHORT_REPLY = 8  # words: with so few, one that begins with a command's word is meant as one
_NAMES: dict[str, Act] = {
    "catatan": Act.NOTE, "note": Act.NOTE,
    "teruskan": Act.ASSIGN, "disposisi": Act.ASSIGN, "forward": Act.ASSIGN, "assign": Act.ASSIGN,
    "tingkat": Act.TIER, "tier": Act.TIER,
    "selesai": Act.CLOSE, "done": Act.CLOSE, "close": Act.CLOSE,
    "ambil": Act.TAKE, "take": Act.TAKE,
    "batal": Act.CANCEL, "batalkan": Act.CANCEL, "cancel": Act.CANCEL,
    "kirim": Act.SEND, "kirimkan": Act.SEND, "send": Act.SEND,
    "jawab": Act.ANSWER, "jawaban": Act.ANSWER, "answer": Act.ANSWER,
}  # fmt: skip
_ALONE = (Act.CLOSE, Act.TAKE, Act.CANCEL, Act.SEND)
_NEED_WORDS = {Act.NOTE: "empty_note", Act.CLOSE: "no_reason", Act.ANSWER: "empty"}
_KIND_LABELS = ("jenis", "kind")
_TIERS: dict[str, Tier | None] = {
    "1": Tier.RINGAN, "ringan": Tier.RINGAN, "minor": Tier.RINGAN, "light": Tier.RINGAN,
    "2": Tier.NORMATIF, "normatif": Tier.NORMATIF, "bersifat normatif": Tier.NORMATIF,
    "normative": Tier.NORMATIF,
    "3": Tier.TIDAK_BERKADAR, "tidak berkadar": Tier.TIDAK_BERKADAR,
    "tidak berkadar pengawasan": Tier.TIDAK_BERKADAR, "not supervisory": Tier.TIDAK_BERKADAR,
    "4": Tier.BERKADAR, "berkadar": Tier.BERKADAR, "berkadar pengawasan": Tier.BERKADAR,
    "supervisory": Tier.BERKADAR,
    "tanpa": None, "tanpa tingkat": None, "none": None,
}  # fmt: skip
_KINDS: dict[str, Kind] = {
    "pengaduan": Kind.PENGADUAN, "complaint": Kind.PENGADUAN,
    "saran": Kind.SARAN, "suggestion": Kind.SARAN,
    "permintaan informasi": Kind.PERMINTAAN_INFORMASI, "informasi": Kind.PERMINTAAN_INFORMASI,
    "information": Kind.PERMINTAAN_INFORMASI, "information request": Kind.PERMINTAAN_INFORMASI,
    "apresiasi": Kind.APRESIASI, "praise": Kind.APRESIASI,
    "spam": Kind.SPAM,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Command:
    """What is asked for. ``text`` is the answer, the note or the reason; ``explicit``: it was named."""

    act: Act
    text: str = ""
    team: str = ""
    tier: Tier | None = None
    kind: Kind | None = None
    explicit: bool = True


@dataclass(frozen=True, slots=True)
class Unclear:
    """Why a reply is not acted upon, as a code, and the line that made it so."""

    why: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class _Label:
    """The beginning of a line up to its colon, and what follows."""

    words: str
    rest: str

    @property
    def act(self) -> Act | None:
        return _NAMES.get(self.words.casefold())

    @property
    def suspicious(self) -> bool:
        """Whether it might be meant as a command: it is one, nearly one, begins with one, or shouts."""
        letters = [char for char in self.words if char.isalpha()]
        shouts = len(letters) >= _LEAST_CAPITALS and all(map(str.isupper, letters))
        first, *more = _WORD.findall(self.words.casefold())
        return shouts or first in _NAMES or (not more and _resembles(first))


def parse(words: str) -> Command | Unclear:
    """Return what a reply asks for: the person's own words, without quoted mails and signature."""
    lines = words.strip().split("\n")
    if not words.strip():
        return Unclear("empty")
    label, first = _label(lines[0]), _plain(lines[0])
    if label and label.act:
        return _named(label.act, label.rest, lines[1:])
    if (act := _NAMES.get(first.rstrip(" .!").casefold())) is not None:
        return _named(act, "", lines[1:]) if act in _ALONE else Unclear("no_colon", first)
    if (line := next(_doubtful(lines), None)) is not None:
        return Unclear("unknown_word", line)
    if _looks_like_a_command(first, words):
        return Unclear("no_colon", first)
    return Command(Act.ANSWER, words.strip(), explicit=False)


def _named(act: Act, rest: str, lines: list[str]) -> Command | Unclear:
    text = "\n".join((rest, *lines)).strip()
    if act is Act.CANCEL:
        return Command(act)  # there is no time to be asked about the rest
    if act is Act.ANSWER and text:
        return Command(act, text)
    if act is Act.TIER:
        return _tier(rest, lines)
    if (second := next(_commands(lines), None)) is not None:
        return Unclear("several", second)
    if act is Act.ASSIGN:
        return _assign(rest, lines)
    return Command(act, text) if text or act not in _NEED_WORDS else Unclear(_NEED_WORDS[act])


def _assign(rest: str, lines: list[str]) -> Command | Unclear:
    why = "\n".join(lines).strip()
    return (
        Command(Act.ASSIGN, why, team=rest.strip(" .")) if rest.strip(" .") else Unclear("no_team")
    )


def _tier(rest: str, lines: list[str]) -> Command | Unclear:
    """TINGKAT: normatif, JENIS: saran; the kind may stand in a line of its own, other lines say why."""
    wanted, *more = re.split(r"[,;]", rest[:_LOOKED_AT])
    kinds = [part for part in (*more, *lines) if _is_kind(part)]
    why = [part for part in (*more, *lines) if not _is_kind(part)]
    if (second := next(_commands(why), None)) is not None:
        return Unclear("several", second)
    tier, kind = _spoken(wanted), _spoken(_kind_of(kinds[0])) if kinds else ""
    if tier not in _TIERS or (kind and kind not in _KINDS) or len(kinds) > 1:
        return Unclear("no_tier", rest.strip())
    said = "\n".join(why).strip()
    return Command(Act.TIER, said, tier=_TIERS[tier], kind=_KINDS.get(kind))


def _is_kind(part: str) -> bool:
    label = _label(part)
    return label is not None and label.words.casefold() in _KIND_LABELS


def _kind_of(part: str) -> str:
    label = _label(part)
    return label.rest if label else ""


def _spoken(text: str) -> str:
    """Words as they are compared: tidak_berkadar, Tidak  Berkadar. and "tingkat 3" are what they seem."""
    words = " ".join(re.sub(r"[_.\"'*()-]", " ", _plain(text)).casefold().split())
    return words.removeprefix("tingkat ").removeprefix("tier ")


def _label(line: str) -> _Label | None:
    plain = _plain(line)
    found = _LABEL.match(plain[:_LOOKED_AT])
    if found is None:
        return None
    # The rest comes from the line as it was typed: an answer is not to be changed.
    return _Label(found[1], line.partition(":" if ":" in line else "\uff1a")[2].strip(" *_\t"))


def _plain(line: str) -> str:
    seen = unicodedata.normalize("NFKC", line[: 2 * _LOOKED_AT]).translate(_INVISIBLE)
    return seen.lstrip(_DECORATION).rstrip(" *_\t")


def _looks_like_a_command(first: str, words: str) -> bool:
    """A first line that begins with a command's word: in capitals, or where it is about all that is said."""
    found = _WORD.match(first)
    if found is None:
        return False
    word = found[0]
    known = word.casefold() in _NAMES
    short = len(words[: 40 * _SHORT_REPLY].split()) <= _SHORT_REPLY
    shouts = (
        len(word) > _LEAST_CAPITALS and word.isupper() and (known or _resembles(word.casefold()))
    )
    return shouts or (known and short)


def _doubtful(lines: list[str]) -> Iterator[str]:
    for line in lines:
        label = _label(line)
        if label is not None and label.suspicious:
            yield _plain(line)


def _commands(lines: list[str]) -> Iterator[str]:
    """Later lines that are a command themselves: one mail does one thing."""
    for line in lines:
        label = _label(line)
        if label is not None and label.act and label.words.isupper():
            yield _plain(line)


def _resembles(word: str) -> bool:
    most = 2 if len(word) >= _LONG_WORD else 1
    return any(
        OSA.distance(word, name, score_cutoff=most) <= most
        for name in _NAMES
        if abs(len(name) - len(word)) <= most
    )
