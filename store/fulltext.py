"""Full-text search over cases: FTS5 on SQLite, tsvector on PostgreSQL. Words from people are only words.

Both indexes keep themselves up to date inside the transaction (triggers, an index over an expression):
see migration 0001. Every word matches its beginning too, accents and case do not count.
"""

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, select, table, text

from store.models import CaseRow

# The expression of the index ix_cases_words; the planner uses it only where a query repeats it exactly.
# Punctuation would glue words together (a mail address is one word to PostgreSQL); 100,000
# characters are what surely stays below the 1 MB limit of a tsvector.
_ALL = "subject || ' ' || text || ' ' || later_text || ' ' || location || ' ' || category"
_PLAIN = (
    f"translate(left({_ALL}, 100000), "
    "'.,-/@:_+''\"áàâäãéèêëíìîïóòôöõúùûüñçÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇ', "
    "'          aaaaaeeeeiiiiooooouuuuncAAAAAEEEEIIIIOOOOOUUUUNC')"
)
POSTGRESQL_EXPRESSION = (
    f"(to_tsvector('simple'::regconfig, {_PLAIN})"
    f" || to_tsvector('indonesian'::regconfig, {_PLAIN}))"
)

_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 16
_LONGEST = 64


def words_of(asked: str) -> list[str]:
    """Return the words of what somebody typed; everything else in it means nothing."""
    spread = unicodedata.normalize("NFKD", asked)
    plain = "".join(c for c in spread if not unicodedata.combining(c))
    return [word[:_LONGEST].lower() for word in _WORD.findall(plain)[:_MOST_WORDS]]


def matching(words: list[str], dialect: str) -> ColumnElement[bool]:
    """Return the condition that a case has all these words."""
    return _sqlite(words) if dialect == "sqlite" else _postgresql(words)


def _sqlite(words: list[str]) -> ColumnElement[bool]:
    asked = " ".join(f'"{word}"*' for word in words)
    found: Select[Any] = select(literal_column("rowid")).select_from(table("case_words"))
    return CaseRow.id.in_(found.where(text("case_words MATCH :asked").bindparams(asked=asked)))


def _postgresql(words: list[str]) -> ColumnElement[bool]:
    query = None
    for word in words:
        # Both as written and stemmed: a beginning of a word need not have the stem of the whole.
        either = func.to_tsquery(text("'simple'"), f"{word}:*").op("||")(
            func.to_tsquery(text("'indonesian'"), f"{word}:*")
        )
        query = either if query is None else query.op("&&")(either)
    return literal_column(POSTGRESQL_EXPRESSION).op("@@", is_comparison=True)(query)
