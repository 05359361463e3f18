"""Notices the platform sends by mail: on their case, never a complaint of their own, never answered."""

import pytest

from channels.mail import read_mail
from channels.memory import MemoryChannel
from channels.types import Arrival, Message
from classify.types import Medium
from store.types import Fate, Outcome, Ticket
from testing.daemon import EXAMINER, OWN, TEAM
from tests.ingest.workshop import GRAVE, PLAIN, Workshop, body, mail

PLATFORM = "noreply@lapor.go.id"
SERVER = "mx.kantor.test"
GOOD = f"{SERVER}; dkim=pass header.d=lapor.go.id; spf=pass smtp.mailfrom=lapor.go.id"
SUBJECT = "Laporan #9165816 telah ditindaklanjuti"


def read(arrival: Arrival) -> Message:
    return read_mail(
        arrival.raw,
        received_at=arrival.received_at,
        own_addresses=frozenset({OWN}),
        authserv_id=SERVER,
    )


def notice(
    results: str = GOOD,
    sender: str = PLATFORM,
    subject: str = SUBJECT,
    text: str = "Admin Buleleng menulis: sedang diproses.",
    **headers: str,
) -> bytes:
    return mail(text, sender, Authentication_Results=results, Subject=subject, **headers)


@pytest.fixture
def shop(shop: Workshop) -> Workshop:
    shop.site.imap(
        "gmail",
        ("localhost", 1),
        OWN,
        "x",
        notification_domains=["lapor.go.id"],
        authserv_id=SERVER,
    )
    shop.reopen()
    shop.mailbox = MemoryChannel("gmail", reader=read)
    return shop


def report(shop: Workshop, text: str = PLAIN) -> Ticket:
    """The case of report 9165816."""

    def as_report(arrival: Arrival) -> Message:
        return Message(
            Medium.LAPOR, arrival.received_at, text=arrival.raw.decode(), external_id="9165816"
        )

    channel = MemoryChannel("lapor", Medium.LAPOR, as_report)
    (outcome,) = shop.receive(text.encode(), channel=channel)
    return shop.ticket(outcome.number)


def received(shop: Workshop, raw: bytes) -> Outcome:
    (outcome,) = shop.receive(raw)
    return outcome


def test_a_notice_is_an_event_of_its_case_and_the_team_hears_of_it(shop: Workshop) -> None:
    case = report(shop)
    outcome = received(shop, notice())
    assert outcome == Outcome(Fate.MACHINE, case.number)
    assert len(shop.cases()) == 1
    event = shop.ticket(case.number).events[-1]
    assert (event.what, event.details["subject"]) == ("platform.notified", SUBJECT)
    assert shop.notices(case)["team_update"] == [TEAM]
    shop.send()
    assert "sedang diproses" in body(shop.letter("team_update"))


def test_a_notice_is_never_answered(shop: Workshop) -> None:
    report(shop)
    received(shop, notice(sender="Layanan <layanan@lapor.go.id>"))
    shop.send()
    assert all("lapor.go.id" not in one.recipients[0] for one in shop.sink.received)


def test_a_notice_is_kept_and_found_as_machine_mail_of_its_case(shop: Workshop) -> None:
    case = report(shop)
    received(shop, notice())
    (kept,) = shop.store.machine_mail(channel="gmail", words="9165816")
    assert (kept.number, kept.why) == (case.number, "notification")


def test_a_restricted_case_is_told_of_to_the_examiners_only(shop: Workshop) -> None:
    case = report(shop, GRAVE)
    received(shop, notice())
    assert shop.notices(case)["team_update"] == [EXAMINER]


def test_the_same_notice_again_tells_nobody_twice(shop: Workshop) -> None:
    case = report(shop)
    raw = notice(Message_ID="<n1@lapor.go.id>")
    received(shop, raw)
    received(shop, raw)
    assert len(shop.notices(case)["team_update"]) == 1
    received(shop, notice(text="Laporan ditutup.", Message_ID="<n2@lapor.go.id>"))
    assert len(shop.notices(case)["team_update"]) == 2


def test_an_unknown_report_is_told_of_once(shop: Workshop) -> None:
    for text in ("satu", "dua"):
        assert received(shop, notice(text=text)) == Outcome(Fate.MACHINE)
    received(shop, notice(subject="Laporan #777777 diterima"))
    assert shop.cases() == []
    shop.send()
    told = [one for one in shop.sink.received if one.message["X-Muara"] == "platform_unknown"]
    assert [one.recipients for one in told] == [(TEAM,), (TEAM,)]
    assert "9165816" in body(told[0].message)


def test_where_a_feed_tells_of_changes_its_mails_tell_nobody(shop: Workshop) -> None:
    shop.site.lapor("lapor", "http://127.0.0.1:1/", "x")
    shop.reopen()
    case = report(shop)
    received(shop, notice())
    assert shop.ticket(case.number).events[-1].what == "platform.notified"
    assert "team_update" not in shop.notices(case)


@pytest.mark.parametrize(
    ("results", "sender"),
    [
        (GOOD.replace(SERVER, "mx.penipu.test"), PLATFORM),
        (f"{SERVER}; dkim=fail header.d=lapor.go.id; spf=softfail smtp.mailfrom=a", PLATFORM),
        (f"{SERVER}; dkim=pass header.d=penipu.test", PLATFORM),
        (f"{SERVER}; dkim=pass header.d=bukanlapor.go.id", PLATFORM),
        (f"{SERVER}; dkim=pass header.d=go.id", PLATFORM),
        (GOOD, "noreply@lapor.go.id.penipu.test"),
        (GOOD, "wayan@warga.test"),
        (f"{SERVER}; dkim=pass header.d=lapor.go.id; spf=", PLATFORM),
        (f"{SERVER} {'(' * 3000}", PLATFORM),
        ("", PLATFORM),
    ],
)
def test_what_our_server_does_not_vouch_for_is_an_ordinary_mail(
    shop: Workshop, results: str, sender: str
) -> None:
    report(shop)
    assert received(shop, notice(results, sender)).fate is Fate.CASE


def test_only_the_topmost_word_of_our_server_counts(shop: Workshop) -> None:
    report(shop)
    forged = notice()
    honest = (
        f"Authentication-Results: {SERVER}; dkim=none; spf=fail smtp.mailfrom=x@penipu.test\r\n"
    )
    assert received(shop, honest.encode() + forged).fate is Fate.CASE
    assert received(shop, forged + b"\r\n").fate is Fate.MACHINE


@pytest.mark.parametrize(
    "results",
    [
        f"{SERVER} 1; dkim=pass header.i=@lapor.go.id header.s=a header.b=x",
        f"{SERVER.upper()}; spf=pass (ok) smtp.mailfrom=bounce@surat.lapor.go.id",
    ],
)
def test_names_are_aligned_with_the_domain_and_what_is_below_it(
    shop: Workshop, results: str
) -> None:
    report(shop)
    assert received(shop, notice(results)).fate is Fate.MACHINE


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Pemberitahuan", "Tracking ID: 9165816"),
        ("Pemberitahuan", "No. Laporan : #9165816 telah diverifikasi"),
        ("Disposisi laporan # 9165816", ""),
        ("Pemberitahuan", "nomor lacak 9165816."),
    ],
)
def test_the_tracking_id_is_found_in_subject_or_text(
    shop: Workshop, subject: str, text: str
) -> None:
    case = report(shop)
    assert received(shop, notice(subject=subject, text=text)).number == case.number


def test_own_patterns_take_the_place_of_ours(shop: Workshop) -> None:
    shop.site.imap(
        "gmail",
        ("localhost", 1),
        OWN,
        "x",
        notification_domains=["lapor.go.id"],
        notification_patterns=["berkas/([0-9]+)"],
        authserv_id=SERVER,
    )
    shop.reopen()
    case = report(shop)
    found = received(shop, notice(subject="Pemberitahuan", text="Lihat berkas/9165816/lihat"))
    assert found.number == case.number


def test_a_newsletter_of_the_platform_is_kept_and_tells_nobody(shop: Workshop) -> None:
    raw = notice(subject="Kabar bulan ini", List_Id="<kabar.lapor.go.id>")
    assert received(shop, raw) == Outcome(Fate.MACHINE)
    assert shop.waiting() == []


def test_a_letter_of_the_platform_without_a_number_is_told_of(shop: Workshop) -> None:
    assert received(shop, notice(subject="Undangan rapat admin")) == Outcome(Fate.MACHINE)
    assert [one.kind.value for one in shop.waiting()] == ["platform_unknown"]
