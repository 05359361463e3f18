"""A person's decision on real parts: who writes what to whom, and what the rules make of it."""

from datetime import timedelta

import pytest

from classify.types import Kind, Tier
from ingest.reclassify import Contradiction, reclassify
from ingest.review import review
from store.types import Ticket
from testing.daemon import EXAMINER, TEAM
from tests.ingest.workshop import GRAVE, PLAIN, Workshop, body

WHY = "Sudah dibicarakan dengan pelapor."


def decide(shop: Workshop, ticket: Ticket, tier: Tier | None, kind: Kind | None = None) -> Ticket:
    shop.clock.pass_(days=2)
    reclassify(
        shop.store,
        shop.parts.office,
        ticket,
        tier=tier,
        kind=kind,
        who="ketut",
        why=WHY,
        clock=shop.clock,
    )
    return shop.ticket(ticket.number)


def test_the_team_reads_what_was_decided_and_why(shop: Workshop) -> None:
    ticket = decide(shop, shop.opened(), Tier.RINGAN)
    shop.send()
    letter = shop.letter("team_reclassified")
    assert letter["Subject"].startswith(f"[{ticket.number}] Tingkat diubah - Ringan")
    for part in (f"{WHY} (ketut)", PLAIN, ticket.number):
        assert part in body(letter)


def test_the_deadline_runs_from_receipt_not_from_the_decision(shop: Workshop) -> None:
    ticket = decide(shop, shop.opened(), Tier.RINGAN)
    assert ticket.due_at is not None
    assert ticket.due_at - ticket.received_at == timedelta(hours=3)
    assert (ticket.limit, ticket.certain) == ("3 h", True)


def test_only_examiners_read_a_case_that_becomes_restricted(shop: Workshop) -> None:
    decide(shop, shop.opened(), Tier.BERKADAR)
    shop.send()
    assert PLAIN in body(shop.letter("team_reclassified", EXAMINER))
    assert PLAIN not in body(shop.letter("team_restricted", TEAM))
    to_team = [str(one.message) for one in shop.sink.received if one.recipients == (TEAM,)]
    assert not any(PLAIN in text for text in to_team)


def test_the_team_reads_a_case_that_is_restricted_no_more(shop: Workshop) -> None:
    decide(shop, shop.opened(GRAVE), Tier.TIDAK_BERKADAR)
    shop.send()
    assert GRAVE in body(shop.letter("team_reclassified", TEAM))
    assert GRAVE in body(shop.letter("team_reclassified", EXAMINER))


def test_what_gets_a_tier_is_praise_no_more(shop: Workshop) -> None:
    spam = decide(shop, shop.opened(), None, Kind.SPAM)
    assert (spam.kind, spam.tier, spam.due_at, spam.limit) == (Kind.SPAM, None, None, "")
    again = decide(shop, spam, Tier.NORMATIF)
    assert (again.kind, again.tier) == (Kind.PENGADUAN, Tier.NORMATIF)


@pytest.mark.parametrize(
    ("tier", "kind"), [(None, None), (None, Kind.SARAN), (Tier.RINGAN, Kind.SPAM)]
)
def test_a_tier_and_a_kind_that_contradict_each_other_change_nothing(
    shop: Workshop, tier: Tier | None, kind: Kind | None
) -> None:
    ticket = shop.opened()
    with pytest.raises(Contradiction):
        decide(shop, ticket, tier, kind)
    assert shop.ticket(ticket.number) == ticket


def test_a_rule_is_held_to_what_people_decided(shop: Workshop) -> None:
    wrong, right = shop.opened(GRAVE), shop.opened(f"{GRAVE} Mohon ditindak.")
    said = wrong.tier or wrong.suggested
    assert said is not None
    decide(shop, wrong, Tier.NORMATIF)
    decide(shop, right, said)
    found = review(shop.parts.rules.current(), shop.store.judged(by_people=True))
    assert (found.decisions, found.agreed) == (2, 1)
    worst = found.rules[0]
    assert [one.number for one in worst.wrong] == [wrong.number]
    assert (worst.wrong[0].rules, worst.wrong[0].person, worst.wrong[0].why) == (
        said,
        Tier.NORMATIF,
        WHY,
    )
    assert worst.right == 1
