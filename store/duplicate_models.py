"""The tables about complaints told twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import BigId
from store.models import Base
from store.sealing import Sealed


class CaseKeyRow(Base):
    """What a case can be found by when another resembles it: hashes. Key 0 says that it was compared."""

    __tablename__ = "case_keys"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy reads it from the class

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class SuggestionRow(Base):
    """Two cases that may be the same complaint; ``number`` came in later than ``other``."""

    __tablename__ = "suggestions"
    __table_args__ = (UniqueConstraint("number", "other"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("cases.number"))
    other: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    score: Mapped[int]
    likeness: Mapped[int]
    same_phone: Mapped[bool]
    same_email: Mapped[bool]
    at: Mapped[datetime]
    dismissed_at: Mapped[datetime | None]
    dismissed_by: Mapped[str]


class MergeRow(Base):
    """A person's decision that ``number`` is the same complaint as ``target``. ``before`` is what it changed.

    ``redated`` are the deadlines of both by a later calendar; see clocks.py.
    """

    __tablename__ = "merges"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    target: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    why: Mapped[str] = mapped_column(Sealed("merges.why"))
    before: Mapped[dict[str, Any]]
    redated: Mapped[dict[str, Any] | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str]
    undone_why: Mapped[str] = mapped_column(Sealed("merges.undone_why"))
