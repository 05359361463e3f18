"""Figures of the monthly evaluation on both databases, against the log of every single case."""

import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from classify.types import Kind, Medium, Tier
from store import Store
from store.lifecycle import NotAllowed
from store.types import Clock, Decision, Event, NoticeKind, Status, Ticket, TicketFilter
from store.types.statistics import Correction, OutageKind, Span, Standing, Statistics, Tally
from tests.store.samples import GRAVE, NOW, VERDICT, arrival, intake, message, put, sql, statements
from tests.store.test_splitting import LEVY, ROAD, part, sound, split

WITA = ZoneInfo("Asia/Makassar")
WHO = {"who": "ani", "why": "x"}
STARTS = tuple(
    datetime(2025 + (11 + n) // 12, (11 + n) % 12 + 1, 1, tzinfo=WITA).astimezone(UTC)
    for n in range(12)
)  # December 2025 to November 2026
END = datetime(2026, 12, 1, tzinfo=WITA).astimezone(UTC)
LATER = datetime(2027, 1, 15, tzinfo=UTC)
SPAN = Span(STARTS, END, LATER)


def opened(store: Store, received_at: datetime, **values: Any) -> str:
    told = message(received_at=received_at)
    due = received_at + timedelta(days=7)
    (outcome,) = put(store, intake(**{"message": told, "due_at": due, **values}))
    return outcome.number


def answer(store: Store, number: str, at: datetime) -> None:
    store.answer(number, "Sudah.", who="ani", way="call", recipient="", now=at)


def read(store: Store, now: datetime = LATER) -> Statistics:
    return store.statistics.read(replace(SPAN, now=now))


def november(store: Store, now: datetime = LATER) -> Tally:
    return read(store, now).tallies[STARTS[-1]]


# One thing at a time


@pytest.mark.parametrize(
    ("local", "counts"),
    [
        ("2026-10-31 23:59:59.999999", False),
        ("2026-11-01 00:00:00.000000", True),
        ("2026-11-30 23:59:59.999999", True),
        ("2026-12-01 00:00:00.000000", False),
    ],
)
def test_a_month_begins_and_ends_at_midnight_in_the_office(
    store: Store, local: str, counts: bool
) -> None:
    number = opened(store, datetime.fromisoformat(local).replace(tzinfo=WITA))
    found = read(store)
    assert november(store).received == counts
    assert [case.number for case in found.cases] == ([number] if counts else [])


@pytest.mark.parametrize(("seconds", "standing"), [(0, Standing.IN_TIME), (1e-6, Standing.LATE)])
def test_an_answer_at_the_deadline_is_in_time(
    store: Store, seconds: float, standing: Standing
) -> None:
    number = opened(store, STARTS[-1])
    answer(store, number, STARTS[-1] + timedelta(days=7, seconds=seconds))
    assert read(store).cases[0].standing(LATER) is standing
    assert (november(store).in_time, november(store).late) == (
        standing is Standing.IN_TIME,
        standing is Standing.LATE,
    )


def test_what_is_open_is_late_once_its_deadline_is_over(store: Store) -> None:
    opened(store, STARTS[-1])
    due = STARTS[-1] + timedelta(days=7)
    assert november(store, due) == Tally(received=1, pending=1)
    assert november(store, due + timedelta(microseconds=1)) == Tally(received=1, late=1)


def test_only_the_first_answer_counts(store: Store) -> None:
    number = opened(store, STARTS[-1])
    answer(store, number, STARTS[-1] + timedelta(days=1))
    answer(store, number, STARTS[-1] + timedelta(days=30))
    store.working.reopen(number, **WHO, now=LATER)
    assert november(store) == Tally(received=1, answered=1, in_time=1)


def test_closing_hides_no_delay(store: Store) -> None:
    early, late = opened(store, STARTS[-1]), opened(store, STARTS[-1])
    store.working.close(early, **WHO, now=STARTS[-1] + timedelta(days=2))
    store.working.close(late, **WHO, now=STARTS[-1] + timedelta(days=8))
    assert november(store) == Tally(received=2, late=1, closed=1)


def test_the_complainants_second_letter_does_not_make_a_late_answer_timely(store: Store) -> None:
    number = opened(store, STARTS[-1])
    answer(store, number, STARTS[-1] + timedelta(days=9))
    again = LATER - timedelta(days=1)
    clock = Clock(number, STARTS[-1] + timedelta(days=10), again, "14 wd", "2026-2")
    put(store, intake(joins=number, number="", clocks=(clock,)))
    (case,) = read(store).cases
    assert (case.status, case.standing(LATER)) == (Status.ROUTED, Standing.LATE)
    assert (case.due_at, case.due_again_at) == (STARTS[-1] + timedelta(days=7), again)
    assert case.overdue(LATER)
    assert not case.overdue(again)


def test_merged_cases_count_once_from_the_earliest_receipt_with_the_first_answer(
    store: Store,
) -> None:
    early, late = opened(store, STARTS[-2]), opened(store, STARTS[-1])
    answer(store, early, STARTS[-2] + timedelta(days=1))
    store.merging.merge(early, late, [], **WHO, now=LATER)
    found = read(store)
    assert found.cases == ()
    assert found.tallies[STARTS[-2]] == Tally(received=1, answered=1, in_time=1)
    assert found.tallies[STARTS[-1]] == Tally()
    store.merging.unmerge(early, **WHO, now=LATER)
    assert read(store).tallies[STARTS[-1]] == Tally(received=1, late=1)


def test_of_a_split_complaint_the_parts_count(store: Store) -> None:
    number = opened(store, STARTS[-1])
    split(store, number, part(ROAD), part(LEVY))
    counted = {case.number for case in read(store).cases} | {c.number for c in read(store).open}
    assert len(counted) == 2
    assert number not in counted


def test_praise_and_spam_are_told_but_not_counted(store: Store) -> None:
    for kind in Kind:
        opened(store, STARTS[-1], verdict=replace(VERDICT, kind=kind))
    assert november(store).received == 3
    assert sorted(case.kind for case in read(store).cases) == sorted(Kind)


def test_restricted_cases_are_counted(store: Store) -> None:
    opened(store, STARTS[-1], verdict=GRAVE)
    assert november(store).received == 1


def test_a_part_begins_without_the_answer_of_its_whole(store: Store) -> None:
    number = opened(store, STARTS[-1])
    answer(store, number, STARTS[-1] + timedelta(days=1))
    store.working.reopen(number, **WHO, now=LATER)
    split(store, number, part(ROAD), part(LEVY))
    assert [case.answered_at for case in read(store).open] == [None, None]


# Labels and channels


def test_the_first_decision_on_a_case_is_held_against_the_program(store: Store) -> None:
    number = opened(store, STARTS[-1])
    at = STARTS[-1] + timedelta(days=3)
    for tier in (Tier.BERKADAR, Tier.RINGAN):
        decision = Decision(Kind.PENGADUAN, tier, "kesra", at, "3 h", "c", "ani", "x")
        store.reclassify(number, decision, [], now=at)
    assert read(store).corrections == (Correction(Tier.NORMATIF, True, Tier.BERKADAR, 1),)


def test_decisions_of_another_month_are_not_told(store: Store) -> None:
    number = opened(store, STARTS[-1])
    decision = Decision(Kind.PENGADUAN, Tier.RINGAN, "kesra", END, "3 h", "c", "ani", "x")
    store.reclassify(number, decision, [], now=END)
    assert read(store).corrections == ()


def down(store: Store, since: datetime, told: datetime) -> None:
    for at in (since, told):
        store.channel_failed("gmail", error="e", next_due=at, down=True, now=at)
    store.tell_of_channel("gmail", NoticeKind.CHANNEL_DOWN, [], {}, told)


def test_a_channel_is_down_from_its_first_failure_until_it_is_read_again(store: Store) -> None:
    since, told = STARTS[-1] + timedelta(days=1), STARTS[-1] + timedelta(days=1, hours=1)
    store.channel_polled("gmail", found=0, next_due=since, now=STARTS[-1])
    down(store, since, told)
    (outage,) = read(store).outages
    assert (outage.channel, outage.kind, outage.ended_at) == ("gmail", OutageKind.DOWN, None)
    assert outage.began_at == since
    back = told + timedelta(hours=5)
    store.channel_polled("gmail", found=0, next_due=back, now=back)
    store.tell_of_channel("gmail", NoticeKind.CHANNEL_UP, [], {}, back)
    (outage,) = read(store).outages
    assert outage.ended_at == back
    down(store, back + timedelta(days=1), back + timedelta(days=1))
    assert len(read(store).outages) == 2


def test_an_outage_belongs_to_every_month_it_touches(store: Store) -> None:
    down(store, STARTS[-2] + timedelta(days=1), STARTS[-2] + timedelta(days=1))
    store.channel_polled("gmail", found=0, next_due=END, now=STARTS[-1])
    store.tell_of_channel("gmail", NoticeKind.CHANNEL_UP, [], {}, STARTS[-1])
    assert read(store).outages == ()
    down(store, END, END)
    assert read(store).outages == ()


@pytest.mark.parametrize(
    ("begin", "end", "kind"),
    [
        (NoticeKind.CHANNEL_SILENT, NoticeKind.CHANNEL_HEARD, OutageKind.SILENT),
        (NoticeKind.CANARY_LOST, NoticeKind.CANARY_BACK, OutageKind.CANARY_LOST),
    ],
)
def test_silence_and_lost_canaries_are_outages_too(
    store: Store, begin: NoticeKind, end: NoticeKind, kind: OutageKind
) -> None:
    store.channel_polled("gmail", found=0, next_due=NOW, now=NOW)
    began = STARTS[-1] + timedelta(days=1)
    for at, told in ((began, begin), (began + timedelta(hours=1), begin), (LATER, end)):
        store.tell_of_channel("gmail", told, [], {}, at)
    (outage,) = read(store).outages
    assert (outage.kind, outage.began_at, outage.ended_at) == (kind, began, LATER)


def test_a_new_database_has_recorded_outages_from_the_beginning(store: Store) -> None:
    assert read(store).outages_since is None


def test_the_number_of_statements_is_always_the_same(store: Store) -> None:
    with statements(store) as few:
        read(store)
    history(store, random.Random(1))
    with statements(store) as many:
        read(store)
    assert len(many) == len(few)


def test_an_answer_moved_behind_our_back_is_noticed(store: Store, url: str) -> None:
    number = opened(store, STARTS[-1])
    answer(store, number, STARTS[-1] + timedelta(days=9))
    assert sound(store)
    sql(url, "UPDATE cases SET answered_at = received_at")
    (damage,) = store.examination().crosscheck()
    assert (damage.number, damage.fields) == (number, "answered_at")


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # PostgreSQL plans by what there is
def test_a_year_of_cases_is_counted_from_an_index_alone(store: Store, url: str) -> None:
    """Or a hundred thousand long letters would be read to count them."""
    with statements(store) as sent:
        read(store)
    (counting,) = (one for one in sent if "GROUP BY months.month" in one)
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        values = [""] * counting.count("?")
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {counting}", values)]
    assert any("cases USING COVERING INDEX ix_cases_statistics" in step for step in plan), plan


# Everything together


@pytest.mark.parametrize("seed", range(4))
def test_random_histories_are_counted_as_their_log_tells(store: Store, seed: int) -> None:
    history(store, random.Random(seed))
    found, cases = read(store), list(told(store))
    assert {one.number: astuple(one)[8:13] for one in found.cases} == {
        t.number: facts(t) for t in cases if STARTS[-1] <= receipt(t) < END
    }
    owing = {t.number for t in cases if t.status.open and t.kind.wants_answer}
    assert {one.number for one in found.open} == {
        t.number for t in cases if t.number in owing and receipt(t) < END
    }
    for start, end in zip(STARTS, (*STARTS[1:], END), strict=True):
        month = [t for t in cases if start <= receipt(t) < end and t.kind.wants_answer]
        assert found.tallies[start] == tally(month)
    before = [t for t in cases if STARTS[-2] <= receipt(t) < STARTS[-1]]
    assert sorted(found.answers_before) == sorted(
        (receipt(t), answered)
        for t in before
        if (answered := first(t, "answer.recorded")) and t.kind.wants_answer
    )
    assert sound(store)


def history(store: Store, dice: random.Random) -> None:
    """Cases of fourteen months, and what people do with them, in any order that is allowed."""
    numbers: list[str] = []
    at = STARTS[0] - timedelta(days=20)
    while at < END + timedelta(days=10):
        at += timedelta(days=dice.expovariate(0.5))
        if dice.random() < 0.25 or len(numbers) < 2:
            numbers.append(received(store, dice, at))
            continue
        one, other = dice.sample(numbers[-15:], 2) if len(numbers) > 15 else numbers[:2]
        try:
            act(store, dice, one, other, at)
        except NotAllowed:
            continue


def received(store: Store, dice: random.Random, at: datetime) -> str:
    kind = dice.choices(list(Kind), [9, 2, 3, 1, 1])[0]
    made = intake(
        arrival=arrival(dice.choice(["gmail", "webmail"])),
        message=message(received_at=at),
        verdict=replace(VERDICT, kind=kind),
        due_at=at + timedelta(days=dice.choice([1, 7, 20, 85])) if kind.wants_answer else None,
    )
    return store.commit([made], cursor=None, now=at)[0].number


def act(store: Store, dice: random.Random, one: str, other: str, at: datetime) -> None:
    match dice.randrange(9):
        case 0 | 1 | 2 | 3:
            answer(store, one, at)
        case 4:
            store.working.close(one, **WHO, now=at)
        case 5:
            store.working.reopen(one, **WHO, now=at)
        case 6:
            store.merging.merge(one, other, [], **WHO, now=at)
        case 7:
            store.merging.unmerge(one, **WHO, now=at)
        case _:
            thread = store.thread(one, "ketut@warga.test")
            assert thread
            clock = Clock(thread.number, at, at + timedelta(days=9), "14 wd", "2026-2")
            reply = intake(joins=thread.number, number="", clocks=(clock,))
            store.commit([reply], cursor=None, now=at)


def told(store: Store) -> Iterator[Ticket]:
    """Every case that counts, whole, one by one."""
    for listed in store.tickets(TicketFilter(limit=1000)):
        ticket = store.ticket(listed.number)
        assert ticket
        if not ticket.status.stood_for:
            yield ticket


def facts(ticket: Ticket) -> tuple[object, ...]:
    answered, due = first(ticket, "answer.recorded"), first_due(ticket)
    again = ticket.due_at if restarted(ticket) else None
    return (receipt(ticket), due, again, ticket.limit, answered)


def tally(tickets: Iterable[Ticket]) -> Tally:
    counted = Tally()
    for ticket in tickets:
        answered, due = first(ticket, "answer.recorded"), first_due(ticket)
        assert due
        done = answered or (None if ticket.status.open else last_closing(ticket))
        late = (done or LATER) > due
        counted += Tally(
            received=1,
            answered=bool(answered),
            in_time=bool(answered) and not late,
            late=late,
            pending=not done and not late,
            closed=bool(done) and not answered and not late,
        )
    return counted


def receipt(ticket: Ticket) -> datetime:
    return ticket.first_received_at or ticket.received_at


def own(ticket: Ticket) -> list[Event]:
    return [event for event in ticket.events if "case" not in event.details]


def first(ticket: Ticket, what: str) -> datetime | None:
    """When something first happened to a case or one merged into it."""
    return min((event.at for event in ticket.events if event.what == what), default=None)


def last_closing(ticket: Ticket) -> datetime:
    return max(event.at for event in own(ticket) if event.what == "case.closed")


def restarted(ticket: Ticket) -> bool:
    return any(event.what == "clock.restarted" for event in own(ticket))


def first_due(ticket: Ticket) -> datetime | None:
    """The deadline before the complainant wrote back."""
    due = None
    for event in own(ticket):
        if event.what == "clock.restarted":
            break
        if said := event.details.get("due_at"):
            due = datetime.fromisoformat(said).astimezone(UTC)
    return due


def test_media_do_not_change_what_is_read(store: Store) -> None:
    for medium in Medium:
        opened(store, STARTS[-1], message=message(received_at=STARTS[-1], medium=medium))
    assert {case.medium for case in read(store).cases} == set(Medium)
