"""Requests for data: their own clock, what they have to come with, and who is told what is missing."""

from datetime import UTC, datetime

import pytest

from classify.types import Kind, Tier
from ingest.reclassify import reclassify
from ingest.requirements import CHECKED, checklist, files, mark, missing, waits
from store.types import Ticket
from testing.daemon import TEAM
from tests.ingest.workshop import CITIZEN, Workshop, body

ASKS = "Mohon data jumlah penerima hibah pura tahun 2025 untuk skripsi saya."
NAMES = ("surat-tugas", "berkas-pendukung", "identitas")
WITH_A_FILE = (
    "From: Wayan <wayan@warga.test>\r\nTo: kesra@kantor.test\r\nSubject: Permohonan data\r\n"
    "Message-ID: <f1@warga.test>\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
    f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{ASKS}\r\n"
    '--b\r\nContent-Type: application/pdf; name="surat.pdf"\r\n'
    'Content-Disposition: attachment; filename="surat.pdf"\r\n\r\nisi\r\n--b--\r\n'
).encode()


def asked(shop: Workshop, *, tier: Tier = Tier.NORMATIF, raw: bytes = b"") -> Ticket:
    """A request for data, as a person settled it before anything was sent."""
    (outcome,) = shop.receive(raw or shop.mail(ASKS))
    return settled(shop, shop.ticket(outcome.number), tier, Kind.PERMINTAAN_INFORMASI)


def settled(shop: Workshop, ticket: Ticket, tier: Tier, kind: Kind) -> Ticket:
    reclassify(
        shop.store, shop.parts.office, ticket, tier=tier, kind=kind, who="ani", why="data",
        clock=shop.clock,
    )  # fmt: skip
    return shop.ticket(ticket.number)


def tick(shop: Workshop, ticket: Ticket, name: str, *, got: bool = True, note: str = "") -> Ticket:
    wanted = next(one for one in shop.parts.office.requirements if one.name == name)
    details = mark(wanted, got=got, note=note)
    shop.store.record(ticket.number, CHECKED, "ani", details, shop.clock())
    return shop.ticket(ticket.number)


def lacking(shop: Workshop, ticket: Ticket) -> list[str]:
    return [item.requirement.name for item in missing(shop.parts.office.requirements, ticket)]


@pytest.mark.parametrize(
    ("tier", "limit"),
    [(Tier.NORMATIF, "3 wd"), (Tier.TIDAK_BERKADAR, "3 wd"), (Tier.RINGAN, "3 h")],
)
def test_a_person_who_calls_it_a_request_gives_it_three_working_days(
    shop: Workshop, tier: Tier, limit: str
) -> None:
    ticket = asked(shop, tier=tier)
    assert (ticket.kind, ticket.limit) == (Kind.PERMINTAAN_INFORMASI, limit)
    if limit == "3 wd":
        assert ticket.due_at == datetime(2026, 11, 27, 6, tzinfo=UTC)


def test_what_is_no_request_any_more_has_its_tiers_time_again(shop: Workshop) -> None:
    ticket = settled(shop, asked(shop), Tier.NORMATIF, Kind.PENGADUAN)
    assert ticket.limit == "5 wd"
    assert checklist(shop.parts.office.requirements, ticket) == ()


def test_the_offices_own_limit_for_requests_counts(shop: Workshop) -> None:
    shop.site.extra += '[limits]\npermintaan_informasi = "2 wd"\n'
    shop.reopen()
    assert asked(shop).limit == "2 wd"


def test_a_question_for_the_front_desk_needs_no_letter(shop: Workshop) -> None:
    ticket = asked(shop, tier=Tier.RINGAN)
    assert checklist(shop.parts.office.requirements, ticket) == ()
    assert not waits(shop.parts.office.requirements, ticket)


def test_everything_is_missing_until_a_person_ticks_it(shop: Workshop) -> None:
    ticket = asked(shop, raw=WITH_A_FILE)
    assert lacking(shop, ticket) == list(NAMES)
    assert files(ticket) == ("surat.pdf",)
    ticket = tick(shop, ticket, "surat-tugas", note="No 12")
    assert lacking(shop, ticket) == ["berkas-pendukung", "identitas"]
    first = checklist(shop.parts.office.requirements, ticket)[0]
    assert (first.got, first.who, first.note) == (True, "ani", "No 12")
    assert first.at == shop.clock()


def test_a_tick_can_be_taken_back(shop: Workshop) -> None:
    ticket = tick(shop, asked(shop), "identitas")
    ticket = tick(shop, ticket, "identitas", got=False, note="buram")
    assert "identitas" in lacking(shop, ticket)
    assert [e.details["state"] for e in ticket.events if e.what == CHECKED] == ["got", "missing"]


def test_the_office_waits_only_while_it_owes_an_answer_and_something_is_missing(
    shop: Workshop,
) -> None:
    ticket, known = asked(shop), shop.parts.office.requirements
    assert waits(known, ticket)
    for name in NAMES:
        ticket = tick(shop, ticket, name)
    assert not waits(known, ticket)
    ticket = tick(shop, ticket, "identitas", got=False)
    shop.store.working.close(ticket.number, who="ani", why="selesai", now=shop.clock())
    assert not waits(known, shop.ticket(ticket.number))


def test_waiting_and_ticking_leave_the_clock_alone(shop: Workshop) -> None:
    ticket = asked(shop)
    after = tick(shop, tick(shop, ticket, "surat-tugas"), "identitas", got=False)
    assert (after.due_at, after.limit) == (ticket.due_at, ticket.limit)


def test_the_acknowledgement_says_what_is_needed_and_how_to_send_it(shop: Workshop) -> None:
    ticket = asked(shop)
    tick(shop, ticket, "surat-tugas")
    shop.send()
    said = body(shop.letter("acknowledgement", CITIZEN))
    assert "- Dokumen atau berkas pendukung" in said
    assert "- Tanda pengenal atau identitas" in said
    assert "- Surat tugas" not in said
    assert "membalas surat ini" in said
    assert "Berkas yang sudah Anda lampirkan" not in said


def test_who_sent_files_hears_that_they_are_looked_at(shop: Workshop) -> None:
    asked(shop, raw=WITH_A_FILE)
    shop.send()
    assert "Berkas yang sudah Anda lampirkan" in body(shop.letter("acknowledgement", CITIZEN))


def test_who_complains_is_asked_for_nothing(shop: Workshop) -> None:
    settled(shop, shop.opened(), Tier.TIDAK_BERKADAR, Kind.PENGADUAN)
    shop.send()
    said = body(shop.letter("acknowledgement", CITIZEN))
    assert "diperlukan" not in said
    assert "\n\n\n" not in said


def test_who_was_told_another_time_hears_what_is_needed_with_the_new_one(shop: Workshop) -> None:
    ticket = settled(shop, shop.opened(ASKS), Tier.TIDAK_BERKADAR, Kind.PENGADUAN)
    shop.send()
    settled(shop, ticket, Tier.NORMATIF, Kind.PERMINTAAN_INFORMASI)
    shop.send()
    assert "- Surat tugas" in body(shop.letter("promise", CITIZEN))


def test_the_team_reads_what_is_there_and_what_is_not(shop: Workshop) -> None:
    tick(shop, asked(shop), "identitas")
    shop.send()
    said = body(shop.letter("team_reclassified", TEAM))
    assert "Sudah ada  : Tanda pengenal atau identitas" in said
    assert "Belum ada  : Surat tugas, Dokumen atau berkas pendukung" in said
    assert "Menunggu pemohon; tenggat tetap berjalan" in said


def test_the_list_is_the_offices(shop: Workshop) -> None:
    shop.site.extra += (
        '[[requirements]]\nname = "ktp"\nlabel = "KTP"\nkind = ["permintaan_informasi", "saran"]\n'
    )
    shop.reopen()
    assert lacking(shop, asked(shop)) == ["ktp"]
    assert lacking(shop, settled(shop, shop.opened(), Tier.NORMATIF, Kind.SARAN)) == ["ktp"]


def test_files_of_replies_are_shown_too(shop: Workshop) -> None:
    ticket = asked(shop)
    shop.send()
    ours = str(shop.letter("acknowledgement", CITIZEN)["Message-ID"])
    reply = WITH_A_FILE.replace(b"<f1@warga.test>", b"<f2@warga.test>").replace(
        b"MIME-Version", f"In-Reply-To: {ours}\r\nMIME-Version".encode()
    )
    shop.receive(reply)
    assert files(shop.ticket(ticket.number)) == ("surat.pdf",)
    assert lacking(shop, shop.ticket(ticket.number)) == list(NAMES)
