"""What a report asks of the office's language."""

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Words(Protocol):
    """The sentences people read, numbers and dates as they write them, in the office's time zone."""

    language: str
    zone: ZoneInfo

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence ``part.name`` with its values filled in."""
        ...

    def moment(self, at: datetime) -> str:
        """Return a moment with weekday."""
        ...

    def day(self, day: date) -> str:
        """Return a date in words."""
        ...

    def month(self, day: date, *, short: bool = False) -> str:
        """Return the month of a date in words."""
        ...

    def number(self, value: float, decimals: int = 0) -> str:
        """Return a number."""
        ...
