"""The table of days the office decides about."""

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from store.columns import BigId
from store.models import Base


class OfficeDayRow(Base):
    """A decision about a date, only ever added to: the last one of a date counts, an empty state ends it."""

    __tablename__ = "office_days"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    date: Mapped[dt.date] = mapped_column(index=True)
    state: Mapped[str]
    name: Mapped[str]
    why: Mapped[str]
    who: Mapped[str]
    at: Mapped[dt.datetime]
