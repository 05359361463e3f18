"""Replies without In-Reply-To: the signed token in our subject, from the same person."""

import pytest
from structlog.testing import capture_logs

from ingest.people import mailbox, same_mailbox
from ingest.reply_token import ReplyTokens
from store.types import Fate, Ticket
from testing.daemon import TEAM
from tests.ingest.workshop import CITIZEN, Workshop, body

STRANGER = "asing@lain.test"


def subject_of(shop: Workshop, ticket: Ticket, to: str = CITIZEN) -> str:
    shop.send()
    found = str(shop.letter("acknowledgement", to)["Subject"])
    assert ticket.number in found
    return found


def reply(shop: Workshop, subject: str, sender: str = CITIZEN, text: str = "Ini buktinya.") -> Fate:
    return shop.receive(shop.mail(text, sender, Subject=f"Re: {subject}"))[0].fate


def test_a_reply_without_references_joins_by_the_token_in_its_subject(shop: Workshop) -> None:
    ticket = shop.opened()
    assert reply(shop, subject_of(shop, ticket)) is Fate.REPLIED
    (letter,) = shop.send()
    assert letter.recipients == (TEAM,)
    assert "Ini buktinya." in body(letter.message)


def test_a_token_quoted_in_the_text_is_as_good(shop: Workshop) -> None:
    ticket = shop.opened()
    quoted = f"Ini buktinya.\r\n\r\n> Perihal: {subject_of(shop, ticket).upper()}"
    assert reply(shop, "tambahan", text=quoted) is Fate.REPLIED


def test_the_same_person_by_another_name_and_case_is_the_same_person(shop: Workshop) -> None:
    ticket = shop.opened()
    subject = subject_of(shop, ticket)
    raw = shop.mail(
        "Ini buktinya.", "", From=f'"I Wayan Lain" <{CITIZEN.upper()}>', Subject=subject
    )
    assert shop.receive(raw)[0].fate is Fate.REPLIED


def test_a_stranger_with_number_and_token_does_not_get_in(shop: Workshop) -> None:
    ticket = shop.opened()
    subject = subject_of(shop, ticket)
    with capture_logs() as logs:
        assert reply(shop, subject, STRANGER) is Fate.CASE
    refused = [one for one in logs if one["event"] == "reply.refused"]
    assert [one["number"] for one in refused] == [ticket.number]
    assert len(shop.ticket(ticket.number).events) < 6


@pytest.mark.parametrize("wrong", ["a" * 12, "234567abcdef"])
def test_a_wrong_token_is_ignored(shop: Workshop, wrong: str) -> None:
    ticket = shop.opened()
    assert reply(shop, f"[{ticket.number} {wrong}]") is Fate.CASE


def test_the_token_of_one_case_does_not_open_another(shop: Workshop) -> None:
    one, other = shop.opened(), shop.opened("Lampu jalan di Banjar Tegal mati sejak Senin.")
    token = ReplyTokens(shop.store).tag(one.number, CITIZEN).split()[1]
    assert reply(shop, f"[{other.number} {token}]") is Fate.CASE


def test_the_key_outlives_a_restart_and_is_no_other_offices(shop: Workshop) -> None:
    ticket = shop.opened()
    tag = ReplyTokens(shop.store).tag(ticket.number, CITIZEN)
    shop.close()
    shop.reopen()
    assert ReplyTokens(shop.store).signed(tag, CITIZEN) == (ticket.number, "")
    shop.store.set_value("replies.key", "00" * 32)
    assert ReplyTokens(shop.store).signed(tag, CITIZEN) == (None, ticket.number)


def test_a_key_is_made_once_where_there_is_none(shop: Workshop) -> None:
    assert shop.store.kept("baru", "pertama") == "pertama"
    assert shop.store.kept("baru", "kedua") == "pertama"


def test_notices_to_the_team_carry_no_token(shop: Workshop) -> None:
    ticket = shop.opened()
    shop.send()
    token = ReplyTokens(shop.store).tag(ticket.number, CITIZEN).split()[1]
    letter = shop.letter("team_new")
    assert token not in str(letter["Subject"]) + body(letter)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Wayan@Warga.test", "wayan@warga.test", True),
        ("i.wayan+lapor@gmail.com", "iwayan@googlemail.com", True),
        ("i.wayan@warga.test", "iwayan@warga.test", False),
        ("wayan+lapor@warga.test", "wayan@warga.test", False),
        ("", "", False),
    ],
)
def test_whose_mailbox_is_whose(one: str, other: str, same: bool) -> None:
    assert same_mailbox(one, other) is same
    assert mailbox(mailbox(one)) == mailbox(one)
