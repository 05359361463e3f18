"""From scores to a decision: certain only where one tier leads clearly, else a suggestion.

Scores are integers in tenths of a natural logarithm: ten more make a tier e times as likely.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from classify.types import Kind, Tier

TIERS: tuple[Tier | None, ...] = (None, *Tier)
"""What the five scores stand for: none (praise, spam, machine mail, empty), then the four tiers."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The measures of the decision (putusan), percentages of likelihood, and where scores start.

    ``certain``: a tier below 4 needs this much where one of its rules matched, ``bare`` where
    only weak cues point to it, and tier 4 less than ``clear_of_gravest``. ``gravest_certain`` and
    ``gravest_bare``: the same for tier 4. ``suggest_gravest``: tier 4 is suggested from this much
    on, ``suggest_alarmed`` where a strong rule matched. ``plausible``: a tier remains plausible from this much on.
    """

    certain: int = 50
    bare: int = 60
    gravest_certain: int = 50
    gravest_bare: int = 80
    clear_of_gravest: int = 15
    suggest_gravest: int = 20
    suggest_alarmed: int = 4
    plausible: int = 10
    passage: int = 90
    bias: tuple[int, ...] = (0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Decision:
    """Index into TIERS of the certain or suggested tier, and which remain plausible."""

    place: int
    certain: bool
    plausible: tuple[int, ...]


GRAVEST = len(TIERS) - 1
_ANYTHING = (1, 2, 3)
"""Plausible where nothing is: the shortest clock runs until a person decides."""
_FIELD = 24
_HALF = 1 << _FIELD - 1


def packed(weights: Sequence[int]) -> int:
    """Weights for the five scores as one number, so that many are added in one step."""
    return sum(weight << _FIELD * place for place, weight in enumerate(weights))


def unpacked(total: int) -> list[int]:
    """The five sums of numbers made by `packed`."""
    scores = []
    for _ in TIERS:
        score = (total + _HALF & (1 << _FIELD) - 1) - _HALF
        scores.append(score)
        total = total - score >> _FIELD
    return scores


EMPTY = Decision(0, True, ())
"""What is decided about a message without a single word."""


def likelihoods(scores: Sequence[int]) -> list[float]:
    """The scores as shares of one."""
    top = max(scores)
    weights = [exp((score - top) / 10) for score in scores]
    total = sum(weights)
    return [weight / total for weight in weights]


def decide(
    scores: Sequence[int],
    policy: Policy,
    *,
    ruled: Container[int],
    alarmed: bool,
    whole: bool = True,
) -> Decision:
    """Choose by tiers.md: a wrong certain tier is worse than asking, asking always is useless.

    ``ruled``: places of TIERS with a matching rule; without one of their own, praise and spam are
    never certain, because nobody is told of them. ``alarmed``: a strong rule of tier 4 matched, so
    that nothing lower is certain ("a strong tier-4 cue beats praise and spam"); nor is it where the
    message was not read as a ``whole``.
    """
    shares = [share * 100 for share in likelihoods(scores)]
    place = max(range(len(shares)), key=shares.__getitem__)
    if place == GRAVEST:
        certain = shares[place] >= (
            policy.gravest_certain if place in ruled else policy.gravest_bare
        )
    else:
        needed = policy.certain if place in ruled else policy.bare
        clear = shares[GRAVEST] < policy.clear_of_gravest and not alarmed and whole
        certain = clear and shares[place] >= needed and (place > 0 or place in ruled)
    if certain:
        return Decision(place, True, (place,))
    if shares[GRAVEST] >= (policy.suggest_alarmed if alarmed else policy.suggest_gravest):
        place = GRAVEST
    return Decision(place, False, _likely(shares, place, policy, alarmed=alarmed))


def _likely(
    shares: Sequence[float], place: int, policy: Policy, *, alarmed: bool
) -> tuple[int, ...]:
    """What remains plausible: tier 4 wherever a strong rule of it matched."""
    likely = [
        i
        for i, share in enumerate(shares)
        if share >= policy.plausible or i == place or (alarmed and i == GRAVEST)
    ]
    return tuple(likely) if any(likely) else (0, *_ANYTHING)


def raised(decision: Decision) -> Decision:
    """Tier 4 suggested instead, because a passage of the message alone says so."""
    likely = {*decision.plausible, decision.place or GRAVEST - 1, GRAVEST}
    return Decision(GRAVEST, False, tuple(sorted(likely)))


def kind_of(decision: Decision, heard: Mapping[Kind, int]) -> Kind:
    """What a message is, by its decision and the strengths of the rules about kind that matched."""
    place = decision.place
    praise, spam = heard.get(Kind.APRESIASI, 0), heard.get(Kind.SPAM, 0)
    if place == 0 and (decision.certain or praise or spam):
        return Kind.APRESIASI if praise > spam else Kind.SPAM
    if place in (1, 2):
        return Kind.PERMINTAAN_INFORMASI
    loudest = max(heard, key=lambda kind: heard[kind], default=None)
    suggested = loudest is Kind.SARAN and TIERS[place] is Tier.TIDAK_BERKADAR
    return Kind.SARAN if suggested else Kind.PENGADUAN
