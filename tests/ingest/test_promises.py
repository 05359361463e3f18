"""A deadline that was told changes: the complainant learns it once, and never of an examination."""

import pytest

from classify.types import Tier
from ingest.promises import Telling
from ingest.reclassify import Decided, reclassify
from ingest.splitting import Piece
from store.types import NoticeKind, Ticket
from tests.ingest.test_splitting_parts import ROAD, divided
from tests.ingest.workshop import CITIZEN, GRAVE, PLAIN, Workshop, body


def decided(shop: Workshop, ticket: Ticket, tier: Tier) -> Decided:
    return reclassify(
        shop.store, shop.parts.office, shop.ticket(ticket.number),
        tier=tier, kind=None, who="ketut", why="sudah dibaca", clock=shop.clock,
    )  # fmt: skip


def corrections(shop: Workshop) -> list[str]:
    found = [o.message for o in shop.sink.received if o.message["X-Muara"] == "promise"]
    assert all(one["To"] == CITIZEN for one in found)
    return [body(one) for one in found]


def test_a_new_deadline_is_told_once_in_the_old_thread(shop: Workshop) -> None:
    ticket = shop.opened()
    shop.send()
    assert decided(shop, ticket, Tier.RINGAN).correction.telling is Telling.MAIL
    shop.send()
    (text,) = corrections(shop)
    due = shop.ticket(ticket.number).due_at
    assert due is not None
    assert shop.parts.words.moment(due) in text
    assert shop.letter("promise", CITIZEN)["In-Reply-To"] == ticket.message_id
    assert decided(shop, ticket, Tier.RINGAN).correction.telling is Telling.NOTHING
    shop.send()
    assert len(corrections(shop)) == 1


def test_a_mail_that_waits_says_what_holds_when_it_is_sent(shop: Workshop) -> None:
    ticket = shop.opened()
    assert decided(shop, ticket, Tier.RINGAN).correction.telling is Telling.NOTHING
    shop.send()
    assert corrections(shop) == []
    due = shop.ticket(ticket.number).due_at
    assert due is not None
    assert shop.parts.words.moment(due) in body(shop.letter("acknowledgement", CITIZEN))
    decided(shop, ticket, Tier.NORMATIF)
    decided(shop, ticket, Tier.TIDAK_BERKADAR)
    shop.send()
    (text,) = corrections(shop)
    last = shop.ticket(ticket.number).due_at
    assert last is not None
    assert shop.parts.words.moment(last) in text


@pytest.mark.parametrize("first", [PLAIN, GRAVE])
def test_that_a_case_is_examined_is_never_told(shop: Workshop, first: str) -> None:
    ticket = shop.opened(first)
    shop.send()
    told = decided(shop, ticket, Tier.BERKADAR).correction.telling
    assert told in (Telling.KEPT_BACK, Telling.NOTHING)
    shop.send()
    assert decided(shop, ticket, Tier.RINGAN).correction.telling is Telling.KEPT_BACK
    shop.send()
    assert corrections(shop) == []


def test_a_part_is_corrected_too(shop: Workshop) -> None:
    ticket = shop.opened(f"{ROAD} {PLAIN}")
    shop.send()
    road, _ = divided(shop, ticket, Piece(ROAD, tier=Tier.TIDAK_BERKADAR), Piece(PLAIN))
    shop.send()
    assert decided(shop, road, Tier.RINGAN).correction.telling is Telling.MAIL
    shop.send()
    assert len(corrections(shop)) == 1


def test_who_never_was_told_a_time_is_not_told_another(shop: Workshop) -> None:
    ticket = shop.opened(Auto_Submitted="no", Precedence="bulk")
    kinds = shop.notices(ticket)
    assert NoticeKind.ACKNOWLEDGEMENT.value not in kinds
    shop.send()
    assert decided(shop, ticket, Tier.RINGAN).correction.telling is Telling.NOTHING


def test_what_is_answered_already_needs_no_new_time(shop: Workshop) -> None:
    ticket = shop.opened()
    shop.send()
    shop.store.answer(ticket.number, "Sudah.", who="k", way="call", recipient="", now=shop.clock())
    assert decided(shop, ticket, Tier.RINGAN).correction.telling is Telling.NOTHING
