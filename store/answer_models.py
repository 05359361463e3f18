"""The tables about answers on their way, and the receipts by which anonymous people ask for them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import BigId
from store.models import Base
from store.sealing import Sealed


class AnswerRow(Base):
    """One answer. ``message_id`` is its notice's, where we send it; without one a person brings it across.

    ``told_at``: when the team was told that it did not arrive.
    """

    __tablename__ = "answers"
    __table_args__ = (Index(None, "message_id", "done_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    at: Mapped[datetime]
    who: Mapped[str]
    way: Mapped[str]
    text: Mapped[str] = mapped_column(Sealed("answers.text"))
    message_id: Mapped[str | None]
    attempts: Mapped[int]
    next_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str]
    how: Mapped[str]
    told_at: Mapped[datetime | None]


class AnswerFileRow(Base):
    """A file that goes with an answer; its bytes lie beside those of arrivals, under their SHA-256."""

    __tablename__ = "answer_files"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id"), index=True)
    name: Mapped[str] = mapped_column(Sealed("answer_files.name"))
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigId)
    sha256: Mapped[str]


class ReceiptRow(Base):
    """The secret code of a case as a slow salted hash, and how often a wrong one was tried since."""

    __tablename__ = "receipts"

    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    hash: Mapped[str] = mapped_column(Sealed("receipts.hash"))
    refused: Mapped[int]
    last_refused_at: Mapped[datetime | None] = mapped_column(index=True)
