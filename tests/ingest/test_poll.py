from collections.abc import Iterator

import pytest

from channels.errors import Temporary
from channels.memory import MemoryChannel
from channels.types import Arrival, Message, Seen
from classify.engine import RuleSet
from classify.types import Medium, Verdict
from ingest import poll
from ingest.desk import Desk
from ingest.poll import Poller
from store.numbers import new_number
from store.types import Fate
from tests.ingest.workshop import PLAIN, Workshop, mail, read


class CrashingRules(RuleSet):
    """The shipped rules with a bug that one word brings out."""

    def __init__(self, rules: RuleSet) -> None:
        self._rules = rules

    def classify(self, subject: str, text: str, medium: Medium) -> Verdict:
        if "meledak" in text:
            raise RecursionError("a rule without end")
        return self._rules.classify(subject, text, medium)


class Breaking(MemoryChannel):
    """A server that hangs up at the third mail, every time."""

    def fetch(self, seen: Seen) -> Iterator[Arrival]:
        for count, arrival in enumerate(super().fetch(seen)):
            if count == 2:
                raise Temporary("imap_closed", host="localhost", reason="bye")
            yield arrival


def test_every_mail_becomes_a_case_and_only_one(shop: Workshop) -> None:
    assert [o.fate for o in shop.receive(shop.mail(), shop.mail())] == [Fate.CASE, Fate.CASE]
    assert shop.receive() == []
    assert len(shop.cases()) == 2


def test_an_unreadable_mail_is_quarantined_with_its_bytes_and_the_next_one_goes_on(
    shop: Workshop,
) -> None:
    channel = MemoryChannel("gmail")
    outcomes = shop.receive(b"\xff\xfe", PLAIN.encode(), channel=channel)
    assert [outcome.fate for outcome in outcomes] == [Fate.QUARANTINED, Fate.CASE]
    (kept,) = shop.quarantine()
    arrival = shop.store.quarantined(kept.id)
    assert arrival is not None
    assert arrival.raw == b"\xff\xfe"
    assert "memory_not_utf8" in kept.error


def test_a_rule_that_crashes_quarantines_its_mail_and_no_other(shop: Workshop) -> None:
    rules = CrashingRules(shop.parts.rules.current())
    desk = Desk(shop.parts.office, lambda: rules, shop.store)
    for text in ("meledak", PLAIN):
        shop.mailbox.push(shop.mail(text), shop.clock())
    outcomes = Poller(shop.store, desk, shop.clock).poll(shop.mailbox, shop.stop)
    assert [outcome.fate for outcome in outcomes] == [Fate.QUARANTINED, Fate.CASE]
    assert "RecursionError: a rule without end" in shop.quarantine()[0].error


def test_what_the_store_cannot_hold_keeps_none_of_its_neighbours_out(shop: Workshop) -> None:
    def naive(arrival: Arrival) -> Message:
        message = read(arrival)
        if "dua" not in message.text:
            return message
        return Message(Medium.EMAIL, message.received_at.replace(tzinfo=None), text="dua")

    channel = MemoryChannel("gmail", reader=naive)
    outcomes = shop.receive(*(shop.mail(text) for text in ("satu", "dua", "tiga")), channel=channel)
    assert [o.fate for o in outcomes] == [Fate.CASE, Fate.QUARANTINED, Fate.CASE]


def test_what_came_before_a_broken_connection_is_stored(shop: Workshop) -> None:
    channel = Breaking("gmail", reader=read)
    with pytest.raises(Temporary):
        shop.receive(*(shop.mail() for _ in range(5)), channel=channel)
    assert len(shop.cases()) == 2
    with pytest.raises(Temporary):
        shop.receive(channel=channel)
    assert len(shop.cases()) == 4


def test_a_store_out_of_reach_quarantines_nothing(shop: Workshop) -> None:
    """A mail that quotes another is looked up in the store; trouble there is not the mail's fault."""
    shop.mailbox.push(shop.mail("lagi", In_Reply_To="<apa@kantor.test>"), shop.clock())
    arrivals = list(shop.mailbox.fetch(shop.store.seen("gmail")))
    shop.close()
    database = shop.site.database
    database.rename(database.with_suffix(".away"))
    database.mkdir()  # a folder where the file should be: it cannot be opened
    with pytest.raises(shop.store.Unavailable):
        shop.parts.poller.decide(shop.mailbox, arrivals, "muara")
    database.rmdir()
    database.with_suffix(".away").rename(database)
    assert [outcome.fate for outcome in shop.receive()] == [Fate.CASE]


def test_a_stop_finishes_the_batch_in_hand_and_takes_no_more(shop: Workshop) -> None:
    class Stopping(MemoryChannel):
        def fetch(self, seen: Seen) -> Iterator[Arrival]:
            for count, arrival in enumerate(super().fetch(seen)):
                if count == 2:
                    shop.stop.set()
                yield arrival

    channel = Stopping("gmail", reader=read)
    assert len(shop.receive(*(shop.mail() for _ in range(5)), channel=channel)) == 3
    assert channel.acknowledged == [a.position for a in channel._arrivals[:3]]


def test_the_server_is_told_only_of_what_is_stored(shop: Workshop) -> None:
    shop.receive(shop.mail(), shop.mail())
    assert [place.item for place in shop.mailbox.acknowledged] == ["1", "2"]


def test_a_number_in_use_is_replaced_and_the_others_of_the_batch_are_kept(
    shop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = shop.opened().number
    numbers = [new_number(), new_number()]
    chosen = iter([numbers[0], taken])
    monkeypatch.setattr("ingest.desk.new_number", lambda: next(chosen))
    monkeypatch.setattr(poll, "new_number", lambda: numbers[1])
    outcomes = shop.receive(shop.mail("satu"), shop.mail("dua"))
    assert [outcome.number for outcome in outcomes] == numbers


def test_a_batch_is_bounded_by_count_and_by_bytes() -> None:
    small = _arrivals(120, 10)
    assert [len(batch) for batch in poll._batches(small)] == [50, 50, 20]
    large = _arrivals(5, poll.BATCH_BYTES // 2)
    assert [len(batch) for batch in poll._batches(large)] == [2, 2, 1]


def _arrivals(count: int, size: int) -> list[Arrival]:
    channel = MemoryChannel("gmail")
    for _ in range(count):
        channel.push(b"x" * size)
    return channel._arrivals


def test_the_same_mail_in_both_inboxes_is_one_case_with_two_arrivals(shop: Workshop) -> None:
    raw = mail(Message_ID="<sama@warga.test>")
    (first,) = shop.receive(raw)
    (second,) = shop.receive(raw, channel=shop.channel("webmail"))
    assert (second.fate, second.number) == (Fate.MERGED, first.number)
    assert shop.ticket(first.number).arrivals == 2
    assert len(shop.send()) == 2  # the team and the complainant, once each


def test_two_mails_under_one_message_id_are_two_cases(shop: Workshop) -> None:
    one, other = (mail(text, Message_ID="<sama@warga.test>") for text in ("satu", "dua"))
    assert [o.fate for o in shop.receive(one, other)] == [Fate.CASE, Fate.CASE]


def test_a_mail_without_anything_is_still_a_case(shop: Workshop) -> None:
    for raw in (b"\r\n", b"Subject: x\r\n\r\n", b""):
        shop.clock.pass_(seconds=1)
        assert [outcome.fate for outcome in shop.receive(raw)] == [Fate.CASE]
