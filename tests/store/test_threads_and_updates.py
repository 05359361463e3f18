from datetime import timedelta

import pytest

from classify.types import Medium
from store import Store
from store.types import (
    Fate,
    Intake,
    NoticeKind,
    NoticeRequest,
    Outcome,
    Status,
    Thread,
    TicketFilter,
)
from tests.store.samples import (
    GRAVE,
    NOW,
    followup,
    intake,
    message,
    open_case,
    put,
    report,
)

ASKED = (NoticeRequest(NoticeKind.TEAM_REPLY, "kesra@office.test"),)
MINUTE = timedelta(minutes=1)
OURS = "Bagian Kesra Buleleng"


def kinds(store: Store, number: str) -> list[NoticeKind]:
    return [notice.kind for notice in store.notices(number)]


def last_event(store: Store, number: str) -> tuple[str, dict[str, str]]:
    ticket = store.ticket(number)
    assert ticket is not None
    return ticket.events[-1].what, ticket.events[-1].details


def case_of_report(store: Store, **values: object) -> str:
    return open_case(store, channel="lapor", identity="lapor 9165816", message=report(), **values)


def test_our_message_ids_lead_to_the_case_with_or_without_brackets(store: Store) -> None:
    number = open_case(store)
    (notice,) = store.notices(number)
    bare = notice.message_id.strip("<>")
    found = store.threads([bare, "<nobody@elsewhere.test>", notice.message_id])
    thread = Thread(
        number, "ketut@warga.test", "kesra@office.test", "kesra", restricted=False, promise="14 wd"
    )
    assert found == {bare: thread, notice.message_id: thread}
    assert store.threads([]) == {}


def test_message_ids_name_the_case_and_cannot_be_guessed(store: Store) -> None:
    twice = (NoticeRequest(NoticeKind.TEAM_NEW, "a@office.test"),) * 2
    number = open_case(store, notices=twice)
    first, second = (notice.message_id for notice in store.notices(number))
    assert first.startswith(f"<{number.lower()}.team-new.")
    assert first.endswith("@muara.test>")
    assert first != second
    assert len(first.split(".")[2].split("@")[0]) == 24


def test_a_reply_joins_its_case_and_tells_the_team(store: Store) -> None:
    number = open_case(store)
    reply = intake(
        message=message(text="Sudah ada kabar?", reply_text=""), joins=number, notices=ASKED
    )
    assert put(store, reply) == [Outcome(Fate.REPLIED, number)]
    what, details = last_event(store, number)
    assert (what, details["text"]) == ("complainant.replied", "Sudah ada kabar?")
    assert kinds(store, number) == [NoticeKind.TEAM_NEW, NoticeKind.TEAM_REPLY]
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.arrivals == 1
    assert store.raw(number)[1] == reply.arrival.raw
    assert [t.number for t in store.tickets(TicketFilter(words="kabar sudah"))] == [number]


def test_the_same_reply_in_two_inboxes_tells_the_team_once(store: Store) -> None:
    number = open_case(store)
    replies = [intake(c, identity="r", joins=number, notices=ASKED) for c in ("gmail", "webmail")]
    assert [put(store, one)[0].fate for one in replies] == [Fate.REPLIED, Fate.MERGED]
    assert kinds(store, number).count(NoticeKind.TEAM_REPLY) == 1


def test_a_reply_reopens_an_answered_case_once(store: Store) -> None:
    number = open_case(store)
    store.answer(number, "Sudah kami cek.", who="wayan", way="mail", recipient="", now=NOW)
    put(store, *(intake(joins=number, notices=ASKED) for _ in range(2)))
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.status is Status.ROUTED
    assert [event.what for event in ticket.events].count("case.reopened") == 1


def test_a_colleagues_mail_is_a_note_and_reopens_nothing(store: Store) -> None:
    number = open_case(store)
    store.answer(number, "Sudah kami cek.", who="wayan", way="mail", recipient="", now=NOW)
    put(store, intake(joins=number, who="wayan@office.test", notices=()))
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.events[-1].what == "staff.noted"
    assert ticket.status is Status.ANSWERED


def test_a_reply_to_no_case_is_an_error_and_writes_nothing(store: Store) -> None:
    good = intake()
    with pytest.raises(LookupError):
        put(store, good, intake(joins="MR-2222-222"))
    assert store.ticket(good.number) is None


def test_a_changed_report_updates_its_case_and_tells_the_team(store: Store) -> None:
    number = case_of_report(store)
    changed = report(status="proses", followups=(followup("Inspektorat", "Kami periksa."),))
    again = intake("lapor", identity="lapor 9165816", message=changed)
    assert put(store, again) == [Outcome(Fate.UPDATED, number)]
    ticket = store.ticket(number)
    assert ticket is not None
    assert (ticket.medium, ticket.platform_status) == (Medium.LAPOR, "proses")
    assert ticket.followups == changed.followups
    assert ticket.events[-1].what == "report.updated"
    assert ticket.events[-1].details == {
        "changed": "followups, status",
        "status": "belum_ditindaklanjuti → proses",
        "followups": "Inspektorat: Kami periksa.",
    }
    assert kinds(store, number) == [NoticeKind.TEAM_NEW, NoticeKind.TEAM_UPDATE]
    assert store.tickets(TicketFilter(words="periksa"))


def test_an_unchanged_report_is_merged(store: Store) -> None:
    case_of_report(store)
    again = intake("lapor", identity="lapor 9165816", message=report())
    assert put(store, again)[0].fate is Fate.MERGED


def test_our_own_follow_up_and_small_changes_are_kept_without_a_notice(store: Store) -> None:
    number = case_of_report(store)
    changed = report(location="Sukasada", followups=(followup(OURS.upper(), "Sudah dijawab."),))
    again = intake("lapor", identity="lapor 9165816", message=changed)
    assert put(store, again)[0].fate is Fate.UPDATED
    assert kinds(store, number) == [NoticeKind.TEAM_NEW]


def test_what_a_shorter_report_leaves_out_is_kept(store: Store) -> None:
    number = case_of_report(store)
    for said in ("satu", "dua"):
        one = report(followups=(followup("Pelapor", said),), location="", text="")
        put(store, intake("lapor", identity="lapor 9165816", message=one))
    ticket = store.ticket(number)
    assert ticket is not None
    assert [entry.text for entry in ticket.followups] == ["satu", "dua"]
    assert ticket.location == "Singaraja"
    assert ticket.text == report().text


def test_a_report_twice_in_one_batch_is_one_case_as_it_stands_last(store: Store) -> None:
    first = intake("lapor", identity="x", message=report())
    second = intake("lapor", identity="x", message=report(status="selesai"))
    assert [o.fate for o in put(store, first, second)] == [Fate.CASE, Fate.UPDATED]
    ticket = store.ticket(first.number)
    assert ticket is not None
    assert ticket.platform_status == "selesai"


def test_a_silent_update_sends_nothing(store: Store) -> None:
    number = case_of_report(store)
    changed = report(status="proses")
    put(store, intake("lapor", identity="lapor 9165816", message=changed, silent=True))
    assert kinds(store, number) == [NoticeKind.TEAM_NEW]


def test_an_update_of_a_restricted_case_reaches_only_those_who_know_its_content(
    store: Store,
) -> None:
    told = (
        NoticeRequest(NoticeKind.TEAM_NEW, "inspektur@office.test"),
        NoticeRequest(NoticeKind.TEAM_RESTRICTED, "kesra@office.test"),
    )
    number = case_of_report(store, verdict=GRAVE, notices=told)
    harmless = report(text="Sudah lebih jelas.")
    put(store, intake("lapor", identity="lapor 9165816", message=harmless))
    updates = [n for n in store.notices(number) if n.kind is NoticeKind.TEAM_UPDATE]
    assert [notice.recipient for notice in updates] == ["inspektur@office.test"]


EXAMINERS = (
    NoticeRequest(NoticeKind.TEAM_NEW, "inspektur@office.test"),
    NoticeRequest(NoticeKind.TEAM_RESTRICTED, "kesra@office.test"),
)


def grave_report(said: str) -> Intake:
    return intake(
        "lapor",
        identity="lapor 9165816",
        message=report(text=said),
        verdict=GRAVE,
        notices=EXAMINERS,
    )


def test_a_grave_new_text_restricts_the_case_and_what_still_waits(store: Store) -> None:
    number = case_of_report(store)
    put(store, grave_report("Petugas minta uang."))
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.restricted
    assert [(notice.kind, notice.recipient) for notice in store.notices(number)] == [
        (NoticeKind.TEAM_RESTRICTED, "kesra@office.test"),
        (NoticeKind.TEAM_UPDATE, "inspektur@office.test"),
    ]


def test_a_report_that_turns_grave_within_one_batch_is_withheld_too(store: Store) -> None:
    first = intake("lapor", identity="lapor 9165816", message=report())
    put(store, first, grave_report("Petugas minta uang."))
    assert {notice.recipient: notice.kind for notice in store.notices(first.number)} == {
        "kesra@office.test": NoticeKind.TEAM_RESTRICTED,
        "inspektur@office.test": NoticeKind.TEAM_UPDATE,
    }


def test_who_was_told_before_a_case_was_restricted_hears_no_more_of_it(store: Store) -> None:
    number = case_of_report(store)
    for notice in store.notices(number):
        store.notice_sent(notice.id, NOW)
    store.commit([grave_report("Petugas minta uang.")], cursor=None, now=NOW + MINUTE)
    harmless = intake("lapor", identity="lapor 9165816", message=report(text="Terima kasih."))
    store.commit([harmless], cursor=None, now=NOW + 2 * MINUTE)
    updates = [n.recipient for n in store.notices(number) if n.kind is NoticeKind.TEAM_UPDATE]
    assert updates == ["inspektur@office.test"] * 2


def test_mail_never_updates_a_case(store: Store) -> None:
    number = open_case(store, identity="same")
    other = intake("webmail", identity="same", message=message(subject="Lain"))
    assert put(store, other) == [Outcome(Fate.MERGED, number)]
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.subject == "Hibah pura"
