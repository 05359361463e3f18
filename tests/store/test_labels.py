"""People's decisions on both databases: in force at once, kept as labels, with the right mails."""

from dataclasses import replace
from datetime import timedelta

import pytest

from classify.types import Kind, Tier
from store import Store
from store.types import Decision, NoticeKind, NoticeRequest, NoticeState
from tests.store.samples import GRAVE, NOW, intake, open_case, put

DECISION = Decision(
    kind=Kind.PENGADUAN,
    tier=Tier.RINGAN,
    team="loket",
    due_at=NOW + timedelta(hours=3),
    limit="3 h",
    calendar="2026-2",
    who="ketut",
    why="hanya bertanya",
)
EXAMINERS = [NoticeRequest(NoticeKind.TEAM_RECLASSIFIED, "periksa@office.test")]
BYSTANDER = NoticeRequest(NoticeKind.TEAM_RESTRICTED, "kesra@office.test")


def told(store: Store, number: str) -> list[tuple[NoticeKind, str]]:
    return [(notice.kind, notice.recipient) for notice in store.notices(number)]


def test_a_decision_is_in_force_at_once_with_an_event(store: Store) -> None:
    number = open_case(store, verdict=GRAVE)
    store.reclassify(number, DECISION, [], now=NOW)
    ticket = store.ticket(number)
    assert ticket
    assert (ticket.tier, ticket.certain, ticket.suggested) == (Tier.RINGAN, True, None)
    assert (ticket.restricted, ticket.team, ticket.limit) == (False, "loket", "3 h")
    assert ticket.due_at == DECISION.due_at
    event = ticket.events[-1]
    assert (event.what, event.who) == ("complaint.reclassified", "ketut")
    assert event.details["suggested"] == "berkadar"
    assert store.verify() == []


def test_a_decision_about_nothing_is_refused_and_leaves_nothing(store: Store) -> None:
    with pytest.raises(LookupError):
        store.reclassify("MR-0000-000", DECISION, EXAMINERS, now=NOW)
    assert store.due_notices(NOW) == []


def test_the_last_decision_stands_beside_the_case(store: Store) -> None:
    number, other = open_case(store), open_case(store)
    store.reclassify(number, DECISION, [], now=NOW)
    store.reclassify(number, replace(DECISION, tier=Tier.NORMATIF, why="diatur"), [], now=NOW)
    (case,) = store.judged(by_people=True)
    assert (case.number, case.tier, case.decided_by, case.why) == (
        number,
        Tier.NORMATIF,
        "ketut",
        "diatur",
    )
    assert [one.decided_by for one in store.judged()] == ["ketut", ""]
    assert store.judged()[1].number == other


def test_cases_come_in_pages_from_a_day_on(store: Store) -> None:
    numbers = [open_case(store) for _ in range(5)]
    first = store.judged(limit=3)
    rest = store.judged(limit=3, after=first[-1].id)
    assert [one.number for one in first + rest] == numbers
    assert store.judged(since=NOW) == []
    assert len(store.judged(since=NOW - timedelta(hours=1))) == 5


def test_a_waiting_mail_to_a_stranger_loses_its_content_when_a_case_becomes_restricted(
    store: Store,
) -> None:
    number = open_case(store)
    store.reclassify(
        number, replace(DECISION, tier=Tier.BERKADAR), [*EXAMINERS, BYSTANDER], now=NOW
    )
    assert told(store, number) == [
        (NoticeKind.TEAM_RESTRICTED, "kesra@office.test"),
        (NoticeKind.TEAM_RECLASSIFIED, "periksa@office.test"),
    ]


def test_a_mail_that_is_out_already_stays_as_it_was(store: Store) -> None:
    number = open_case(store)
    store.notice_sent(store.notices(number)[0].id, NOW)
    store.reclassify(
        number, replace(DECISION, tier=Tier.BERKADAR), [*EXAMINERS, BYSTANDER], now=NOW
    )
    notices = store.notices(number)
    assert [n.kind for n in notices if n.state is NoticeState.SENT] == [NoticeKind.TEAM_NEW]
    assert (BYSTANDER.kind, BYSTANDER.recipient) in told(store, number)


def test_a_waiting_mail_to_an_examiner_keeps_its_content(store: Store) -> None:
    reader = NoticeRequest(NoticeKind.TEAM_NEW, "periksa@office.test")
    number = put(store, intake(notices=(reader,)))[0].number
    store.reclassify(number, replace(DECISION, tier=Tier.BERKADAR), EXAMINERS, now=NOW)
    assert (reader.kind, reader.recipient) in told(store, number)
