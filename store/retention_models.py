"""The table of what was removed by the office's policy."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store.columns import BigId
from store.models import Base


class PurgeRow(Base):
    """One removal, only ever added to. ``before`` is the term's end, ``details`` how many rows by name.

    Of a case there is an event besides; guests and mail without a case have no log of their own.
    """

    __tablename__ = "purges"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    who: Mapped[str]
    held: Mapped[str]
    before: Mapped[datetime]
    removed: Mapped[int]
    details: Mapped[dict[str, Any]]
