"""The table about what people of the office ask for by mail."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import BigId
from store.models import Base
from store.sealing import Sealed, SealedJson


class StaffMailRow(Base):
    """One mail of staff. ``seen`` is the last event of its case when it was stored or confirmed.

    ``seconds`` is how long an answer can be cancelled once its echo is sent; ``echo`` is the Message-ID
    of the notice that told the person what will be done.
    """

    __tablename__ = "staff_mails"
    __table_args__ = (Index(None, "state", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[str] = mapped_column(ForeignKey("cases.number"), index=True)
    channel: Mapped[str]
    act: Mapped[str]
    state: Mapped[str]
    who: Mapped[str] = mapped_column(Sealed("staff_mails.who"))
    address: Mapped[str] = mapped_column(Sealed("staff_mails.address"))
    text: Mapped[str] = mapped_column(Sealed("staff_mails.text"))
    details: Mapped[dict[str, Any]] = mapped_column(SealedJson("staff_mails.details"))
    received_at: Mapped[datetime]
    created_at: Mapped[datetime]
    seconds: Mapped[int]
    seen: Mapped[int] = mapped_column(BigId)
    confirmed: Mapped[bool]
    told_at: Mapped[datetime | None]
    echo: Mapped[str] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    reason: Mapped[str]
