"""The vocabulary made ready: from a written chunk of text to tokens that carry concepts as bits."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import TypeVar

from classify.morphology import bases, candidates
from classify.normalise import Word, amount, lines, spellings, words
from classify.tokens import (
    BUILT_IN,
    CLAUSE_END,
    NO_PHRASES,
    SENTENCE_END,
    Concept,
    Form,
    Phrase,
    Token,
)

NUMBER = "#"
"""What a number is called in phrases and weak cues."""
_LONGEST_WORD = 48
_MEMO_CHUNK = 40
_MEMO_SIZE = 60_000
_ABBREVIATED = frozenset(
    (
        "bpk", "bp", "ibu", "sdr", "sdri", "no", "rp", "jl", "jln", "dr", "drs", "dra",
        "ir", "hj", "h", "kec", "kab", "kel", "ds", "dsn", "tgl", "thn", "th", "hal",
        "u.p", "yth", "an", "ttd", "dll", "dsb", "tsb", "prof", "st", "sh", "mh", "jro",
        "rt", "rw", "min", "max", "maks", "kl", "ust", "i", "ni", "spd", "mm", "se", "skm"
    )
)  # fmt: skip
_PAUSES = frozenset(",:()\u2014\u2013\n")
_ENDS = frozenset(".?!;\u2026")
_SIGNS = {
    "?": "tanda_tanya",
    "!": "tanda_seru",
    **dict.fromkeys("'\"\u2018\u2019\u201c\u201d`", "kutip"),
}
_PLACES = {"link": "tautan", "mail": "surel"}

_Read = TypeVar("_Read")


class Lexicon(dict[str, tuple[Token, ...]]):
    """Chunks of text already read, by how they were written; an unknown one is read when asked for.

    Bounded: a full memory is emptied. Every lookup gives the same answer whether remembered or not.
    """

    def __init__(
        self,
        concepts: Iterable[Concept],
        slang: Mapping[str, str],
        pairs: Iterable[tuple[str, ...]] = (),
    ) -> None:
        super().__init__()
        self.bits = {name: 1 << place for place, name in enumerate(BUILT_IN)}
        self.fixed = sum(self.bits.values())
        self._words: dict[str, int] = {}
        self._roles: dict[str, int] = {}
        self._roots: dict[str, list[tuple[int, frozenset[str] | None]]] = {}
        self._phrases: dict[str, dict[str, list[Phrase]]] = {}
        self._slang = {word: tuple(said.split()) for word, said in slang.items()}
        self._known: dict[str, tuple[Token, ...]] = {}
        for concept in concepts:
            self._add(concept)
        self._heads = {first: _longest_first(seconds) for first, seconds in self._phrases.items()}
        self.pairs = frozenset((*pairs, *self._begins()))
        """Stems in a row worth a look: pairs asked for, and all that may begin a phrase."""
        self.written = self.bits.get("tertulis", 0) | self.bits.get("tanda_tangan", 0)
        self.received = self.bits.get("terima_kurang", 0)

    def forget(self) -> None:
        """Empty the memory of chunks and words."""
        self.clear()
        self._known.clear()

    def __missing__(self, chunk: str) -> tuple[Token, ...]:
        pieces = lines(chunk) if "\n" in chunk else []
        if len(pieces) > 1:
            tokens = [token for piece in pieces for token in self[piece]]
        else:
            tokens = [token for word in written(chunk) for token in self.tokens(word)]
        read = tuple(tokens)
        keep(self, chunk, read)
        return read

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
            first, second, *rest = [said for word in written for said in self._said(word)]
            phrase = Phrase(tuple(rest), bit, concept.swallow, concept.role)
            self._phrases.setdefault(first, {}).setdefault(second, []).append(phrase)

    def _begins(self) -> Iterator[tuple[str, str]]:
        for first, seconds in self._phrases.items():
            for second in seconds:
                yield from product(_stems(first), _stems(second))

    def _plain(self, word: str) -> str:
        said = self._said(word)
        return said[0] if len(said) == 1 else word

    def _said(self, text: str) -> tuple[str, ...]:
        return self._slang.get(text) or (text,)

    def tokens(self, word: Word) -> tuple[Token, ...]:
        """What a written word stands for: more than one token where slang joins words."""
        known = self._known.get(word.text)
        if known is None:
            known = tuple(self._read_word(word))
            keep(self._known, word.text, known)
        return known

    def _read_word(self, word: Word) -> Iterator[Token]:
        if word.sort == "word":
            yield from map(self._read, self._said(word.text))
        elif word.sort == "number":
            yield self._number(word.text)
        else:
            yield self._mark(word)

    def _read(self, text: str) -> Token:
        first = self._look_up(text)
        if first.known or len(text) > _LONGEST_WORD:
            return first
        for spelling in spellings(text):
            for said in self._said(spelling)[:1]:
                token = self._look_up(said)
                if token.known:
                    return token._replace(form=replace(token.form, word=text))
        return first

    def _look_up(self, text: str) -> Token:
        if len(text) > _LONGEST_WORD:
            return Token("", 0, 0, Form(text, (text,)))
        keys = bases(text)
        mask = role = 0
        for base in keys:
            if base in self._words:
                mask |= self._words[base]
                role |= self._roles[base]
        for root, prefix in candidates(text):
            if root in self._roots:
                mask |= self._rooted(root, prefix)
        return Token(keys[-1], mask, role, Form(text, keys, self._begun(keys)))

    def _begun(self, keys: tuple[str, ...]) -> Mapping[str, tuple[Phrase, ...]]:
        """The phrases that begin with a word known under these names, by their second word."""
        heads = [self._heads[key] for key in keys if key in self._heads]
        return _merged(heads) if len(heads) > 1 else heads[0] if heads else NO_PHRASES

    def _rooted(self, root: str, prefix: str) -> int:
        mask = 0
        for bit, allowed in self._roots[root]:
            if allowed is None or prefix in allowed:
                mask |= bit
        return mask

    def _number(self, text: str) -> Token:
        read = amount(text)
        mask = self.bits["angka"]
        if read and read.money:
            mask |= self.bits["jumlah_uang"]
        value = read.value if read else None
        keys = (text, NUMBER)
        return Token(NUMBER, mask, 0, Form(text, keys, self._begun(keys), value))

    def _mark(self, word: Word) -> Token:
        if word.sort in _PLACES:
            return Token(word.sort, self.bits[_PLACES[word.sort]], 0, Form(word.text))
        text = word.text
        mask = 0
        for sign, name in _SIGNS.items():
            if sign in text:
                mask |= self.bits[name]
        stem = "?" if "?" in text else text[:1]
        return Token(stem, mask, _mark_role(text), Form(text))


def keep(memory: dict[str, _Read], text: str, read: _Read) -> None:
    """Remember what was read; long texts are not, and a full memory is emptied."""
    if len(text) <= _MEMO_CHUNK:
        if len(memory) >= _MEMO_SIZE:
            memory.clear()
        memory[text] = read


def written(chunk: str) -> list[Word]:
    """The words and marks of a chunk, without the full stop of an abbreviation."""
    written = words(chunk)
    if "." not in chunk:
        return written
    before = ["", *(word.text for word in written)]
    return [
        word
        for word, last in zip(written, before, strict=False)
        if word.text != "." or last not in _ABBREVIATED
    ]


def _stems(word: str) -> tuple[str, ...]:
    """The stems a word of a phrase may have in a text."""
    stem = bases(word)[-1]
    return (stem,) if stem.isalpha() else (stem, NUMBER)


def _longest_first(seconds: dict[str, list[Phrase]]) -> dict[str, tuple[Phrase, ...]]:
    return {
        second: tuple(sorted(phrases, key=lambda phrase: (-len(phrase.rest), phrase)))
        for second, phrases in seconds.items()
    }


def _merged(heads: list[dict[str, tuple[Phrase, ...]]]) -> Mapping[str, tuple[Phrase, ...]]:
    seconds: dict[str, list[Phrase]] = {}
    for head in heads:
        for second, phrases in head.items():
            seconds.setdefault(second, []).extend(phrases)
    return _longest_first(seconds)


def _mark_role(text: str) -> int:
    if text[0] in _ENDS or text.count("\n") > 1:
        return SENTENCE_END
    return CLAUSE_END if text[0] in _PAUSES else 0
