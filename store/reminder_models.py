"""The table about clocks that run."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import BigId
from store.models import Base


class ReminderRow(Base):
    """How far a case's clock has run, of which deadline, and by which calendar.

    ``stage`` only grows until the case is opened again; ``reopened`` is the event by which it was last.
    ``passed``: the log says that this deadline is over.
    """

    __tablename__ = "reminders"

    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    due_at: Mapped[datetime]
    promise: Mapped[str]
    calendar: Mapped[str]
    stage: Mapped[int]
    stage_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    passed: Mapped[bool]
    reopened: Mapped[int] = mapped_column(BigId)
