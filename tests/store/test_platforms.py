"""Reports of platforms: found by number, written about by mail, answered once, ever more confidential."""

from datetime import timedelta

from channels.types import Machine
from store import Store
from store.types import (
    Fate,
    Intake,
    NewAnswer,
    Notice,
    NoticeKind,
    NoticeRequest,
    NoticeState,
)
from tests.store.samples import NOW, intake, message, open_case, put, report

LATER = NOW + timedelta(minutes=10)


def case_of_report(store: Store, external_id: str = "9165816") -> str:
    made = report(external_id=external_id)
    return open_case(store, message=made, identity=f"lapor:{external_id}")


def notice(number: str = "", key: str = "k") -> Intake:
    request = NoticeRequest(
        NoticeKind.TEAM_UPDATE if number else NoticeKind.PLATFORM_UNKNOWN, "tim@office.test", key
    )
    about = message(machine=Machine.NOTIFICATION, subject="Laporan #9165816", text="diproses")
    return intake(message=about, number="", identity="", joins=number, notices=(request,))


def test_a_case_is_found_by_its_tracking_id(store: Store) -> None:
    number = case_of_report(store)
    found = store.platforms.case_of("9165816")
    assert found is not None
    assert found.number == number
    assert store.platforms.case_of("916581") is None


def test_a_platforms_mail_is_an_event_and_tells_once_for_its_key(store: Store) -> None:
    number = case_of_report(store)
    (outcome,) = put(store, notice(number))
    assert (outcome.fate, outcome.number) == (Fate.MACHINE, number)
    put(store, notice(number), notice(number, "other"))
    told = [n for n in store.notices(number) if n.kind is NoticeKind.TEAM_UPDATE]
    assert len(told) == 2
    ticket = store.ticket(number)
    assert ticket is not None
    assert [e.what for e in ticket.events].count("platform.notified") == 3
    assert store.verify() == []


def test_a_mail_about_an_unknown_report_tells_once_without_a_case(store: Store) -> None:
    put(store, notice(), notice())
    (told,) = store.due_notices(LATER)
    assert (told.kind, told.number) == (NoticeKind.PLATFORM_UNKNOWN, "")


def answered(store: Store, number: str) -> Notice:
    new = NewAnswer(number, "Sudah cair.", "putu", "upload", channel="lapor", external_id="1")
    store.answers.record(new, NOW)
    (waiting,) = store.postings.due("lapor", LATER)
    return waiting


def test_an_answer_waits_for_its_channel_and_is_no_mail(store: Store) -> None:
    waiting = answered(store, case_of_report(store))
    assert waiting.details == {"text": "Sudah cair.", "external_id": "1"}
    assert store.postings.due("lain", LATER) == []
    assert waiting.id not in [one.id for one in store.due_notices(LATER)]


def test_an_answer_is_begun_once_unless_it_surely_did_not_arrive(store: Store) -> None:
    waiting = answered(store, case_of_report(store))
    assert store.postings.begin(waiting.id, NOW)
    assert not store.postings.begin(waiting.id, NOW)
    store.postings.again(waiting.id, "sibuk", LATER)
    assert store.postings.due("lapor", NOW) == []
    (again,) = store.postings.due("lapor", LATER)
    assert (again.attempts, again.error) == (1, "sibuk")
    assert store.postings.begin(waiting.id, LATER)


def test_a_posted_answer_is_settled_like_a_mail(store: Store) -> None:
    number = case_of_report(store)
    waiting = answered(store, number)
    store.notice_sent(waiting.id, LATER)
    assert store.postings.due("lapor", LATER) == []
    assert [n.state for n in store.notices(number) if n.kind is NoticeKind.POSTING] == [
        NoticeState.SENT
    ]
    assert store.verify() == []


def test_a_report_that_turns_anonymous_and_secret_is_so_here(store: Store) -> None:
    number = case_of_report(store)
    changed = report(external_id="9165816", anonymous=True, secret=True)
    put(store, intake(message=changed, identity="lapor:9165816", restricted=True))
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.restricted
    who = ticket.complainant
    assert (who.anonymous, who.secret, who.name, who.email) == (True, True, "", "")
    put(store, intake(message=report(external_id="9165816"), identity="lapor:9165816"))
    ticket = store.ticket(number)
    assert ticket is not None
    assert ticket.restricted
    assert ticket.complainant == who
