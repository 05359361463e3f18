"""People's decisions on tiers, kept as labels. Plain values; all times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime

from classify.types import Kind, Medium, Tier


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a case, and all that follows from it. ``tier`` None: none applies."""

    kind: Kind
    tier: Tier | None
    team: str
    due_at: datetime | None
    limit: str
    calendar: str
    who: str
    why: str
    asked: bool = False  # the complainant asked not to be known

    @property
    def restricted(self) -> bool:
        """Only the examiners see content and identity of tier 4, and of who asked not to be known."""
        return self.asked or self.tier is Tier.BERKADAR


@dataclass(frozen=True, slots=True)
class Judged:
    """A case's words and its verdict, for trying rules on. ``decided_by`` where a person set the tier."""

    id: int
    number: str
    subject: str
    words: str
    medium: Medium
    restricted: bool
    kind: Kind
    tier: Tier | None
    certain: bool
    suggested: Tier | None
    decided_by: str
    why: str
