"""The stations of a case's way, as its log and its mails tell them."""

from datetime import timedelta

import pytest

from classify.types import Kind, Medium, Tier
from store import Store
from store.types import Decision, Journey, NoticeKind, NoticeRequest
from tests.store.samples import GRAVE, NOW, bounce, message, open_case, put
from tests.store.test_reopening import writes_back
from tests.store.test_splitting import LEVY, ROAD, part, split

WHO = {"who": "wayan", "why": "x"}
NEXT, AFTER = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
TOLD = (NoticeRequest(NoticeKind.ACKNOWLEDGEMENT, "ketut@warga.test"),)


def way(store: Store, number: str) -> Journey:
    return store.journeys.of([number])[number]


def mail_sent(store: Store, number: str) -> str:
    (notice,) = store.notices(number)
    store.notice_sent(notice.id, NEXT)
    return notice.message_id


def test_a_case_goes_its_way_and_each_station_has_its_time(store: Store) -> None:
    number = open_case(store)
    received = message().received_at
    assert way(store, number) == Journey(received, routed_at=NOW)
    store.working.told(number, who="wayan", why="", now=NOW)
    store.working.confirm(number, who="wayan", why="", now=NEXT)
    store.working.take(number, who="wayan", now=AFTER)
    store.answer(number, "Sudah.", who="a", way="call", recipient="", now=AFTER)
    store.working.close(number, **WHO, now=AFTER)
    assert way(store, number) == Journey(received, NOW, NEXT, NOW, AFTER, AFTER, AFTER)
    assert store.journeys.of([]) == {}
    assert store.journeys.of(["MR-XXXX-XXX"]) == {}


def test_the_complainant_is_told_when_the_mail_server_took_the_mail(store: Store) -> None:
    number = open_case(store, notices=TOLD)
    assert way(store, number).told_at is None
    sent = mail_sent(store, number)
    assert way(store, number).told_at == NEXT
    put(store, bounce(sent))
    assert way(store, number).told_at is None


@pytest.mark.parametrize(("medium", "told"), [(Medium.PHONE, True), (Medium.BOX, False)])
def test_a_receipt_tells_who_is_there_to_take_it(store: Store, medium: Medium, told: bool) -> None:
    number = open_case(store, message=message(medium=medium))
    store.receipts.make(number, who="wayan", now=NEXT)
    assert way(store, number).told_at == (NEXT if told else None)


def test_settling_an_uncertain_tier_confirms_it(store: Store) -> None:
    number = open_case(store, verdict=GRAVE)
    decided = Decision(Kind.PENGADUAN, Tier.RINGAN, "kesra", NEXT, "3 h", "2026-1", "ani", "x")
    store.reclassify(number, decided, (), now=NEXT)
    assert (way(store, number).confirmed_at, way(store, number).routed_at) == (NEXT, NEXT)


def test_a_part_that_is_uncertain_is_not_confirmed_by_the_split(store: Store) -> None:
    whole = open_case(store, notices=TOLD)
    mail_sent(store, whole)
    sure, unsure = split(store, whole, part(ROAD), part(LEVY, verdict=GRAVE, restricted=True))
    assert way(store, sure).confirmed_at == NOW
    assert way(store, unsure).confirmed_at is None
    assert way(store, sure).told_at == NEXT


def test_what_is_reopened_has_its_last_stations_ahead_again(store: Store) -> None:
    number = open_case(store)
    store.working.take(number, who="wayan", now=NOW)
    store.answer(number, "Sudah.", who="a", way="call", recipient="", now=NOW)
    writes_back(store, number)
    again = way(store, number)
    assert (again.taken_at, again.answered_at, again.reopened_at) == (None, None, NOW)
    assert again.routed_at == NOW


def test_a_whole_is_under_way_with_its_first_part_and_done_with_its_last(store: Store) -> None:
    whole = open_case(store)
    road, levy = split(store, whole, part(ROAD), part(LEVY))
    store.working.take(road, who="wayan", now=NEXT)
    store.answer(road, "Sudah.", who="a", way="call", recipient="", now=NEXT)
    assert (way(store, whole).taken_at, way(store, whole).answered_at) == (NEXT, None)
    store.working.close(levy, **WHO, now=AFTER)
    assert (way(store, whole).answered_at, way(store, whole).closed_at) == (AFTER, None)
    store.working.close(road, **WHO, now=AFTER)
    assert way(store, whole).closed_at == AFTER
