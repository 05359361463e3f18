"""The vocabulary made ready: from a written chunk of text to tokens that carry concepts as bits.

A concept owns one bit; its negated reading owns the bit ``NEGATED`` places higher.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from classify.morphology import bases, candidates
from classify.normalise import Word, amount, spellings, words

NEGATED = 1024
BUILT_IN = (
    "angka",
    "jumlah_uang",
    "tanda_tanya",
    "tanda_seru",
    "tautan",
    "surel",
    "kutip",
    "selisih_jumlah",
)
SENTENCE_END, CLAUSE_END, NEGATOR, CONTRAST, STARTS, FAR = 1, 2, 4, 8, 16, 32
_LONGEST_WORD = 48
_MEMO_CHUNK = 40
_MEMO_SIZE = 60_000
_ABBREVIATED = frozenset(
    """bpk bp ibu sdr sdri no rp jl jln dr drs dra ir hj h kec kab kel ds dsn tgl thn th hal u.p yth
    an ttd dll dsb tsb prof st sh mh jro rt rw min max maks kl ust i ni spd mm se skm""".split()
)
_PAUSES = frozenset(",:()\u2014\u2013\n")
_ENDS = frozenset(".?!;\u2026")
_QUOTES = frozenset("'\"\u2018\u2019\u201c\u201d`")


class Token(NamedTuple):
    """A word in its chunk: its concepts, what it does to the sentence, and the phrases it may begin."""

    mask: int
    role: int
    keys: frozenset[str]
    phrases: tuple["Phrase", ...]
    start: int
    end: int
    value: float | None
    word: str
    stem: str


class Phrase(NamedTuple):
    """The words after the first one; ``swallow`` takes the words' own meanings away."""

    rest: tuple[str, ...]
    mask: int
    swallow: bool
    role: int


@dataclass(frozen=True, slots=True)
class Concept:
    """One meaning (konsep): roots with every affix, words as they stand, and phrases."""

    name: str
    roots: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    prefixes: frozenset[str] | None = None
    swallow: bool = False
    role: int = 0
    fixed: bool = False


class Lexicon(dict[str, tuple[Token, ...]]):
    """Chunks of text already read, by how they were written; an unknown one is read when asked for.

    Bounded: a full memory is emptied. Every lookup gives the same answer whether remembered or not.
    """

    def __init__(self, concepts: Iterable[Concept], slang: Mapping[str, str]) -> None:
        super().__init__()
        self.bits = {name: 1 << place for place, name in enumerate(BUILT_IN)}
        self.fixed = sum(self.bits.values())
        self._words: dict[str, int] = {}
        self._roles: dict[str, int] = {}
        self._roots: dict[str, list[tuple[int, frozenset[str] | None]]] = {}
        self._phrases: dict[str, list[Phrase]] = {}
        self._slang = {word: tuple(said.split()) for word, said in slang.items()}
        self._stars: set[str] = set()
        for concept in concepts:
            self._add(concept)
        self.written = self.bits.get("tertulis", 0) | self.bits.get("tanda_tangan", 0)
        self.received = self.bits.get("terima_kurang", 0)

    def _add(self, concept: Concept) -> None:
        bit = self.bits.setdefault(concept.name, 1 << len(self.bits))
        if concept.fixed:
            self.fixed |= bit
        for word in map(self._plain, concept.words):
            self._words[word] = self._words.get(word, 0) | bit
            self._roles[word] = self._roles.get(word, 0) | concept.role
        for root in concept.roots:
            self._roots.setdefault(root, []).append((bit, concept.prefixes))
        for written in concept.phrases:
            first, *rest = [said for word in written for said in self._said(word)]
            phrase = Phrase(tuple(rest), bit, concept.swallow, concept.role)
            self._phrases.setdefault(first, []).append(phrase)
            self._stars.update(word[:-1] for word in (first, *rest) if word.endswith("*"))

    def _plain(self, word: str) -> str:
        said = self._said(word)
        return said[0] if len(said) == 1 else word

    def __missing__(self, chunk: str) -> tuple[Token, ...]:
        tokens = tuple(self._chunk(chunk))
        if len(chunk) <= _MEMO_CHUNK:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[chunk] = tokens
        return tokens

    def _chunk(self, chunk: str) -> Iterator[Token]:
        before = ""
        for word in words(chunk):
            if word.text == "." and before in _ABBREVIATED:
                continue
            yield from self._tokens(word)
            before = word.text

    def _tokens(self, word: Word) -> list[Token]:
        if word.sort == "word":
            return [self._read(part, word) for part in self._said(word.text)]
        if word.sort == "number":
            return [self._number(word)]
        return [self._mark(word)]

    def _said(self, text: str) -> tuple[str, ...]:
        return self._slang.get(text) or (text,)

    def _read(self, text: str, word: Word) -> Token:
        keys: set[str] = set()
        mask = role = 0
        spelling = text
        for spelling in self._spellings(text):
            mask, role = self._look_up(spelling, keys)
            if mask or role or any(key in self._phrases for key in keys):
                break
        phrases = [phrase for key in keys for phrase in self._phrases.get(key, ())]
        phrases.sort(key=lambda phrase: (-len(phrase.rest), phrase))
        role |= STARTS if phrases else 0
        return Token(
            mask,
            role,
            frozenset(keys),
            tuple(phrases),
            word.start,
            word.end,
            None,
            text,
            _stem(spelling),
        )

    def _spellings(self, text: str) -> Iterable[str]:
        yield text
        if len(text) <= _LONGEST_WORD:
            for spelling in spellings(text):
                yield from self._said(spelling)[:1]

    def _look_up(self, text: str, keys: set[str]) -> tuple[int, int]:
        keys.clear()
        keys.add(text)
        if len(text) > _LONGEST_WORD:
            return 0, 0
        mask = role = 0
        for base in bases(text):
            keys.add(base)
            mask |= self._words.get(base, 0)
            role |= self._roles.get(base, 0)
        for root, prefix in candidates(text):
            if root in self._roots:
                mask |= self._rooted(root, prefix)
            if root in self._stars:
                keys.add(root + "*")
        return mask, role

    def _rooted(self, root: str, prefix: str) -> int:
        mask = 0
        for bit, allowed in self._roots[root]:
            if allowed is None or prefix in allowed:
                mask |= bit
        return mask

    def _number(self, word: Word) -> Token:
        read = amount(word.text)
        mask = self.bits["angka"]
        if read and read.money:
            mask |= self.bits["jumlah_uang"]
        keys = frozenset((word.text, "#"))
        phrases = tuple(self._phrases.get("#", ()))
        role = STARTS if phrases else 0
        value = read.value if read else None
        return Token(mask, role, keys, phrases, word.start, word.end, value, word.text, "#")

    def _mark(self, word: Word) -> Token:
        names = {"link": "tautan", "mail": "surel"}
        mask = self.bits[names[word.sort]] if word.sort in names else self._mark_mask(word.text)
        role = _mark_role(word.text) if word.sort == "mark" else 0
        return Token(mask, role, frozenset(), (), word.start, word.end, None, word.text, word.text)

    def _mark_mask(self, text: str) -> int:
        name = {"?": "tanda_tanya", "!": "tanda_seru"}.get(text, "")
        if text in _QUOTES:
            name = "kutip"
        return self.bits.get(name, 0) | self._words.get(text, 0)


def _stem(word: str) -> str:
    """The word without clitics: what a weak cue of one word is compared with."""
    return min(bases(word), key=len) if len(word) <= _LONGEST_WORD else ""


def _mark_role(text: str) -> int:
    if text in _ENDS or text.count("\n") > 1:
        return SENTENCE_END
    return CLAUSE_END if text in _PAUSES else 0
