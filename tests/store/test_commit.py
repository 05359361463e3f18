from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from channels.types import Machine
from store import NumberTaken, Store
from store.types import Fate, NoticeKind, NoticeRequest, NoticeState, Outcome, Status
from tests.store.samples import (
    GRAVE,
    NOW,
    VERDICT,
    arrival,
    bounce,
    intake,
    message,
    open_case,
    put,
    sql,
    statements,
)


def kinds(store: Store, number: str) -> list[NoticeKind]:
    return [notice.kind for notice in store.notices(number)]


def log(store: Store, number: str) -> list[str]:
    ticket = store.ticket(number)
    assert ticket is not None
    return [event.what for event in ticket.events]


def test_a_new_complaint_becomes_a_routed_case_with_its_log_and_notices(store: Store) -> None:
    given = intake()
    assert put(store, given) == [Outcome(Fate.CASE, given.number)]
    ticket = store.ticket(given.number)
    assert ticket is not None
    assert given.message is not None
    assert (ticket.status, ticket.team, ticket.limit) == (Status.ROUTED, "kesra", "14 wd")
    assert (ticket.subject, ticket.text) == (given.message.subject, given.message.text)
    assert ticket.hits == VERDICT.hits
    assert ticket.attachments == given.message.attachments
    assert ticket.received_at == given.message.received_at
    assert ticket.entered_at == NOW
    assert ticket.due_at == given.due_at
    assert ticket.complainant.email == "ketut@warga.test"
    assert [(e.what, e.who) for e in ticket.events] == [
        ("complaint.received", "muara"),
        ("complaint.classified", "muara"),
        ("complaint.routed", "muara"),
    ]
    assert ticket.events[1].details == {
        "kind": "pengaduan",
        "tier": "normatif",
        "certain": "yes",
        "rules": "d1",
    }
    assert kinds(store, given.number) == [NoticeKind.TEAM_NEW]
    assert store.raw(given.number) == [given.arrival.raw]


def test_a_position_the_ledger_holds_is_not_stored_again(store: Store) -> None:
    given = intake()
    put(store, given)
    again = intake(arrival=given.arrival, identity="other")
    assert put(store, again) == [Outcome(Fate.KNOWN)]
    assert store.ticket(again.number) is None


def test_one_position_twice_in_a_batch_is_stored_once(store: Store) -> None:
    given = intake()
    again = intake(arrival=given.arrival, identity="other")
    assert [o.fate for o in put(store, given, again)] == [Fate.CASE, Fate.KNOWN]


def test_the_same_mail_in_two_inboxes_is_one_case_with_two_arrivals(store: Store) -> None:
    first = intake("gmail", identity="same")
    second = intake("webmail", identity="same")
    put(store, first)
    assert put(store, second) == [Outcome(Fate.MERGED, first.number)]
    ticket = store.ticket(first.number)
    assert ticket is not None
    assert ticket.arrivals == 2
    assert ticket.events[-1].what == "arrival.merged"
    assert ticket.events[-1].details["channel"] == "webmail"
    assert len(store.notices(first.number)) == 1


def test_the_same_mail_twice_in_one_batch_is_one_case(store: Store) -> None:
    first, second = intake(identity="same"), intake(identity="same")
    assert put(store, first, second) == [
        Outcome(Fate.CASE, first.number),
        Outcome(Fate.MERGED, first.number),
    ]


def test_mails_without_identity_are_never_merged(store: Store) -> None:
    fates = [o.fate for o in put(store, intake(identity=""), intake(identity=""))]
    assert fates == [Fate.CASE, Fate.CASE]


def test_equal_bytes_are_stored_once(store: Store, url: str) -> None:
    put(
        store, intake(arrival=arrival(raw=b"same")), intake(arrival=arrival("webmail", raw=b"same"))
    )
    assert sql(url, "SELECT count(*) FROM raws") == [(1,)]


def test_big_bytes_come_back_whole(store: Store) -> None:
    noise = b"".join(number.to_bytes(4, "big") for number in range(2_500_000))
    given = intake(arrival=arrival(raw=noise))
    put(store, given)
    assert store.raw(given.number) == [noise]


def test_a_number_in_use_is_refused_and_nothing_is_written(store: Store) -> None:
    taken = open_case(store)
    other = intake()
    with pytest.raises(NumberTaken) as refused:
        put(store, other, intake(number=taken))
    assert refused.value.numbers == {taken}
    assert store.ticket(other.number) is None


def test_the_same_fresh_number_twice_in_a_batch_is_refused(store: Store) -> None:
    first = intake()
    with pytest.raises(NumberTaken):
        put(store, first, intake(number=first.number))


def test_a_silent_intake_sends_nothing(store: Store) -> None:
    number = open_case(store, silent=True)
    assert store.notices(number) == []


def test_an_uncertain_grave_case_is_restricted_and_keeps_the_suggestion(store: Store) -> None:
    ticket = store.ticket(open_case(store, verdict=GRAVE))
    assert ticket is not None
    assert (ticket.tier, ticket.suggested, ticket.certain) == (None, GRAVE.suggested, False)
    assert ticket.restricted


def test_the_cursor_moves_with_the_batch_and_stays_where_none_is_given(store: Store) -> None:
    put(store, intake("lapor"), cursor="41")
    assert store.seen("lapor").cursor == "41"
    put(store, intake("lapor"), cursor=None)
    assert store.seen("lapor").cursor == "41"
    assert store.seen("gmail").cursor is None


def test_the_ledger_knows_items_by_folder_and_generation(store: Store) -> None:
    put(store, intake(arrival=arrival("gmail", "41")))
    assert "41" in store.seen("gmail").items("INBOX", "7")
    assert "41" not in store.seen("gmail").items("INBOX", "8")
    assert "41" not in store.seen("webmail").items("INBOX", "7")


def test_history_is_accounted_for_without_a_case(store: Store) -> None:
    places = [arrival(item=str(uid)).position for uid in range(1000, 1500)]
    store.note_history("gmail", places, NOW)
    store.note_history("gmail", places, NOW)
    assert "1250" in store.seen("gmail").items("INBOX", "7")
    assert store.counts().cases == {}


def test_machine_mail_is_kept_and_found_but_opens_no_case(store: Store) -> None:
    given = intake(message=message(machine=Machine.AUTO_REPLY, subject="Saya cuti 100%"))
    assert put(store, given) == [Outcome(Fate.MACHINE)]
    (kept,) = store.machine_mail(words="cuti 100%")
    assert (kept.channel, kept.sender, kept.why) == ("gmail", "ketut@warga.test", "auto_reply")
    assert store.machine_mail(channel="webmail") == []
    assert store.machine_mail(words="100_") == []
    assert store.ticket(given.number) is None


def test_a_bounce_marks_our_notice_undelivered_and_tells_its_case(store: Store) -> None:
    number = open_case(store)
    (sent,) = store.notices(number)
    store.notice_sent(sent.id, NOW)
    assert put(store, bounce(sent.message_id)) == [Outcome(Fate.MACHINE, number)]
    assert store.notices(number)[0].state is NoticeState.UNDELIVERED
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.events[-1].what == "notice.undelivered"
    assert ticket.events[-1].details["recipient"] == "kesra@office.test"
    assert ticket.arrivals == 1


def test_a_bounce_names_the_recipient_it_is_about(store: Store) -> None:
    team = NoticeRequest(NoticeKind.TEAM_NEW, "kesra@office.test")
    thanks = NoticeRequest(NoticeKind.ACKNOWLEDGEMENT, "ketut@warga.test")
    number = open_case(store, notices=(team, thanks))
    ids = tuple(notice.message_id for notice in store.notices(number))
    put(store, bounce("", references=ids, bounce_recipients=("Ketut@Warga.test",)))
    states = {notice.recipient: notice.state for notice in store.notices(number)}
    assert states == {
        "kesra@office.test": NoticeState.WAITING,
        "ketut@warga.test": NoticeState.UNDELIVERED,
    }


def test_an_automatic_reply_to_our_notice_is_no_bounce(store: Store) -> None:
    number = open_case(store)
    (notice,) = store.notices(number)
    put(store, bounce(notice.message_id, machine=Machine.AUTO_REPLY))
    assert store.notices(number)[0].state is NoticeState.WAITING


def test_a_bounce_of_somebody_elses_mail_changes_nothing(store: Store) -> None:
    number = open_case(store)
    assert put(store, bounce("<x@elsewhere.test>")) == [Outcome(Fate.MACHINE)]
    assert store.notices(number)[0].state is NoticeState.WAITING


def test_a_naive_time_is_refused_and_nothing_is_written(store: Store) -> None:
    given = intake(due_at=datetime(2026, 11, 30))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="naive datetime"):
        put(store, given)
    with pytest.raises(ValueError, match="naive datetime"):
        store.commit([intake()], cursor=None, now=datetime(2026, 11, 24))  # noqa: DTZ001
    assert store.seen("gmail").items("INBOX", "7") == frozenset()


def test_a_foreign_zone_comes_back_as_the_same_instant_in_utc(store: Store) -> None:
    wita = NOW.astimezone(ZoneInfo("Asia/Makassar")) + timedelta(days=3)
    ticket = store.ticket(open_case(store, due_at=wita))
    assert ticket is not None
    assert ticket.due_at == wita
    assert ticket.due_at is not None
    assert str(ticket.due_at.tzinfo) == "UTC"


def test_nul_and_lone_surrogates_do_not_stop_an_intake(store: Store) -> None:
    odd = "a\0b\ud800c"
    given = intake(
        message=message(subject=odd, text=odd, message_id=odd, location=odd),
        identity=odd,
        team=odd,
        who=odd,
    )
    put(store, given)
    ticket = store.ticket(given.number)
    assert ticket is not None
    assert (ticket.subject, ticket.text, ticket.team) == ("ab\ufffdc",) * 3
    assert put(store, intake(identity=odd)) == [Outcome(Fate.MERGED, given.number)]
    assert store.verify() == []


def test_a_strangers_endless_message_id_fits_the_index(store: Store) -> None:
    endless = "<" + "x" * 20_000 + "@warga.test>"
    given = intake(identity=endless, message=message(message_id=endless))
    put(store, given)
    assert put(store, intake(identity=endless)) == [Outcome(Fate.MERGED, given.number)]


def test_a_batch_takes_few_statements_however_long_it_is(store: Store) -> None:
    put(store, intake(), cursor="0")
    with statements(store) as few:
        put(store, intake(), cursor="1")
    with statements(store) as many:
        put(store, *(intake() for _ in range(80)), cursor="2")
    assert len(many) == len(few) < 16
