"""Answers through the platform: sent once, never twice, and a person is asked where nobody knows."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from channels.base import Answering
from channels.errors import Permanent
from channels.memory import MemoryChannel
from classify.types import Medium
from ingest.answer import Way, answer
from ingest.posting import Poster
from ingest.splitting import Piece, planned, split
from store.types import NoticeState
from testing.daemon import TEAM
from tests.channels.lapor.feed import Call, Reply, channel_for, profile, serving
from tests.ingest.workshop import PLAIN, Workshop, body, reading

FEED = "lapor"
SAID = "Sudah kami {text} proses & selesai."
WITH_ANSWER = profile(
    answer={
        "path": "reports/{external_id}/notes",
        "params": {"isi": "{text}", "id": "{external_id}"},
    }
)
Answer = Callable[[Call], Reply]


class Platform:
    """A case of report 1, and a platform that takes answers as it is told."""

    def __init__(self, shop: Workshop, base_url: str, calls: list[Call]) -> None:
        self.shop = shop
        self.calls = calls
        self.channel = channel_for(base_url, WITH_ANSWER, timeout=0.5, total=0.5)
        self.poster = self.poster_of(self.channel)
        reports = MemoryChannel(FEED, Medium.LAPOR, reading(Medium.LAPOR))
        (outcome,) = shop.receive(PLAIN.encode(), channel=reports)
        self.case = shop.ticket(outcome.number)

    def poster_of(self, channel: Answering) -> Poster:
        parts = self.shop.parts
        return Poster(
            FEED,
            channel,
            store=parts.store,
            office=parts.office,
            words=parts.words,
            clock=self.shop.clock,
        )

    def answer(self) -> None:
        done = answer(self.shop.store, self.case, SAID, "putu", self.shop.clock, through=FEED)
        assert (done.way, done.to) == (Way.UPLOAD, "1")

    def post(self) -> None:
        self.poster.post_due(self.shop.stop)

    def state(self) -> NoticeState:
        (found,) = (
            one for one in self.shop.store.notices(self.case.number) if one.kind == "posting"
        )
        return found.state

    def told(self) -> list[str]:
        return [one.recipient for one in self.shop.waiting() if one.kind == "posting_failed"]


@contextmanager
def platform(shop: Workshop, reply: Answer) -> Iterator[Platform]:
    with serving(reply) as (base_url, calls):
        made = Platform(shop, base_url, calls)
        try:
            yield made
        finally:
            made.channel.close()


def taken(_: Call) -> Reply:
    return 200, {}, {"status": True, "message": "Berhasil"}


def test_an_answer_is_posted_once_with_its_words_as_they_are(shop: Workshop) -> None:
    with platform(shop, taken) as there:
        there.answer()
        there.post()
        there.post()
        (call,) = there.calls
    assert (call.method, call.path) == ("POST", "/api/reports/1/notes")
    assert call.params == {"isi": SAID, "id": "1"}
    assert there.state() is NoticeState.SENT
    case = shop.ticket(there.case.number)
    assert case.status == "answered"
    assert [event.what for event in case.events][-2:] == ["answer.recorded", "notice.sent"]


def test_an_answer_through_the_platform_is_no_mail(shop: Workshop) -> None:
    with platform(shop, taken) as there:
        there.answer()
        assert [one.message["X-Muara"] for one in shop.send()] == ["team_new"]


def test_a_busy_platform_gets_it_later(shop: Workshop) -> None:
    replies: Iterator[Reply] = iter([(429, {"Retry-After": "0"}, {}), (200, {}, {})])
    with platform(shop, lambda _: next(replies)) as there:
        there.answer()
        there.post()
        assert there.state() is NoticeState.WAITING
        there.post()
        assert len(there.calls) == 1
        shop.clock.pass_(minutes=30)
        there.channel.close()
        there.post()
    assert len(there.calls) == 2
    assert there.state() is NoticeState.SENT
    assert there.told() == []


def test_a_platform_that_is_not_there_gets_it_later(shop: Workshop) -> None:
    with platform(shop, taken) as there:
        there.answer()
    there.post()
    assert there.state() is NoticeState.WAITING
    assert there.told() == []


@pytest.mark.parametrize(
    "reply",
    [
        (500, {}, {}),
        (200, {}, b"<html>Terima kasih</html>"),
        (200, {"Transfer-Encoding": "chunked"}, b'5\r\n{"sta'),
        (200, {}, {"status": "error"}),
    ],
    ids=["500", "html", "cut", "no-reason"],
)
def test_where_nobody_knows_a_person_is_asked_and_nothing_sent_again(
    shop: Workshop, reply: Reply
) -> None:
    with platform(shop, lambda _: reply) as there:
        there.answer()
        there.post()
        shop.clock.pass_(hours=5)
        there.post()
    assert len(there.calls) == 1
    assert there.state() is NoticeState.FAILED
    assert there.told() == [TEAM]
    shop.send()
    assert there.case.number in body(shop.letter("posting_failed"))


@pytest.mark.parametrize(
    "reply",
    [
        (403, {}, {}),
        (404, {}, {}),
        (200, {}, {"status": False, "msg": "Laporan sudah ditutup"}),
    ],
)
def test_a_refusal_is_told_to_the_team(shop: Workshop, reply: Reply) -> None:
    with platform(shop, lambda _: reply) as there:
        there.answer()
        there.post()
        there.post()
    assert len(there.calls) == 1
    assert there.state() is NoticeState.FAILED
    assert there.told() == [TEAM]


class Crash:
    """A channel in whose hands the program ends: after the platform has it, before that is noted."""

    def post(self, external_id: str, text: str) -> None:
        raise KeyboardInterrupt


def test_an_answer_that_was_begun_when_the_program_ended_is_not_sent_again(shop: Workshop) -> None:
    with platform(shop, taken) as there:
        there.answer()
        with pytest.raises(KeyboardInterrupt):
            there.poster_of(Crash()).post_due(shop.stop)
        shop.clock.pass_(minutes=10)
        there.post()
    assert there.calls == []
    assert there.state() is NoticeState.FAILED
    assert there.told() == [TEAM]


def test_a_profile_without_a_way_for_answers_refuses(shop: Workshop) -> None:
    with serving(taken) as (base_url, _):
        channel = channel_for(base_url, profile())
        with pytest.raises(Permanent, match="lapor_no_answers"):
            channel.post("1", "x")


def test_an_answer_to_a_part_of_a_report_says_which_part_and_goes_out_alone(shop: Workshop) -> None:
    with platform(shop, taken) as there:
        rules, office = shop.parts.rules.current(), shop.parts.office
        pieces = (Piece(PLAIN), Piece("Bantuan sapi kami belum cair juga."))
        parts = [planned(office, rules, there.case, piece) for piece in pieces]
        split(shop.store, there.case, parts, who="putu", why="dua hal", clock=shop.clock)
        there.case = shop.ticket(parts[0].number)
        there.answer()
        there.post()
        (call,) = there.calls
    assert call.path == "/api/reports/1/notes"
    assert call.params["isi"] == f"Menjawab bagian pesan Anda: “{PLAIN}”\n\n{SAID}"
    assert shop.ticket(parts[1].number).status == "routed"
