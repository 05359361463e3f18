from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from channels.types import Address
from classify.types import Kind, Medium, Tier
from store import Store, fulltext
from store.models import CaseRow
from store.types import Status, TicketFilter
from testing.postgres import Postgres
from tests.store.samples import (
    GRAVE,
    NOW,
    VERDICT,
    behind,
    followup,
    intake,
    message,
    open_case,
    put,
    report,
    statements,
)

HOUR = timedelta(hours=1)


def numbers(store: Store, **narrow: object) -> list[str]:
    return [ticket.number for ticket in store.tickets(TicketFilter(**narrow))]  # type: ignore[arg-type]


def test_cases_are_listed_newest_first(store: Store) -> None:
    times = (NOW - 2 * HOUR, NOW, NOW - HOUR)
    old, new, middle = (open_case(store, message=message(received_at=at)) for at in times)
    assert numbers(store) == [new, middle, old]
    assert numbers(store, limit=2) == [new, middle]


def test_every_filter_narrows(store: Store) -> None:
    praise = replace(VERDICT, kind=Kind.APRESIASI, tier=None, plausible=())
    plain = open_case(store, team="umum", due_at=NOW + HOUR)
    grave = open_case(store, channel="lapor", message=report(), verdict=GRAVE)
    thanks = open_case(
        store, verdict=praise, due_at=None, message=message(received_at=NOW - 30 * HOUR)
    )
    store.answer(plain, "x", who="w", way="mail", recipient="", now=NOW)
    assert numbers(store, channel="lapor") == [grave]
    assert numbers(store, team="umum") == [plain]
    assert numbers(store, tier=Tier.NORMATIF) == [plain]
    assert numbers(store, kind=Kind.APRESIASI) == [thanks]
    assert numbers(store, status=Status.ANSWERED) == [plain]
    assert numbers(store, uncertain=True) == [grave]
    assert set(numbers(store, uncertain=False)) == {plain, thanks}
    assert set(numbers(store, open_only=True)) == {grave, thanks}
    assert numbers(store, due_before=NOW + 2 * HOUR) == [plain]
    assert set(numbers(store, received_since=NOW - HOUR)) == {plain, grave}
    assert numbers(store, channel="lapor", team="umum") == []


def test_a_case_without_verdict_waits_for_a_person(store: Store) -> None:
    number = open_case(store, verdict=None)
    (ticket,) = store.tickets(TicketFilter(uncertain=True))
    assert (ticket.number, ticket.kind, ticket.tier) == (number, Kind.PENGADUAN, None)


def test_a_list_takes_as_many_statements_for_many_cases_as_for_one(store: Store) -> None:
    open_case(store)
    with statements(store) as few:
        store.tickets(TicketFilter())
    put(store, *(intake() for _ in range(40)))
    with statements(store) as many:
        assert len(store.tickets(TicketFilter())) == 41
    assert len(many) == len(few) <= 4


def test_a_whole_case_takes_few_statements_however_long_its_log(store: Store) -> None:
    number = open_case(store)
    for _ in range(20):
        store.record(number, "staff.noted", "wayan", {"text": "x"}, NOW)
    with statements(store) as sent:
        ticket = store.ticket(number)
    assert ticket is not None
    assert len(ticket.events) == 23
    assert len(sent) <= 5


def test_recording_on_no_case_is_an_error(store: Store) -> None:
    with pytest.raises(LookupError):
        store.record("MR-2222-222", "staff.noted", "wayan", {}, NOW)


def test_an_unknown_number_is_no_case(store: Store) -> None:
    assert store.ticket("MR-2222-222") is None
    assert store.raw("MR-2222-222") == []


@pytest.mark.parametrize(
    "words",
    [
        "pungutan",
        "PUNGUTAN",
        "pung",
        "pungutan loket",
        "loket, pungutan!",
        "sekolah",
        "singaraja",
        "resume",
        "résumé",
        "warga.test",
        "Rp50.000",
        "saya yang",
    ],
)
def test_words_find_a_case(store: Store, words: str) -> None:
    number = open_case(
        store,
        message=message(
            subject="Pungutan di sekolah",
            text="Saya yang ditarik Rp50.000 di loket-2; résumé ke budi@warga.test.",
            location="Singaraja",
        ),
    )
    open_case(store, message=message(subject="Jalan rusak", text="Lubang di mana-mana."))
    assert numbers(store, words=words) == [number]


@pytest.mark.parametrize("words", ["pungutan jalan", "loke loka", "'", '"', "()", "NOT", "-", "*"])
def test_words_that_are_not_there_find_nothing(store: Store, words: str) -> None:
    open_case(store, message=message(subject="Pungutan", text="di loket"))
    assert numbers(store, words=words) == []


def test_a_number_finds_its_case_however_it_is_written(store: Store) -> None:
    number = open_case(store)
    open_case(store)
    assert numbers(store, words=number.lower().replace("-", " ")) == [number]


def test_follow_ups_and_answers_are_found_too(store: Store) -> None:
    said = (followup("Dinas", "Alat berat dikirim."),)
    number = open_case(store, message=report(followups=said))
    store.answer(number, "Selesai ditambal.", who="w", way="paste", recipient="", now=NOW)
    assert numbers(store, words="alat berat") == [number]
    assert numbers(store, words="ditambal") == [number]


def test_a_name_is_not_in_the_index(store: Store) -> None:
    open_case(store, message=message(sender=Address("Zulaikha", "z@warga.test")))
    assert numbers(store, words="Zulaikha") == []


def test_a_text_of_many_megabytes_is_stored_and_found_by_its_beginning(store: Store) -> None:
    words = " ".join(f"kata{number}é" for number in range(300_000))
    number = open_case(store, message=message(text=f"pembuka {words}", reply_text=""))
    assert numbers(store, words="pembuka") == [number]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(words=st.text(max_size=60))
def test_no_words_are_a_syntax_error(store: Store, words: str) -> None:
    store.tickets(TicketFilter(words=words))


def test_postgresql_answers_from_the_index(server: Postgres) -> None:
    url = server.database()
    store = Store(url)
    store.upgrade()
    store.close()
    with behind(url) as connection:
        condition = fulltext.matching(["hibah"], connection.dialect)
        connection.execute(text("SET enable_seqscan = off"))
        query = CaseRow.__table__.select().where(condition)
        compiled = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = connection.exec_driver_sql(f"EXPLAIN {compiled}".replace("%%", "%")).all()
    assert "ix_case_words_words" in str(plan)


def test_typed_in_entries_keep_phone_address_and_wishes(store: Store) -> None:
    spoken = message(
        medium=Medium.PHONE,
        sender=Address("Made"),
        phone="+62 812 0000",
        anonymous=True,
        secret=True,
    )
    ticket = store.ticket(
        open_case(store, channel="phone", message=spoken, address="Jl. Udayana 1")
    )
    assert ticket is not None
    who = ticket.complainant
    assert (who.name, who.phone, who.address) == ("Made", "+62 812 0000", "Jl. Udayana 1")
    assert (who.anonymous, who.secret) == (True, True)
