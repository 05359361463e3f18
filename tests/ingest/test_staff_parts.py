"""Answers by mail to the parts of a complaint that was split."""

import pytest

from ingest.splitting import Piece
from store.types import Ticket
from testing.daemon import TEAM
from tests.ingest.staff_shop import StaffShop
from tests.ingest.test_splitting_parts import ROAD, divided
from tests.ingest.workshop import CITIZEN, GRAVE, PLAIN

LATER = "Tambahan: buku tabungannya ada pada ketua kelompok."


def split_in_two(staff: StaffShop, other: str) -> tuple[Ticket, Ticket]:
    """A complaint and the part of it that the team answers; the team has its notice."""
    whole = staff.opened(f"{ROAD} {other}")
    staff.send()
    part, _ = divided(staff, whole, Piece(ROAD), Piece(other))
    staff.send()
    return whole, part


def writes_again(staff: StaffShop, whole: Ticket) -> None:
    """The complainant answers what they were told about the complaint as a whole."""
    (told,) = [one for one in staff.store.notices(whole.number) if one.kind == "acknowledgement"]
    staff.receive(staff.mail(LATER, CITIZEN, In_Reply_To=told.message_id))


def test_what_is_said_of_the_whole_holds_the_answer_to_a_part(staff: StaffShop) -> None:
    whole, part = split_in_two(staff, PLAIN)
    staff.hear(staff.reply(part, "Dana cair Senin."))
    staff.send()
    writes_again(staff, whole)
    staff.settle()
    (held,) = staff.waiting_answers(part)
    assert (held.state, held.reason) == ("held", "complainant_replied")
    assert staff.answers(part) == []
    staff.hear(staff.reply(part, "KIRIM", parent=staff.notice(part)))
    assert staff.answers(part) == ["Dana cair Senin."]


def test_what_is_said_of_a_whole_for_examiners_is_not_told_so_either(staff: StaffShop) -> None:
    whole, part = split_in_two(staff, GRAVE)
    staff.hear(staff.reply(part, "Dana cair Senin."))
    staff.send()
    writes_again(staff, whole)
    staff.settle()
    assert staff.answers(part) == ["Dana cair Senin."]


@pytest.mark.parametrize("word", ["", "KIRIM"])
def test_an_answer_to_what_is_split_meanwhile_never_goes_out(staff: StaffShop, word: str) -> None:
    whole = staff.opened(f"{ROAD} {PLAIN}")
    staff.send()
    staff.hear(staff.reply(whole, "Dana cair Senin."))
    staff.send()
    divided(staff, whole, Piece(ROAD), Piece(PLAIN))
    staff.settle()
    if word:
        staff.hear(staff.reply(whole, word, parent=staff.notice(whole, TEAM)))
        staff.settle()
    (held,) = staff.waiting_answers(whole)
    assert (held.state, held.reason) == ("held", "not_allowed")
    assert not any(one.message["X-Muara"] == "answer" for one in staff.sink.received)
