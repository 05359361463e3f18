"""Rule files (TOML) read into plain values; every problem of every file is found before complaining."""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from classify.lexicon import BUILT_IN, CONTRAST, FAR, NEGATED, NEGATOR, Concept
from classify.morphology import PREFIXES
from classify.patterns import parse
from classify.types import Kind, Tier
from classify.verdict import Policy

NO_TIER = "tanpa"
_LEVELS = (NO_TIER, *Tier)
_ROLES = {"": 0, "negasi": NEGATOR, "negasi_luas": NEGATOR | FAR, "lawan": CONTRAST}
_LITERAL = re.compile(r"'[^']+'")
_MOST_CONCEPTS = NEGATED


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where; ``code`` names the sentence for people (config/texts, part ``rules``)."""

    file: str
    rule: str
    code: str
    value: str = ""

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.rule, self.code, self.value) if part)


class RulesError(ValueError):
    """The rule files cannot be used; ``details`` and ``problems`` (as text) name everything wrong."""

    def __init__(self, details: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(map(str, details)))
        self.details = details

    @property
    def problems(self) -> tuple[str, ...]:
        """Every problem as one line: file, rule, code, value."""
        return tuple(map(str, self.details))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule (aturan). ``level`` is an index into the five scores, None for a rule about kind."""

    id: str
    file: str
    level: int | None
    kind: Kind | None
    meaning: str
    patterns: tuple[str, ...]
    strength: int
    strong: bool
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]


@dataclass(slots=True)
class Book:
    """Everything the rule files say."""

    concepts: dict[str, Concept] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    slang: dict[str, str] = field(default_factory=dict)
    rules: list[Rule] = field(default_factory=list)
    cues: dict[str, tuple[int, ...]] = field(default_factory=dict)
    words: dict[str, tuple[int, ...]] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    problems: list[Problem] = field(default_factory=list)


def read_book(sources: Mapping[str, str]) -> Book:
    """Read all files. Raises RulesError with every problem at once."""
    book = Book()
    for file in sorted(sources):
        try:
            _read_file(book, file, tomllib.loads(sources[file]))
        except tomllib.TOMLDecodeError as error:
            book.problems.append(Problem(file, "", "toml", str(error)))
    _check(book)
    if book.problems:
        raise RulesError(tuple(book.problems))
    return book


def literals(book: Book) -> Iterator[Concept]:
    """The quoted words of patterns and cues, each a concept of its own."""
    sources = [pattern for rule in book.rules for pattern in rule.patterns] + list(book.cues)
    found = {quoted for source in sources for quoted in _LITERAL.findall(source)}
    for quoted in sorted(found):
        yield concept(quoted, {"kata": quoted.strip("'")})


def concept(name: str, table: Mapping[str, Any]) -> Concept:
    """Read one concept; words with a space are phrases. Raises ValueError for wrong fields."""
    unknown = set(table) - {"arti", "kata", "akar", "awalan", "telan", "peran", "tetap"}
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    entries = _listed(table.get("kata", ""))
    prefixes = _listed(table.get("awalan", ""))
    if set(prefixes) - PREFIXES - {"-"}:
        raise ValueError(table["awalan"])
    return Concept(
        name,
        roots=tuple(_listed(table.get("akar", ""))),
        words=tuple(entry for entry in entries if not _is_phrase(entry)),
        phrases=tuple(tuple(entry.split()) for entry in entries if _is_phrase(entry)),
        prefixes=frozenset(p.strip("-") for p in prefixes) if prefixes else None,
        swallow=table.get("telan", False),
        role=_ROLES[table.get("peran", "")],
        fixed=table.get("tetap", False),
    )


def _is_phrase(entry: str) -> bool:
    return " " in entry or entry.endswith("*")


def _listed(text: str) -> list[str]:
    return [entry for entry in (" ".join(part.split()) for part in text.split(",")) if entry]


def _read_file(book: Book, file: str, table: Mapping[str, Any]) -> None:
    readers: dict[str, Callable[[Book, str, Any], None]] = {
        "konsep": _read_concepts,
        "kelompok": _read_groups,
        "ejaan": _read_slang,
        "aturan": _read_rules,
        "petunjuk": _read_cues,
        "petunjuk_kata": _read_words,
        "putusan": _read_policy,
    }
    for key, value in table.items():
        if key in readers:
            readers[key](book, file, value)
        else:
            book.problems.append(Problem(file, "", "unknown_table", key))


def _read_concepts(book: Book, file: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
    for name, table in tables.items():
        if name in book.concepts:
            book.problems.append(Problem(file, name, "twice"))
        try:
            book.concepts[name] = concept(name, table)
        except (ValueError, KeyError, AttributeError) as error:
            book.problems.append(Problem(file, name, "concept", str(error)))


def _read_groups(book: Book, file: str, table: Mapping[str, str]) -> None:
    for name, members in table.items():
        if isinstance(members, str):
            book.groups[name] = tuple(_listed(members))
        else:
            book.problems.append(Problem(file, name, "concept"))


def _read_slang(book: Book, file: str, table: Mapping[str, str]) -> None:
    for meaning, written in table.items():
        if not isinstance(written, str):
            book.problems.append(Problem(file, meaning, "slang"))
            continue
        book.slang.update(dict.fromkeys(_listed(written), meaning))


def _read_rules(book: Book, file: str, tables: list[Mapping[str, Any]]) -> None:
    for table in tables:
        name = str(table.get("id", "?"))
        wrong = list(_rule_problems(table))
        book.problems += [Problem(file, name, code, value) for code, value in wrong]
        if not wrong:
            book.rules.append(_rule(file, table))


def _rule_problems(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    allowed = {"id", "tingkat", "jenis", "arti", "pola", "kekuatan", "kuat", "contoh", "bukan"}
    for key in sorted(set(table) - allowed):
        yield "unknown_field", key
    for key in ("id", "arti"):
        if not (isinstance(table.get(key), str) and table[key]):
            yield "missing", key
    if ("tingkat" in table) == ("jenis" in table):
        yield "tier_or_kind", ""
    elif table.get("tingkat", NO_TIER) not in _LEVELS:
        yield "tier", str(table["tingkat"])
    elif table.get("jenis", Kind.SPAM) not in list(Kind):
        yield "kind", str(table["jenis"])
    if not isinstance(table.get("kekuatan"), int):
        yield "strength", ""
    for key, least in (("pola", 1), ("contoh", 2), ("bukan", 1)):
        values = table.get(key)
        if not (isinstance(values, list) and all(isinstance(v, str) for v in values)):
            yield "missing", key
        elif len(values) < least:
            yield "too_few", key


def _rule(file: str, table: Mapping[str, Any]) -> Rule:
    tier = table.get("tingkat")
    return Rule(
        id=table["id"],
        file=file,
        level=_LEVELS.index(tier) if tier is not None else None,
        kind=Kind(table["jenis"]) if "jenis" in table else None,
        meaning=table["arti"],
        patterns=tuple(table["pola"]),
        strength=table["kekuatan"],
        strong=table.get("kuat", False),
        examples=tuple(table["contoh"]),
        counter_examples=tuple(table["bukan"]),
    )


def _weights(
    book: Book, file: str, table: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, weights in table.items():
        if not (
            isinstance(weights, list)
            and len(weights) == len(_LEVELS)
            and all(isinstance(weight, int) for weight in weights)
        ):
            book.problems.append(Problem(file, name, "weights"))
        else:
            yield name, tuple(weights)


def _read_cues(book: Book, file: str, table: Mapping[str, Any]) -> None:
    book.cues.update(_weights(book, file, table))


def _read_words(book: Book, file: str, table: Mapping[str, Any]) -> None:
    book.words.update(_weights(book, file, table))


def _read_policy(book: Book, file: str, table: Mapping[str, Any]) -> None:
    names = {
        "yakin": "certain",
        "berkadar_yakin": "gravest_certain",
        "berkadar_tanpa_aturan": "gravest_bare",
        "berkadar_jauh": "clear_of_gravest",
        "berkadar_disarankan": "suggest_gravest",
        "mungkin": "plausible",
        "awal": "bias",
    }
    known = {entry.name for entry in fields(Policy)}
    values = {}
    for key, value in table.items():
        name = names.get(key)
        good = isinstance(value, list) if name == "bias" else isinstance(value, int)
        if name not in known or not good:
            book.problems.append(Problem(file, "putusan", "policy", key))
        else:
            values[name] = tuple(value) if name == "bias" else value
    if not book.problems:
        book.policy = Policy(**values)


def _check(book: Book) -> None:
    names = {*book.concepts, *BUILT_IN, *book.groups}
    for group, members in book.groups.items():
        for member in members:
            if member not in book.concepts and member not in BUILT_IN:
                book.problems.append(Problem("", group, "unknown_concept", member))

    def resolve(atom: str) -> int:
        name = atom.removeprefix("tidak:")
        if name not in names and not _LITERAL.fullmatch(name):
            raise KeyError(name)
        return 1

    seen: set[str] = set()
    for rule in book.rules:
        if rule.id in seen:
            book.problems.append(Problem(rule.file, rule.id, "twice"))
        seen.add(rule.id)
        for pattern in rule.patterns:
            _try(book, rule.file, rule.id, lambda pattern=pattern: parse(pattern, resolve))
    for cue in book.cues:
        _try(book, "", cue, lambda cue=cue: resolve(cue))
    if len(names) > _MOST_CONCEPTS:
        book.problems.append(Problem("", "", "too_many", str(_MOST_CONCEPTS)))


def _try(book: Book, file: str, rule: str, check: Callable[[], object]) -> None:
    try:
        check()
    except KeyError as error:
        book.problems.append(Problem(file, rule, "unknown_concept", str(error.args[0])))
    except ValueError as error:
        book.problems.append(Problem(file, rule, "pattern", str(error)))
