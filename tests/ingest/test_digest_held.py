"""Answers by mail that are held stand in the morning's digest until somebody decides."""

from datetime import timedelta

from ingest.digest import Digest, Digests
from ingest.escalation import Escalation
from ingest.letters.digest import DigestLetters
from ingest.letters.envelope import Desk
from store.types import Notice, NoticeKind, NoticeState
from testing.daemon import EXAMINER, TEAM
from tests.ingest.staff_shop import COLLEAGUE, HEAD, OTHER, StaffShop
from tests.ingest.workshop import GRAVE


def digests(staff: StaffShop) -> Digests:
    return Digests(staff.store, staff.parts.office, Escalation())


def content(staff: StaffShop, to: str) -> Digest:
    return digests(staff).content(to, staff.clock(), staff.clock())


def letter(staff: StaffShop, to: str) -> str:
    """What the digest says, in words."""
    now = staff.clock()
    details = {"day": now.date().isoformat(), "since": now.isoformat()}
    notice = Notice(
        1, NoticeKind.DIGEST, "", to, "<d@x>", NoticeState.WAITING, 0, now, now, details
    )  # fmt: skip
    desk = Desk(staff.parts.office, staff.parts.words, str, clock=staff.clock)
    return DigestLetters(staff.store, desk, digests(staff)).write(notice).body


def test_a_held_answer_is_told_to_its_author_and_to_the_team(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, "Dana cair Senin."))
    staff.hear(staff.reply(ticket, "Dana cair Selasa.", COLLEAGUE))
    staff.send()
    for reader in (TEAM, COLLEAGUE):
        assert content(staff, reader).held == [ticket.number]
    assert not any(content(staff, reader).held for reader in (OTHER, EXAMINER, HEAD))
    assert f"1 jawaban lewat surel DITAHAN, belum dikirim ({ticket.number})" in letter(staff, TEAM)


def test_what_was_answered_meanwhile_is_still_told_to_who_wrote(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, "Dana cair Senin."))
    staff.hear(staff.reply(ticket, "Dana cair Selasa.", COLLEAGUE))
    staff.settle()
    assert content(staff, COLLEAGUE).held == [ticket.number]
    assert content(staff, TEAM).held == []
    assert not content(staff, COLLEAGUE).empty


def test_it_is_gone_once_somebody_decided(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, "Dana cair Senin."))
    staff.hear(staff.reply(ticket, "Dana cair Selasa.", COLLEAGUE))
    staff.send()
    staff.hear(staff.reply(ticket, "BATAL", COLLEAGUE))
    assert content(staff, COLLEAGUE).held == []


def test_of_a_restricted_case_only_the_number_and_only_to_examiners(staff: StaffShop) -> None:
    ticket = staff.opened(GRAVE)
    staff.send()
    raw = staff.reply(ticket, "Kami periksa.", EXAMINER)
    staff.clock.pass_(hours=30)
    staff.receive(raw)
    staff.store.staff_mails.hold(staff.waiting_answers(ticket)[0].id, "stale", staff.clock())
    assert content(staff, EXAMINER).held == [ticket.number]
    assert content(staff, TEAM).held == []
    assert "Kami periksa" not in letter(staff, EXAMINER)


def test_a_week_later_it_still_stands_there(staff: StaffShop) -> None:
    ticket = staff.opened()
    staff.send()
    staff.hear(staff.reply(ticket, "Dana cair Senin."))
    staff.hear(staff.reply(ticket, "Dana cair Selasa.", COLLEAGUE))
    staff.settle()
    later = staff.clock() + timedelta(days=7)
    assert digests(staff).content(COLLEAGUE, later, later).held == [ticket.number]
