"""Rule files (TOML) read into plain values; every problem of every file is found before complaining."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from classify.concepts import concept, listed
from classify.patterns import parse
from classify.problems import Problem, RulesError
from classify.rule import LEVELS, Rule, rule_of, wrong_fields
from classify.tokens import BUILT_IN, NEGATED, Concept
from classify.verdict import Policy

__all__ = ["Book", "Problem", "Rule", "RulesError", "literals", "read_book"]

_LITERAL = re.compile(r"'[^']+'")
_POLICY = {
    "yakin": "certain",
    "yakin_tanpa_aturan": "bare",
    "berkadar_yakin": "gravest_certain",
    "berkadar_tanpa_aturan": "gravest_bare",
    "berkadar_jauh": "clear_of_gravest",
    "berkadar_disarankan": "suggest_gravest",
    "berkadar_disarankan_kuat": "suggest_alarmed",
    "mungkin": "plausible",
    "bagian_surat": "passage",
}


@dataclass(slots=True)
class Book:
    """Everything the rule files say, and what is wrong with them."""

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
            table = tomllib.loads(sources[file])
        except tomllib.TOMLDecodeError as error:
            book.problems.append(Problem(file, "", "toml", str(error)))
        else:
            _read_file(book, file, table)
    book.problems += _reference_problems(book)
    if book.problems:
        raise RulesError(tuple(book.problems))
    return book


def literals(book: Book) -> Iterator[Concept]:
    """The quoted words of patterns and cues, each a concept of its own."""
    sources = [pattern for rule in book.rules for pattern in rule.patterns] + list(book.cues)
    found = {quoted for source in sources for quoted in _LITERAL.findall(source)}
    for quoted in sorted(found):
        yield concept(quoted, {"kata": quoted.strip("'")})


def _read_file(book: Book, file: str, table: Mapping[str, Any]) -> None:
    for key, value in table.items():
        reader = _READERS.get(key)
        if reader is None or not isinstance(value, list if key == "aturan" else dict):
            book.problems.append(Problem(file, "", "unknown_table", key))
        else:
            reader(book, file, value)


def _read_concepts(book: Book, file: str, tables: Mapping[str, Any]) -> None:
    for name, table in tables.items():
        if name in book.concepts:
            book.problems.append(Problem(file, name, "twice"))
        try:
            book.concepts[name] = concept(name, table)
        except (ValueError, AttributeError, TypeError) as error:
            book.problems.append(Problem(file, name, "concept", str(error)))


def _read_groups(book: Book, file: str, table: Mapping[str, Any]) -> None:
    for name, members in table.items():
        try:
            book.groups[name] = tuple(listed(members))
        except ValueError as error:
            book.problems.append(Problem(file, name, "concept", str(error)))


def _read_slang(book: Book, file: str, table: Mapping[str, Any]) -> None:
    for meaning, written in table.items():
        try:
            book.slang.update(dict.fromkeys(listed(written), meaning))
        except ValueError as error:
            book.problems.append(Problem(file, meaning, "concept", str(error)))


def _read_rules(book: Book, file: str, tables: Iterable[Mapping[str, Any]]) -> None:
    for table in tables:
        wrong = list(wrong_fields(table))
        name = str(table.get("id", "?"))
        book.problems += [Problem(file, name, code, value) for code, value in wrong]
        if not wrong:
            book.rules.append(rule_of(file, table))


def _weights(
    book: Book, file: str, table: Mapping[str, Any]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, weights in table.items():
        if _five_numbers(weights):
            yield name, tuple(weights)
        else:
            book.problems.append(Problem(file, name, "weights"))


def _five_numbers(value: object) -> bool:
    numbers = isinstance(value, list) and all(isinstance(entry, int) for entry in value)
    return numbers and isinstance(value, list) and len(value) == len(LEVELS)


def _read_cues(book: Book, file: str, table: Mapping[str, Any]) -> None:
    book.cues.update(_weights(book, file, table))


def _read_words(book: Book, file: str, table: Mapping[str, Any]) -> None:
    book.words.update(_weights(book, file, table))


def _read_policy(book: Book, file: str, table: Mapping[str, Any]) -> None:
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key == "awal" and _five_numbers(value):
            values["bias"] = tuple(value)
        elif key in _POLICY and isinstance(value, int):
            values[_POLICY[key]] = value
        else:
            book.problems.append(Problem(file, "putusan", "policy", key))
    book.policy = Policy(**values)


_READERS: dict[str, Callable[[Book, str, Any], None]] = {
    "konsep": _read_concepts,
    "kelompok": _read_groups,
    "ejaan": _read_slang,
    "aturan": _read_rules,
    "petunjuk": _read_cues,
    "petunjuk_kata": _read_words,
    "putusan": _read_policy,
}


def _reference_problems(book: Book) -> Iterator[Problem]:
    """Names that nothing stands for, patterns that cannot be read, and ids used twice."""
    single = {*book.concepts, *BUILT_IN}
    names = single | set(book.groups)
    for group, members in book.groups.items():
        for member in set(members) - single:
            yield Problem("", group, "unknown_concept", member)
    seen: set[str] = set()
    for rule in book.rules:
        if rule.id in seen:
            yield Problem(rule.file, rule.id, "twice")
        seen.add(rule.id)
        for pattern in rule.patterns:
            yield from _pattern_problems(rule.file, rule.id, pattern, names)
    for cue in book.cues:
        yield from _pattern_problems("", cue, cue, names)
    if len(names) + len(list(literals(book))) > NEGATED:
        yield Problem("", "", "too_many", str(NEGATED))


def _pattern_problems(file: str, rule: str, pattern: str, names: set[str]) -> Iterator[Problem]:
    unknown: list[str] = []

    def resolve(atom: str) -> int:
        name = atom.removeprefix("tidak:")
        if name not in names and not _LITERAL.fullmatch(name):
            unknown.append(name)
        return 1

    try:
        parse(pattern, resolve)
    except ValueError as error:
        yield Problem(file, rule, "pattern", str(error))
    for name in unknown:
        yield Problem(file, rule, "unknown_concept", name)
