from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from ingest import outbox
from store.types import NoticeState, Ticket
from testing.daemon import TEAM
from tests.ingest.workshop import CITIZEN, Workshop


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> "Steady":
    """The clock that rests are counted by, which passes when told to."""
    made = Steady()
    monkeypatch.setattr(outbox, "monotonic", made)
    return made


class Steady:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def later(shop: Workshop, steady: Steady, seconds: float = 400) -> None:
    shop.clock.pass_(seconds=seconds)
    steady.now += seconds


def states(shop: Workshop, ticket: Ticket) -> dict[str, NoticeState]:
    return {one.recipient: one.state for one in shop.store.notices(ticket.number)}


def test_notices_go_out_once_each_under_the_message_id_given_when_they_were_made(
    shop: Workshop,
) -> None:
    ticket = shop.opened()
    made = {one.recipient: one.message_id for one in shop.store.notices(ticket.number)}
    assert {one.recipients[0]: one.message["Message-ID"] for one in shop.send()} == made
    assert shop.send() == []
    assert {event.what for event in shop.ticket(ticket.number).events} >= {"notice.sent"}


def test_a_round_uses_one_connection(shop: Workshop) -> None:
    shop.receive(*(shop.mail(sender=f"warga{n}@warga.test") for n in range(3)))
    assert len({one.connection for one in shop.send()}) == 1


def test_a_dead_server_delays_the_notices_and_loses_none(shop: Workshop, steady: Steady) -> None:
    ticket = shop.opened()
    with shop.sink.down():
        for _ in range(4):
            assert shop.send() == []
            later(shop, steady)
    assert set(states(shop, ticket).values()) == {NoticeState.WAITING}
    assert {one.recipients[0] for one in shop.send()} == {TEAM, CITIZEN}


def test_a_dead_server_is_not_hammered(shop: Workshop, steady: Steady) -> None:
    shop.receive(*(shop.mail(sender=f"warga{n}@warga.test") for n in range(20)))
    with shop.sink.down():
        for _ in range(30):  # a minute of rounds
            shop.send()
            later(shop, steady, 2)
    attempts = sum(notice.attempts for notice in shop.waiting())
    assert 2 <= attempts <= 6


def test_after_the_server_came_back_all_are_sent_within_minutes(
    shop: Workshop, steady: Steady
) -> None:
    shop.receive(*(shop.mail(sender=f"warga{n}@warga.test") for n in range(20)))
    with shop.sink.down():
        for _ in range(12 * 24):  # a day, every five minutes
            shop.send()
            later(shop, steady, 300)
    for _ in range(3):
        shop.send()
        later(shop, steady, 150)
    assert len(shop.sink.received) == 40
    assert shop.waiting() == []


def test_a_server_that_takes_a_mail_and_hangs_up_gets_it_again_under_the_same_message_id(
    shop: Workshop, steady: Steady
) -> None:
    shop.opened()
    shop.sink.faults.drop_after_data = shop.sink.faults.keep_dropped = True
    shop.send()
    shop.sink.faults.drop_after_data = False
    later(shop, steady)
    shop.send()
    ids = [one.message["Message-ID"] for one in shop.sink.received]
    assert len(ids) == 3
    assert len(set(ids)) == 2


def test_a_wrong_password_keeps_the_notices_waiting_for_a_person(
    shop: Workshop, steady: Steady
) -> None:
    shop.site.keep_secret("smtp", "salah")
    shop.site.smtp_security += '\nusername = "kesra"\npassword = "credential:smtp"'
    shop.close()
    shop.reopen()
    shop.sink._login = (b"kesra", b"benar")
    ticket = shop.opened()
    for _ in range(3):
        shop.send()
        later(shop, steady)
    assert set(states(shop, ticket).values()) == {NoticeState.WAITING}
    assert "kata sandi" in "".join(one.error for one in shop.store.notices(ticket.number))
    shop.site.keep_secret("smtp", "benar")
    assert len(shop.send()) == 2


def test_a_refused_recipient_is_left_to_a_person_and_holds_up_nobody(shop: Workshop) -> None:
    shop.sink.faults.recipients[CITIZEN] = "550 5.1.1 no such user"
    ticket = shop.opened()
    shop.send()
    assert states(shop, ticket) == {TEAM: NoticeState.SENT, CITIZEN: NoticeState.FAILED}
    failed = shop.ticket(ticket.number).events[-1]
    assert failed.what == "notice.failed"
    assert CITIZEN in failed.details["error"]
    assert shop.store.counts().failed == 1


@pytest.mark.parametrize(
    "reply", [f"550 5.1.1 <{CITIZEN}>: no such user", f"451 4.7.1 <{CITIZEN}>"]
)
def test_a_server_that_repeats_an_address_brings_it_neither_into_the_log_nor_to_everybody(
    shop: Workshop, reply: str
) -> None:
    shop.sink.faults.recipients[CITIZEN] = reply
    ticket = shop.opened()
    with capture_logs() as logs:
        shop.send()
    told = [entry["error"] for entry in logs if entry["event"] == "notice.failed"]
    assert reply[4:9] in told[0]
    assert CITIZEN not in str(logs)
    assert CITIZEN not in shop.store.counts().sending_error
    assert CITIZEN in "".join(one.error for one in shop.store.notices(ticket.number))


def test_a_greylisted_recipient_waits_while_the_others_get_theirs(
    shop: Workshop, steady: Steady
) -> None:
    shop.sink.faults.recipients[TEAM] = "451 4.7.1 greylisted"
    ticket = shop.opened()
    assert [one.recipients for one in shop.send()] == [(CITIZEN,)]
    assert states(shop, ticket)[TEAM] is NoticeState.WAITING
    shop.sink.faults.recipients.clear()
    later(shop, steady)
    assert [one.recipients for one in shop.send()] == [(TEAM,)]


def test_a_round_ends_when_the_server_keeps_asking_for_patience(shop: Workshop) -> None:
    shop.receive(*(shop.mail(sender=f"warga{n}@warga.test") for n in range(5)))
    shop.sink.faults.recipient = "451 4.3.2 later"
    shop.send()
    assert sum(notice.attempts for notice in shop.waiting()) == outbox.GIVE_UP_ROUND


def test_no_more_mails_a_minute_than_the_server_likes(shop: Workshop, steady: Steady) -> None:
    shop.parts.outbox._recent = type(shop.parts.outbox._recent)(maxlen=3)
    shop.receive(*(shop.mail(sender=f"warga{n}@warga.test") for n in range(3)))
    assert [len(shop.send()), len(shop.send())] == [3, 0]
    later(shop, steady, 61)
    assert len(shop.send()) == 3


def test_while_it_cannot_be_noted_that_a_mail_was_sent_it_is_not_sent_again(
    shop: Workshop,
) -> None:
    shop.opened()
    shop.send()
    ticket = shop.opened()
    with full_disk(shop):
        for _ in range(3):
            with pytest.raises(shop.store.Unavailable):
                shop.send()
    assert len(shop.sink.received) == 2 + 1
    shop.send()
    assert len(shop.sink.received) == 2 + 2
    assert set(states(shop, ticket).values()) == {NoticeState.SENT}


def test_a_letter_that_cannot_be_read_from_the_store_now_is_not_given_up(shop: Workshop) -> None:
    ticket = shop.opened()
    notice = shop.store.notices(ticket.number)[0]
    shop.store.close()
    database = shop.site.database
    database.rename(database.with_suffix(".away"))
    database.mkdir()
    with pytest.raises(shop.store.Unavailable):
        shop.parts.outbox._send(notice)
    database.rmdir()
    database.with_suffix(".away").rename(database)
    assert states(shop, ticket)[TEAM] is NoticeState.WAITING


def test_a_stop_ends_the_round(shop: Workshop) -> None:
    shop.opened()
    shop.stop.set()
    assert shop.send() == []


def test_a_clock_set_back_an_hour_holds_no_notice_back(shop: Workshop, steady: Steady) -> None:
    shop.opened()
    before = {one.id for one in shop.store.due_notices(shop.clock())}
    shop.clock.now -= timedelta(hours=1)
    shop.opened()
    assert {one.id for one in shop.store.due_notices(shop.clock(), limit=2)} == before
    assert len(shop.send()) == 4


@contextmanager
def full_disk(shop: Workshop) -> Iterator[None]:
    """Reading works, writing does not: the database file may grow no further."""
    with shop.store._database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql("PRAGMA query_only = ON")
    assert pages
    yield
    with shop.store._database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
