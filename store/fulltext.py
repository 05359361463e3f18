"""Search over sealed texts: the index holds keyed hashes of words and of their beginnings, no words.

FTS5 on SQLite, a GIN index over numbers on PostgreSQL; neither knows a word. Every word is found by its
beginnings from three letters on, shorter ones as they are; accents and case do not count. A hash has
32 bits: of 100,000 cases, one in a hundred searches finds one that does not have the word. Who has the
file sees how many cases share a word, not which word it is.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    Dialect,
    Integer,
    Select,
    cast,
    column,
    literal_column,
    select,
    table,
    text,
)

from store.engine import Database
from store.keyring import Keyring
from store.models import CaseRow
from store.sealing import keyring_of

INDEXED = ("subject", "text", "later_text", "location", "category")
_ROWS = tuple(getattr(CaseRow, name) for name in ("id", "number", *INDEXED))
_TABLE = table("case_words", column("id"), column("words", ARRAY(Integer)))
_ROWID: Select[Any] = select(literal_column("rowid")).select_from(table("case_words"))
_PUT = {
    "sqlite": "INSERT OR REPLACE INTO case_words(rowid, words) VALUES (?, ?)",
    "postgresql": (
        "INSERT INTO case_words(id, words) VALUES (%s, %s::integer[]) "
        "ON CONFLICT (id) DO UPDATE SET words = excluded.words"
    ),
}

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 16
_BATCH = 500  # cases
_MOST_TEXT = 100_000  # characters: a flood of words must not make the index grow without end
_SHORTEST = 3
_LONGEST = 32
_REMEMBERED = 50_000  # words; people use few
_SIZE = 4  # bytes

_Hashes = Callable[[str], tuple[str, ...]]


def words_of(asked: str) -> list[str]:
    """Return the words of what somebody typed; everything else in it means nothing."""
    return _words(asked)[:_MOST_WORDS]


def matching(words: Sequence[str], dialect: Dialect) -> ColumnElement[bool]:
    """Return the condition that a case has all these words."""
    hashes = hashing(keyring_of(dialect))
    asked = [hashes(word)[-1] for word in words]  # a word's longest beginning is itself
    return CaseRow.id.in_(_sqlite(asked) if dialect.name == "sqlite" else _postgresql(asked))


def add(connection: Connection, number: str, said: str) -> str:
    """Return what was said about a case since it came in, with this after it; both are searched."""
    wanted = select(*_ROWS).where(CaseRow.number == number)
    row = dict(connection.execute(wanted).mappings().one())
    row["later_text"] = f"{row['later_text']}\n{said}"
    put(connection, [row])
    return str(row["later_text"])


def index(connection: Connection, numbers: Iterable[str]) -> None:
    """Make cases that are there already be found."""
    wanted = select(*_ROWS).where(CaseRow.number.in_(list(numbers)))
    put(connection, [dict(row) for row in connection.execute(wanted).mappings()])


def index_all(database: Database) -> None:
    """Index cases that are not in the index, in batches."""
    while True:
        with database.write() as connection:
            numbers = missing(connection, _BATCH)
            index(connection, numbers)
        if not numbers:
            return


def missing(connection: Connection, limit: int) -> list[str]:
    """Return cases that are not in the index, at most so many."""
    there = _ROWID if connection.dialect.name == "sqlite" else select(_TABLE.c.id)
    wanted = select(CaseRow.number).where(CaseRow.id.not_in(there)).limit(limit)
    return list(connection.scalars(wanted))


def put(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> None:
    """Let rows be found by their texts as they are now."""
    dialect = connection.dialect
    hashes = hashing(keyring_of(dialect))
    form = " ".join if dialect.name == "sqlite" else _numbers
    found = [(row["id"], form(sorted(_hashes_of(row, hashes)))) for row in rows]
    if found:
        connection.exec_driver_sql(_PUT[dialect.name], found)


@lru_cache(maxsize=4)
def hashing(keyring: Keyring | None) -> _Hashes:
    """Return what makes the hashes of a word's beginnings, the whole word's last."""
    key = keyring.derived("words") if keyring else b""

    @lru_cache(maxsize=_REMEMBERED)
    def hashes(word: str) -> tuple[str, ...]:
        lengths = range(min(_SHORTEST, len(word)), len(word) + 1)
        beginnings = (word[:length].encode() for length in lengths)
        return tuple(blake2b(one, key=key, digest_size=_SIZE).hexdigest() for one in beginnings)

    return hashes


def _hashes_of(row: Mapping[str, Any], hashes: _Hashes) -> set[str]:
    told = " ".join(row[name] for name in INDEXED)[:_MOST_TEXT]
    return {one for word in set(_words(told)) for one in hashes(word)}


def _words(told: str) -> list[str]:
    if not told.isascii():
        spread = unicodedata.normalize("NFKD", told)
        told = "".join(c for c in spread if not unicodedata.combining(c))
    return [word[:_LONGEST] for word in _WORD.findall(told.lower())]


def _numbers(hashes: Iterable[str]) -> list[int]:
    return [_number(one) for one in hashes]


def _number(one: str) -> int:
    return int.from_bytes(bytes.fromhex(one), signed=True)


def _sqlite(asked: Sequence[str]) -> Select[Any]:
    return _ROWID.where(text("case_words MATCH :asked").bindparams(asked=" ".join(asked)))


def _postgresql(asked: Sequence[str]) -> Select[Any]:
    numbers = cast(_numbers(asked), ARRAY(Integer))
    return select(_TABLE.c.id).where(_TABLE.c.words.op("@>", is_comparison=True)(numbers))
