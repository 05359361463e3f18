"""Who thanks for a notice, or agrees, has not answered the complaint."""

import pytest

from tests.ingest.staff_shop import StaffShop


@pytest.mark.parametrize(
    "text",
    ["Terima kasih", "siap pak", "Baik, Bu. Terima kasih atas infonya.", "OK", "\U0001f44d", "Noted, thanks!",
     "Nggih, suksma."],
)  # fmt: skip
def test_it_is_asked_about_and_not_sent(staff: StaffShop, text: str) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, text))
    staff.settle()
    assert staff.answers(ticket) == []
    assert "hanya ucapan atau tanda setuju" in staff.told()


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("JAWAB: Terima kasih", "Terima kasih"),
        ("Sudah diperbaiki.", "Sudah diperbaiki."),
        ("Ya, dana cair Senin.", "Ya, dana cair Senin."),
        ("Baik, silakan datang besok.", "Baik, silakan datang besok."),
        ("0362 21985", "0362 21985"),
    ],
)
def test_what_says_something_is_an_answer(staff: StaffShop, text: str, sent: str) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, text))
    staff.settle()
    assert staff.answers(ticket) == [sent]
