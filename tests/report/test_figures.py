"""The figures of a month against a slow and plain count."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classify.types import Kind, Medium, Tier
from report.figures import report
from report.spread import Spread
from report.values import AGES, Group, MonthlyReport
from store.types import Status
from store.types.statistics import CaseFacts, Correction, Outage, OutageKind, Tally
from tests.report.samples import END, NOW, PERIOD, START, TIME, case, figures, found

OPEN = [Status.RECEIVED, Status.ROUTED, Status.IN_PROGRESS]
HOURS = timedelta(hours=1)


@st.composite
def cases(draw: st.DrawFn) -> CaseFacts:
    """A case as the database may tell of it."""
    received = START + draw(st.integers(0, 30 * 24 - 1)) * HOURS
    kind = draw(st.sampled_from(Kind))
    tier = draw(st.sampled_from([*Tier, None])) if kind.wants_answer else None
    due = received + draw(st.integers(1, 80 * 24)) * HOURS if kind.wants_answer else None
    answered = received + draw(st.integers(0, 60 * 24)) * HOURS if draw(st.booleans()) else None
    status = draw(st.sampled_from([*OPEN, Status.CLOSED, *([Status.ANSWERED] if answered else [])]))
    closing = status is Status.CLOSED and not answered
    medium = draw(st.sampled_from(Medium))
    return case(
        number=f"MR-{draw(st.integers(1, 10**9))}",
        channel=medium.value if medium.typed_in else draw(st.sampled_from(["gmail", "lama"])),
        medium=medium,
        kind=kind,
        tier=tier,
        certain=tier is not None or not kind.wants_answer,
        status=status,
        received_at=received,
        due_at=due,
        answered_at=answered,
        closed_at=received + draw(st.integers(0, 60 * 24)) * HOURS if closing else None,
    )


def plain(members: Sequence[CaseFacts], *, hours: bool = False) -> tuple[object, ...]:
    """A group's figures, case by case."""
    in_time = late = pending = closed = 0
    work, days = [], []
    for one in members:
        assert one.due_at
        if one.answered_at:
            work.append(
                TIME.office_hours(one.received_at, one.answered_at)
                if hours
                else float(TIME.working_days(one.received_at, one.answered_at))
            )
            days.append((one.answered_at - one.received_at).total_seconds() / 86400)
        end = one.answered_at or one.closed_at or NOW
        if end > one.due_at:
            late += 1
        elif one.answered_at:
            in_time += 1
        elif one.closed_at:
            closed += 1
        else:
            pending += 1
    tally = Tally(len(members), len(work), in_time, late, pending, closed)
    return tally, Spread.of(work), Spread.of(days)


def tier_row(one: CaseFacts) -> str:
    return str(one.kind) if one.kind == "permintaan_informasi" else str(one.tier or "uncertain")


def shown(group: Group) -> tuple[object, ...]:
    return group.tally, group.work, group.days


@settings(max_examples=60, deadline=None)
@given(st.lists(cases(), max_size=25, unique_by=lambda one: one.number))
def test_every_group_is_what_a_plain_count_gives(month: list[CaseFacts]) -> None:
    made = figures(month)
    counted = [one for one in month if one.kind not in (Kind.APRESIASI, Kind.SPAM)]
    assert shown(made.total) == plain(counted)
    for group in made.tiers:
        members = [one for one in counted if tier_row(one) == group.name]
        assert shown(group) == plain(members, hours=group.name == "ringan")
    for group in made.kinds:
        assert shown(group) == plain([one for one in counted if one.kind == group.name])
    for group in made.channels:
        assert shown(group) == plain([one for one in counted if one.channel == group.name])
    for groups in (made.tiers, made.kinds, made.channels):
        assert sum((group.tally for group in groups), Tally()) == made.total.tally
    assert sum(made.apart.values()) == len(month) - len(counted)
    assert len(made.late) == made.total.tally.late


@settings(max_examples=60, deadline=None)
@given(st.lists(cases(), max_size=25, unique_by=lambda one: one.number))
def test_every_open_case_has_one_age_and_stands_in_one_list(month: list[CaseFacts]) -> None:
    made = figures(month)
    waiting = [one for one in month if one.status.open and one.kind.wants_answer]
    assert sum(age.total for age in made.ages) == len(waiting)
    for age in made.ages:
        mine = [
            one
            for one in waiting
            if age.since
            <= TIME.working_days(one.received_at, NOW)
            <= (age.until if age.until is not None else 10**6)
        ]
        assert age.total == len(mine)
        assert age.reopened == sum(one.answered_at is not None for one in mine)
    listed = [one.number for one in (*made.late, *made.backlog)]
    assert len(listed) == len(set(listed))


def test_ages_leave_no_gap() -> None:
    ages = figures().ages
    assert [age.until for age in ages] == [*AGES, None]
    for before, after in pairwise(ages):
        assert before.until is not None
        assert after.since == before.until + 1


def test_a_month_without_cases_has_every_row_and_no_times() -> None:
    made = figures()
    assert [group.name for group in made.channels] == [
        "gmail", "ekspor-lapor", "phone", "box", "walk_in",
    ]  # fmt: skip
    assert all(shown(group) == (Tally(), None, None) for group in (*made.tiers, *made.kinds))
    assert (made.late, made.backlog, made.digests) == ((), (), {})


def test_a_channel_that_is_gone_is_told_where_it_brought_something() -> None:
    made = figures([case(channel="kotak-lama")])
    assert made.channels[-1].name == "kotak-lama"


def test_what_still_waits_stands_first_in_the_list_and_the_latest_on_top() -> None:
    at = START + timedelta(days=1)
    done = {"answered_at": at + timedelta(days=25), "status": Status.ANSWERED}
    month = [
        case(number="answered", received_at=at, **done),
        case(number="waits", received_at=at + timedelta(days=9)),
        case(number="waits longer", received_at=at),
    ]
    late = figures(month).late
    assert [one.number for one in late] == ["waits longer", "waits", "answered"]
    assert [one.done_at for one in late] == [None, None, done["answered_at"]]


def test_the_backlog_is_what_is_overdue_and_not_of_this_month() -> None:
    old = case(number="old", received_at=START - timedelta(days=30))
    again = case(
        number="asked again",
        received_at=START - timedelta(days=30),
        answered_at=START - timedelta(days=29),
        due_again_at=NOW - timedelta(days=1),
    )
    fine = case(number="in time", received_at=START - timedelta(days=1), due_at=END + HOURS * 900)
    made = figures([case(number="this month")], open=(old, again, fine))
    assert [one.number for one in made.late] == ["this month"]
    assert {one.number for one in made.backlog} == {"old", "asked again"}
    (waits,) = (one for one in made.backlog if one.number == "asked again")
    assert (waits.due_at, waits.done_at) == (again.due_again_at, None)


def test_how_late_is_counted_in_working_days_after_the_deadline() -> None:
    due = datetime.fromisoformat("2026-11-10T16:00+08:00")
    done = datetime.fromisoformat("2026-11-12T08:00+08:00")  # the 11th is closed
    (late,) = figures([case(due_at=due, answered_at=done, status=Status.ANSWERED)]).late
    assert (late.late_days, late.late_hours) == (1, 0.5)


@pytest.mark.parametrize(
    ("answered", "informed"),
    [("2026-11-05T14:00+08:00", 1), ("2026-11-05T16:00:01+08:00", 0), (None, 0)],
)
def test_requests_for_information_are_held_to_their_own_limit(
    answered: str | None, informed: int
) -> None:
    asked = case(
        kind=Kind.PERMINTAAN_INFORMASI,
        received_at=datetime.fromisoformat("2026-11-02T08:00+08:00"),
        answered_at=datetime.fromisoformat(answered) if answered else None,
    )
    other = replace(asked, kind=Kind.PENGADUAN, number="MR-2")
    assert figures([asked, other]).informed == informed


def test_the_month_before_is_compared_with_its_own_times() -> None:
    start = START - timedelta(days=10)
    made = figures(answers_before=((start, start + timedelta(hours=1)),))
    assert made.before.work == Spread(0, 0)


def test_a_month_that_is_not_over_says_so() -> None:
    early = replace(PERIOD, now=START + timedelta(days=3))
    assert report(early, found(), (), TIME).unfinished
    assert not report(PERIOD, found(), (), TIME).unfinished


def test_corrections_come_before_agreement_the_frequent_ones_first() -> None:
    agreed = Correction(Tier.RINGAN, True, Tier.RINGAN, 9)
    once = Correction(Tier.NORMATIF, True, Tier.RINGAN, 1)
    often = Correction(None, False, Tier.BERKADAR, 4)
    assert figures(corrections=(agreed, once, often)).corrections == (often, once, agreed)


def downtime(made: MonthlyReport, channel: str = "gmail") -> tuple[int, timedelta, timedelta]:
    (one,) = (one for one in made.downtimes if one.channel == channel)
    return one.times, one.down, one.longest


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(-48, 31 * 24), st.integers(0, 200)), max_size=8))
def test_down_time_is_every_hour_of_the_month_in_which_the_channel_was_down(
    stretches: list[tuple[int, int]],
) -> None:
    outages = tuple(
        Outage("gmail", OutageKind.DOWN, START + since * HOURS, START + (since + length) * HOURS)
        for since, length in stretches
    )
    hours = [START + n * HOURS for n in range(30 * 24)]
    down = [any(o.began_at <= h and o.ended_at and h < o.ended_at for o in outages) for h in hours]
    made = figures(outages=outages)
    assert downtime(made)[1] == sum(down) * HOURS
    (one,) = (one for one in made.downtimes if one.channel == "gmail")
    assert one.share is not None
    assert abs(one.share - (1 - sum(down) / len(hours))) < 1e-9


def test_an_outage_that_lasts_counts_until_now_and_no_longer() -> None:
    now = START + timedelta(days=3)
    outage = Outage("gmail", OutageKind.DOWN, now - timedelta(hours=5), None)
    made = report(replace(PERIOD, now=now), found(outages=(outage,)), (), TIME)
    assert downtime(made) == (1, timedelta(hours=5), timedelta(hours=5))
    assert next(one for one in made.downtimes if one.channel == "gmail").lasting


def test_an_outage_that_is_over_does_not_last() -> None:
    over = Outage("gmail", OutageKind.DOWN, START, START + timedelta(hours=5))
    later = Outage("gmail", OutageKind.DOWN, END + timedelta(days=1), None)
    assert not any(one.lasting for one in figures(outages=(over, later)).downtimes)


def test_what_was_not_recorded_yet_is_no_time_in_which_a_channel_was_fine() -> None:
    made = figures(outages_since=END + timedelta(days=1))
    assert [one.share for one in made.downtimes] == [None, None]
    half = START + (END - START) / 2
    outage = Outage("gmail", OutageKind.DOWN, START, half + (END - half) / 2)
    (gmail,) = (
        one
        for one in figures(outages=(outage,), outages_since=half).downtimes
        if one.channel == "gmail"
    )
    assert gmail.share == 0.5
