"""Why a verdict is as it is: every rule's and weak cue's say."""

from dataclasses import dataclass

from classify.types import Hit, Verdict


@dataclass(frozen=True, slots=True)
class Say:
    """What one rule or weak cue adds: ``scores`` for none and the four tiers, and the words it saw."""

    name: str
    meaning: str
    scores: tuple[int, ...]
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict with everything that led to it; ``shares`` are likelihoods for none and four tiers."""

    verdict: Verdict
    says: tuple[Say, ...]
    shares: tuple[float, ...]
