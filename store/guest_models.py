"""The guest book (buku tamu), and who looked at the names in it."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import BigId
from store.models import Base
from store.sealing import Sealed


class GuestRow(Base):
    """Somebody who came to the office. Of who brought a case, name and telephone stand with the case alone."""

    __tablename__ = "guests"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    came_at: Mapped[dt.datetime] = mapped_column(index=True)
    entered_at: Mapped[dt.datetime]
    who: Mapped[str]
    number: Mapped[str | None] = mapped_column(ForeignKey("cases.number"), index=True)
    name: Mapped[str] = mapped_column(Sealed("guests.name"))
    agency: Mapped[str] = mapped_column(Sealed("guests.agency"))
    purpose: Mapped[str] = mapped_column(Sealed("guests.purpose"))
    meets: Mapped[str] = mapped_column(Sealed("guests.meets"))
    phone: Mapped[str] = mapped_column(Sealed("guests.phone"))


class GuestLookRow(Base):
    """Somebody opened the names of guests who came between two moments; only ever added to."""

    __tablename__ = "guest_looks"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[dt.datetime]
    who: Mapped[str]
    first: Mapped[dt.datetime]
    last: Mapped[dt.datetime]
    shown: Mapped[int]
