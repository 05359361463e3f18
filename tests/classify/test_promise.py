"""Which deadline a verdict leads to: its own tier's, or the shortest plausible one until a person settles it."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.deadline import Calendar, ClosedDay, Limit, OfficeHours, WorkDay, due_at
from classify.routing import Promise, promise
from classify.types import Kind, Tier, Verdict

LONG = WorkDay(time(7, 30), time(16), time(12), time(12, 45))
FRIDAY = WorkDay(time(7), time(14), time(11), time(11, 30))
OFFICE = Calendar(
    (OfficeHours(date(2026, 3, 1), (LONG, LONG, LONG, LONG, FRIDAY, None, None)),),
    (ClosedDay(date(2026, 12, 25), "Natal", "SKB"),),
)
LIMITS: Mapping[Tier, Limit] = {
    Tier.RINGAN: Limit.parse("3 h"),
    Tier.NORMATIF: Limit.parse("5 wd"),
    Tier.TIDAK_BERKADAR: Limit.parse("14 wd"),
    Tier.BERKADAR: Limit.parse("60 wd"),
}
INFORMATION = Limit.parse("3 wd")
RECEIVED = datetime(2026, 11, 24, 2, tzinfo=UTC)
ASKS = Kind.PERMINTAAN_INFORMASI


def certain(tier: Tier | None, kind: Kind = Kind.PENGADUAN) -> Verdict:
    return Verdict(kind, tier, True, None, (tier,) if tier else (), (), "")


def uncertain(*plausible: Tier, kind: Kind = Kind.PENGADUAN) -> Verdict:
    return Verdict(kind, None, False, None, plausible, (), "")


def promised(verdict: Verdict, received: datetime = RECEIVED) -> Promise:
    return promise(verdict, received, LIMITS, INFORMATION, OFFICE)


@pytest.mark.parametrize(
    ("verdict", "limit"),
    [
        (certain(Tier.RINGAN), "3 h"),
        (certain(Tier.NORMATIF), "5 wd"),
        (certain(Tier.TIDAK_BERKADAR), "14 wd"),
        (certain(Tier.BERKADAR), "60 wd"),
        (uncertain(Tier.NORMATIF, Tier.BERKADAR), "5 wd"),
        (uncertain(Tier.BERKADAR, Tier.TIDAK_BERKADAR), "14 wd"),
        (uncertain(), "3 h"),
        (certain(Tier.NORMATIF, ASKS), "3 wd"),
        (certain(Tier.TIDAK_BERKADAR, ASKS), "3 wd"),
        (certain(Tier.BERKADAR, ASKS), "3 wd"),
        (certain(Tier.RINGAN, ASKS), "3 h"),
        (uncertain(Tier.NORMATIF, Tier.BERKADAR, kind=ASKS), "3 wd"),
        (uncertain(kind=ASKS), "3 h"),
    ],
)
def test_the_clock_follows_the_shortest_promise_that_may_apply(
    verdict: Verdict, limit: str
) -> None:
    made = promised(verdict)
    due = due_at(RECEIVED, Limit.parse(limit), OFFICE)
    assert made == Promise(limit, due, OFFICE.version)


@pytest.mark.parametrize("kind", [Kind.APRESIASI, Kind.SPAM])
def test_praise_and_spam_are_owed_nothing(kind: Kind) -> None:
    assert promised(certain(None, kind)) == Promise(calendar=OFFICE.version)


@settings(max_examples=500, deadline=None)
@given(
    plausible=st.sets(st.sampled_from(Tier), min_size=1),
    seconds=st.integers(0, 365 * 24 * 3600),
    kind=st.sampled_from([Kind.PENGADUAN, Kind.SARAN, ASKS]),
)
def test_an_uncertain_tier_never_waits_longer_than_any_plausible_one(
    plausible: set[Tier], seconds: int, kind: Kind
) -> None:
    received = RECEIVED + timedelta(seconds=seconds)
    dues = [promised(certain(tier, kind), received).due_at for tier in plausible]
    due = promised(uncertain(*plausible, kind=kind), received).due_at
    assert due == min(one for one in dues if one)


@settings(max_examples=300, deadline=None)
@given(first=st.integers(0, 365 * 24 * 60), wait=st.integers(0, 10_000))
def test_what_comes_later_is_never_promised_earlier(first: int, wait: int) -> None:
    early = RECEIVED + timedelta(minutes=first)
    dues = [promised(uncertain(), at).due_at for at in (early, early + timedelta(minutes=wait))]
    assert dues[0] is not None
    assert dues[1] is not None
    assert dues[0] <= dues[1]
