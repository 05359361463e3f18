import pytest

from channels.memory import MemoryChannel
from store.types import Fate
from tests.ingest.workshop import PLAIN, Workshop, mail


def quarantined(shop: Workshop, raw: bytes) -> int:
    """What a reader that knows only UTF-8 could not read."""
    shop.receive(raw, channel=MemoryChannel("gmail"))
    return shop.quarantine()[-1].id


def test_what_can_be_read_by_now_becomes_a_case_and_people_are_written_to(shop: Workshop) -> None:
    which = quarantined(shop, mail(PLAIN + "\udcff"))
    outcome = shop.parts.requeue.again(which, "ani")
    assert outcome.fate is Fate.CASE
    assert shop.quarantine() == []
    assert len(shop.send()) == 2
    assert shop.ticket(outcome.number).events[0].who == "ani"


def test_what_is_not_in_quarantine_cannot_be_tried_again(shop: Workshop) -> None:
    which = quarantined(shop, mail(PLAIN + "\udcff"))
    shop.parts.requeue.again(which, "ani")
    with pytest.raises(LookupError):
        shop.parts.requeue.again(which, "ani")
    with pytest.raises(LookupError):
        shop.parts.requeue.again(999, "ani")


def test_a_channel_that_is_gone_from_the_configuration_is_named(shop: Workshop) -> None:
    shop.receive(b"\xff", channel=MemoryChannel("lama"))
    with pytest.raises(LookupError):
        shop.parts.requeue.again(shop.quarantine()[0].id, "ani")
