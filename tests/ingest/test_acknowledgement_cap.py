from datetime import timedelta

from store.types import Fate, NoticeKind
from tests.ingest.workshop import CITIZEN, Workshop


def acknowledged(shop: Workshop, address: str = CITIZEN) -> int:
    since = shop.clock() - timedelta(days=9)
    return shop.store.notices_since(address, NoticeKind.ACKNOWLEDGEMENT, since)


def test_one_sender_is_acknowledged_three_times_an_hour(shop: Workshop) -> None:
    for _ in range(5):
        shop.opened()
    assert acknowledged(shop) == 3
    shop.clock.pass_(minutes=61)
    shop.opened()
    assert acknowledged(shop) == 4


def test_the_cap_holds_within_one_batch(shop: Workshop) -> None:
    outcomes = shop.receive(*(shop.mail(f"Lampu mati {n}") for n in range(10)))
    assert [outcome.fate for outcome in outcomes] == [Fate.CASE] * 10
    assert acknowledged(shop) == 3


def test_the_cap_is_for_each_sender(shop: Workshop) -> None:
    people = [f"warga{n}@warga.test" for n in range(4)]
    shop.receive(*(shop.mail(sender=person) for person in people for _ in range(4)))
    assert [acknowledged(shop, person) for person in people] == [3, 3, 3, 3]


def test_writing_an_address_in_capitals_does_not_get_round_the_cap(shop: Workshop) -> None:
    shop.receive(*(shop.mail(sender=s) for s in (CITIZEN, CITIZEN.upper()) for _ in range(3)))
    assert acknowledged(shop) + acknowledged(shop, CITIZEN.upper()) == 3


def test_a_mail_server_whose_clock_is_ahead_does_not_get_round_the_cap(shop: Workshop) -> None:
    for _ in range(5):
        shop.mailbox.push(shop.mail(), shop.clock() + timedelta(hours=3))
        shop.parts.poller.poll(shop.mailbox, shop.stop)
    assert acknowledged(shop) == 3


def test_a_mail_put_off_by_the_database_does_not_count_twice(shop: Workshop) -> None:
    arrivals = [shop.mail() for _ in range(3)]
    for raw in arrivals:
        shop.mailbox.push(raw, shop.clock())
    pushed = list(shop.mailbox.fetch(shop.store.seen("gmail")))
    for _ in range(3):  # decided, but never stored
        shop.parts.poller.decide(shop.mailbox, pushed, "muara")
    shop.receive()
    assert acknowledged(shop) == 3


def test_two_programs_that_answer_each_other_fall_silent(shop: Workshop) -> None:
    """The worst kind: it answers every mail of ours as a person would, without any header."""
    shop.receive(shop.mail())
    for _ in range(20):
        answers = [
            shop.mail(f"Terima kasih atas surat {one.message['Message-ID']}")
            for one in shop.send()
            if one.recipients == (CITIZEN,)
        ]
        shop.receive(*answers)
    assert acknowledged(shop) == 3
    assert shop.send() == []


def test_acknowledgements_can_be_switched_off(shop: Workshop) -> None:
    shop.site.extra = "[acknowledgement]\nenabled = false\n"
    shop.close()
    shop.reopen()
    shop.opened()
    assert acknowledged(shop) == 0
