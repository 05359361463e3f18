"""A calendar that puts off a deadline somebody was told: they learn it once, whoever moved it."""

from datetime import date

from classify.types import Tier
from ingest.put_off import PutOff
from tests.ingest.test_datebook import WEDNESDAY, another_process, decided, settled
from tests.ingest.test_promises import corrections
from tests.ingest.workshop import CITIZEN, Workshop


def test_who_was_told_by_mail_gets_the_later_deadline_by_mail(shop: Workshop) -> None:
    case = settled(shop, Tier.NORMATIF)
    shop.send()
    book = another_process(shop)
    day = decided(shop, WEDNESDAY)
    assert book.put_off(book.preview(day)) == PutOff({case.number: CITIZEN})
    (moved,) = book.decide(day)
    shop.send()
    (text,) = corrections(shop)
    assert "Hari kerja kantor kami berubah" in text
    assert shop.parts.words.moment(moved.due_at) in text
    assert shop.letter("promise", CITIZEN)["In-Reply-To"] == case.message_id


def test_a_deadline_that_comes_nearer_breaks_no_promise(shop: Workshop) -> None:
    settled(shop, Tier.NORMATIF)
    shop.parts.dates.decide(decided(shop, WEDNESDAY))
    shop.send()
    (moved,) = shop.parts.dates.decide(decided(shop, WEDNESDAY, state=""))
    assert moved.due_at < moved.was_due
    shop.send()
    assert corrections(shop) == []


def test_a_mail_that_still_waits_names_the_new_deadline_itself(shop: Workshop) -> None:
    settled(shop, Tier.NORMATIF)
    shop.parts.dates.decide(decided(shop, WEDNESDAY))
    shop.send()
    assert corrections(shop) == []


def test_a_case_under_examination_says_nothing(shop: Workshop) -> None:
    settled(shop, Tier.BERKADAR)
    shop.send()
    book = another_process(shop)
    assert len(book.decide(decided(shop, date(2026, 12, 1)))) == 1
    shop.send()
    assert corrections(shop) == []


def test_a_changed_configuration_is_told_by_the_daemon_once(shop: Workshop) -> None:
    settled(shop, Tier.NORMATIF)
    shop.send()
    row = '[[calendar.days]]\ndate = 2026-11-26\nstate = "closed"\nname = "A"\nsource = "B"'
    shop.site.extra += row
    shop.site.write()
    book = another_process(shop)
    book.refresh()
    book.refresh()
    shop.send()
    assert len(corrections(shop)) == 1
