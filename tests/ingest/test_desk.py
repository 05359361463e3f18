import pytest

from channels.memory import MemoryChannel
from classify.types import Medium
from store.types import Fate
from testing.daemon import EXAMINER, OWN, TEAM
from tests.ingest.workshop import CITIZEN, GRAVE, PLAIN, Workshop, body, reading


def test_the_team_and_the_complainant_are_written_to(shop: Workshop) -> None:
    ticket = shop.opened()
    assert shop.notices(ticket) == {"team_new": [TEAM], "acknowledgement": [CITIZEN]}


def test_praise_is_kept_and_nobody_is_written_to(shop: Workshop) -> None:
    ticket = shop.opened("Terima kasih banyak, pelayanannya ramah dan cepat.")
    assert (ticket.kind, ticket.due_at, shop.notices(ticket)) == ("apresiasi", None, {})


def test_a_mail_of_nothing_but_a_file_is_for_a_person_to_read(shop: Workshop) -> None:
    raw = (
        b"From: " + CITIZEN.encode() + b"\r\nMessage-ID: <foto@warga.test>\r\n"
        b"Content-Type: image/jpeg; name=bukti.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n/9j/4A==\r\n"
    )
    (outcome,) = shop.receive(raw)
    ticket = shop.ticket(outcome.number)
    assert (ticket.certain, ticket.tier, ticket.limit) == (False, None, "3 h")
    assert shop.notices(ticket)["team_new"] == [TEAM]


def test_what_is_no_mail_is_not_acknowledged_by_mail(shop: Workshop) -> None:
    channel = MemoryChannel("lapor", Medium.LAPOR, reading(Medium.LAPOR))
    (outcome,) = shop.receive(PLAIN.encode(), channel=channel)
    assert shop.notices(shop.ticket(outcome.number)) == {"team_new": [TEAM]}


def test_only_examiners_get_a_restricted_case(shop: Workshop) -> None:
    ticket = shop.opened(GRAVE)
    assert ticket.restricted
    notices = shop.notices(ticket)
    assert (notices["team_new"], notices["team_restricted"]) == ([EXAMINER], [TEAM])


def test_the_notice_of_a_restricted_case_has_no_content_and_no_name(shop: Workshop) -> None:
    ticket = shop.opened(GRAVE, Subject="Pungli Kepala Desa Sukamaju")
    shop.send()
    letter = shop.letter("team_restricted")
    everything = letter.as_string() + body(letter)
    assert ticket.number in everything
    for secret in ("pungli", "Pungli", "Sukamaju", "Rp500", "bansos", "Wayan", CITIZEN):
        assert secret not in everything


def test_a_case_restricted_after_its_notice_was_queued_is_not_shown_to_the_team(
    shop: Workshop,
) -> None:
    channel = MemoryChannel("lapor", Medium.LAPOR, reading(Medium.LAPOR))
    (first,) = shop.receive(PLAIN.encode(), channel=channel)
    (second,) = shop.receive(GRAVE.encode(), channel=channel)
    assert (second.fate, second.number) == (Fate.UPDATED, first.number)
    assert shop.ticket(first.number).restricted
    shop.send()
    to_team = [one for one in shop.sink.received if one.recipients == (TEAM,)]
    assert to_team
    assert not any("pungli" in body(one.message) for one in to_team)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"List_Id": "<warga.lists.test>"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_machines_and_lists_are_never_answered(shop: Workshop, headers: dict[str, str]) -> None:
    shop.receive(shop.mail(**headers))
    shop.send()
    assert not any(one.recipients == (CITIZEN,) for one in shop.sink.received)


@pytest.mark.parametrize("sender", [OWN, OWN.upper(), "no-reply@warga.test", ""])
def test_ourselves_and_mailboxes_nobody_reads_are_never_answered(
    shop: Workshop, sender: str
) -> None:
    shop.receive(shop.mail(sender=sender))
    assert {one.recipients for one in shop.send()} <= {(TEAM,)}


def test_machine_mail_is_kept_and_opens_no_case(shop: Workshop) -> None:
    (outcome,) = shop.receive(shop.mail("Saya cuti", Auto_Submitted="auto-replied"))
    assert (outcome.fate, shop.cases()) == (Fate.MACHINE, [])
    assert [mail.why for mail in shop.store.machine_mail()] == ["auto_reply"]


def test_behind_a_web_form_the_person_is_answered_not_the_form(shop: Workshop) -> None:
    headers = {"From": "Formulir <no-reply@kab.test>", "Reply_To": "Made <made@warga.test>"}
    ticket = shop.opened(sender="", **headers)
    assert (ticket.complainant.name, ticket.complainant.email) == ("Made", "made@warga.test")
    assert shop.notices(ticket)["acknowledgement"] == ["made@warga.test"]


def test_a_group_that_answers_to_itself_does_not_hide_the_complainant(shop: Workshop) -> None:
    ticket = shop.opened(Reply_To=OWN)
    assert ticket.complainant.email == CITIZEN


def test_a_route_by_words_names_the_team(shop: Workshop) -> None:
    shop.site.extra = """
[[teams]]
name = "agama"
label = "Tim Agama"
members = ["agama@kantor.test"]

[[routes]]
words = ["pura"]
team = "agama"
"""
    shop.close()
    shop.reopen()
    assert shop.notices(shop.opened())["team_new"] == ["agama@kantor.test"]
