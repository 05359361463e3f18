"""The same mail in two inboxes, and what gateways do to it on the way."""

from email.message import EmailMessage
from email.policy import SMTP

import pytest

from store.types import Fate
from testing.daemon import OWN
from tests.ingest.workshop import CITIZEN, GRAVE, PLAIN, Workshop, mail

DISCLAIMER = "DISCLAIMER: This e-mail is confidential and intended only for the addressee."
WARNING = "Surel ini berasal dari luar organisasi. Jangan klik tautan yang tidak dikenal."


def both(shop: Workshop, first: bytes, second: bytes) -> list[Fate]:
    webmail = shop.channel("webmail")
    return [shop.receive(first)[0].fate, shop.receive(second, channel=webmail)[0].fate]


def encoded(text: str, charset: str, how: str, **headers: str) -> bytes:
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"], made["Message-ID"] = f"Wayan <{CITIZEN}>", OWN, "<sama@warga.test>"
    made["Subject"] = headers.get("Subject", "Pengaduan")
    made.set_content(text, charset=charset, cte=how)
    return made.as_bytes()


def test_the_same_mail_in_both_inboxes_is_one_case_with_two_arrivals(shop: Workshop) -> None:
    raw = shop.mail()
    assert both(shop, raw, raw) == [Fate.CASE, Fate.MERGED]
    (ticket,) = shop.cases()
    assert ticket.arrivals == 2
    assert len(shop.store.raw(ticket.number)) == 2
    assert len(shop.notices(ticket)["team_new"]) == 1


def test_two_mails_with_one_message_id_are_two_cases(shop: Workshop) -> None:
    one = mail(PLAIN, Message_ID="<sama@warga.test>")
    other = mail(GRAVE, Message_ID="<sama@warga.test>")
    assert both(shop, one, other) == [Fate.CASE, Fate.CASE]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("[EXTERNAL] Pengaduan", PLAIN),
        ("***SPAM*** Pengaduan", PLAIN),
        ("Pengaduan", f"{PLAIN}\r\n\r\n{DISCLAIMER}"),
        ("Pengaduan", f"{PLAIN}\r\n______________\r\n{DISCLAIMER}\r\n\r\n{WARNING}"),
        ("[External] Pengaduan", f"{WARNING}\r\n\r\n{PLAIN}\r\n\r\nVirus-free. www.avast.com"),
        ("Pengaduan", PLAIN.replace(" ", "\u00a0").replace(".", " .") + "\r\n\r\n"),
    ],
)
def test_what_a_gateway_adds_does_not_make_another_case(
    shop: Workshop, subject: str, text: str
) -> None:
    one = mail(PLAIN, Message_ID="<sama@warga.test>")
    other = mail(text, Message_ID="<sama@warga.test>", Subject=subject)
    assert both(shop, one, other) == [Fate.CASE, Fate.MERGED]


@pytest.mark.parametrize(
    "text",
    [
        f"{PLAIN}\r\n\r\nListrik di balai desa juga padam.",
        f"{PLAIN} Ini rahasia.",
        "",
        DISCLAIMER,
    ],
)
def test_what_the_complainant_adds_makes_another_case(shop: Workshop, text: str) -> None:
    one = mail(PLAIN, Message_ID="<sama@warga.test>")
    other = mail(text, Message_ID="<sama@warga.test>")
    assert both(shop, one, other) == [Fate.CASE, Fate.CASE]


def test_another_encoding_is_the_same_mail(shop: Workshop) -> None:
    text = f"{PLAIN} Café é."
    one = encoded(text, "utf-8", "base64")
    other = encoded(text, "iso-8859-1", "quoted-printable", Subject="[EXTERNAL] Pengaduan")
    assert both(shop, one, other) == [Fate.CASE, Fate.MERGED]


def test_a_reply_that_a_gateway_touched_tells_the_team_once(shop: Workshop) -> None:
    ticket = shop.opened()
    ours = next(n.message_id for n in shop.store.notices(ticket.number) if n.recipient == CITIZEN)
    head = {"In_Reply_To": ours, "Message_ID": "<balas@warga.test>"}
    one = mail("Mohon kabar tentang berkas itu.", **head)
    other = mail(f"Mohon kabar tentang berkas itu.\r\n\r\n{DISCLAIMER}", **head)
    assert both(shop, one, other) == [Fate.REPLIED, Fate.MERGED]
    assert len(shop.notices(ticket)["team_reply"]) == 1
