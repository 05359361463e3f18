"""The guest book. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who came to the office; ``number`` is the case they came about.

    Of who brought a case, name and telephone are the complainant's. ``restricted``: only examiners may
    see who it is. ``anonymous``: they did not want to be named. ``who`` entered it.
    """

    came_at: datetime
    name: str = ""
    agency: str = ""
    purpose: str = ""
    meets: str = ""
    phone: str = ""
    number: str = ""
    who: str = ""
    id: int = 0
    restricted: bool = False
    anonymous: bool = False


@dataclass(frozen=True, slots=True)
class GuestLook:
    """Who opened the names of how many (``shown``) guests, and of which days."""

    at: datetime
    who: str
    first: datetime
    last: datetime
    shown: int
