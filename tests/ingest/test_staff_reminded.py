"""Reminders are answered by reply like the complaint itself, where that is offered."""

from contextlib import closing
from pathlib import Path

import pytest

from store.types import NoticeKind, Ticket
from testing.daemon import TEAM
from testing.smtp_sink import SmtpSink
from tests.ingest.staff_shop import HEAD, StaffShop

OFFER = "Balas surat ini: tulisan Anda dikirim kepada pelapor"


def reminded(staff: StaffShop, to: str) -> Ticket:
    """A case of which somebody was reminded; the mail went out."""
    ticket = staff.opened()
    details = {"stage": "passed"}
    staff.store.staff_mails.tell(NoticeKind.REMINDER, ticket.number, to, details, staff.clock())
    staff.send()
    return ticket


@pytest.mark.parametrize("reader", [TEAM, HEAD])
def test_a_reply_to_a_reminder_becomes_the_answer(staff: StaffShop, reader: str) -> None:
    ticket = reminded(staff, reader)
    assert OFFER in staff.told(reader)
    staff.hear(staff.reply(ticket, "Dana cair Senin.", reader))
    staff.settle()
    assert staff.answers(ticket) == ["Dana cair Senin."]


def test_what_is_left_of_a_reminder_in_a_reply_does_not_reach_anybody(staff: StaffShop) -> None:
    ticket = reminded(staff, TEAM)
    staff.hear(staff.reply(ticket, f"Dana cair Senin.\n\n{staff.told(TEAM)}"))
    staff.settle()
    assert staff.answers(ticket) == []
    assert "tidak dapat dipisahkan" in staff.told(TEAM)


def test_nobody_is_offered_what_they_may_not_do(
    tmp_path: Path, sink: SmtpSink, staff: StaffShop
) -> None:
    reminded(staff, "asisten@kantor.test")
    assert OFFER not in staff.told("asisten@kantor.test")
    (tmp_path / "off").mkdir()
    with closing(StaffShop(tmp_path / "off", sink, settings='accept = "off"')) as other:
        reminded(other, TEAM)
        assert OFFER not in other.told(TEAM)
