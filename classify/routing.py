"""Which team gets a case (disposisi), and when its answer is due. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from classify.deadline import Calendar, Limit, due_at
from classify.types import Kind, Medium, Tier, Verdict


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the routing table: all that it names must agree; an empty field agrees with everything.

    ``words`` agree when one of them stands in the subject or the text, as whole words, in any case.
    """

    team: str
    mediums: frozenset[Medium] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    tiers: frozenset[Tier] = frozenset()
    channels: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """What routing looks at: where a message came from and its words."""

    channel: str
    medium: Medium
    words: str


@dataclass(frozen=True, slots=True)
class Promise:
    """When the answer is due: ``limit`` is the promise it follows from; both are empty for praise and spam.

    ``calendar`` is the version of the calendar it was reckoned by.
    """

    limit: str = ""
    due_at: datetime | None = None
    calendar: str = ""


def team_for(subject: Subject, verdict: Verdict, routes: Sequence[Route], default: str) -> str:
    """Return the team of the first route that agrees, else ``default``."""
    folded = _fold(subject.words)
    return next(
        (route.team for route in routes if _agrees(route, subject, verdict, folded)), default
    )


def _agrees(route: Route, subject: Subject, verdict: Verdict, folded: str) -> bool:
    return (
        (not route.mediums or subject.medium in route.mediums)
        and (not route.kinds or verdict.kind in route.kinds)
        and (not route.tiers or _routing_tier(verdict) in route.tiers)
        and (not route.channels or subject.channel in route.channels)
        and (not route.words or any(_fold(word) in folded for word in route.words))
    )


def _routing_tier(verdict: Verdict) -> Tier | None:
    return verdict.tier if verdict.certain else verdict.gravest


def _fold(text: str) -> str:
    letters = (char if char.isalnum() else " " for char in text.casefold())
    return f" {' '.join(''.join(letters).split())} "


def promise(
    verdict: Verdict,
    received_at: datetime,
    limits: Mapping[Tier, Limit],
    information: Limit,
    calendar: Calendar,
) -> Promise:
    """Return the shortest plausible deadline: the clock until a person settles the tier.

    A certain tier has its own limit; an uncertain verdict the shortest of its plausible tiers, of
    all four where no cue was found. A request for information is also held to ``information``
    (the office's standard: three days).
    """
    candidates = plausible_limits(verdict, limits, information)
    dated = [(due_at(received_at, limit, calendar), str(limit)) for limit in candidates]
    if not dated:
        return Promise(calendar=calendar.version)
    due, limit = min(dated)
    return Promise(limit, due, calendar.version)


def plausible_limits(
    verdict: Verdict, limits: Mapping[Tier, Limit], information: Limit
) -> tuple[Limit, ...]:
    """Return every limit that may apply; the shortest counts."""
    candidates = tuple(limits[tier] for tier in _clock_tiers(verdict))
    asks = candidates and verdict.kind is Kind.PERMINTAAN_INFORMASI
    return (*candidates, information) if asks else candidates


def _clock_tiers(verdict: Verdict) -> tuple[Tier, ...]:
    if verdict.certain:
        return (verdict.tier,) if verdict.tier else ()
    return verdict.plausible or tuple(Tier)
