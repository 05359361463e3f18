"""`muara guests`: the guest book on the screen."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from cli.guest_form import GuestForm
from config.texts import Texts
from testing.accounts import account
from tests.cli.conftest import Office

TODAY = datetime.now(ZoneInfo("Asia/Makassar")).date()
MADE = ("--name", "Ni Made Sari", "--purpose", "Minta data hibah", "--agency", "Undiksha")
GRAVE = "Kepala desa minta uang pungli 500 ribu supaya bansos cair"


def guests(office: Office, *more: str) -> list[dict[str, Any]]:
    done = office.run("guests", "list", "--json", *more)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def walk_in(office: Office, text: str, *more: str) -> str:
    done = office.run(
        *("add", "--medium", "tatap-muka", "--text", text, "--name", "Pak Ketut"),
        *("--phone", "08155", "--json", *more),
    )
    assert done.exit_code == 0, done.output
    number: str = json.loads(done.stdout.splitlines()[0])["number"]
    return number


def as_examiner(office: Office) -> None:
    """Let who runs the tests be one of the examiners."""
    office.seat("periksa@kesra.test")


def test_a_guest_is_entered_and_listed_without_the_name(office: Office) -> None:
    done = office.run("guests", "add", *MADE, "--meets", "Kabag", "--phone", "0812")
    assert "Tamu dicatat" in done.stdout
    text = office.run("guests", "list").stdout
    assert "Undiksha" in text
    assert "Kabag" in text
    assert "Ni Made" not in text
    assert "0812" not in text
    assert "--reveal" in text
    (guest,) = guests(office)
    assert "name" not in guest
    assert "phone" not in guest


def test_opening_names_is_written_down(office: Office) -> None:
    office.run("guests", "add", *MADE)
    assert "Ni Made Sari" in office.run("guests", "list", "--reveal").stdout
    assert guests(office, "--reveal")[0]["name"] == "Ni Made Sari"
    looks = [json.loads(x) for x in office.run("guests", "looks", "--json").stdout.splitlines()]
    assert [(look["who"], look["shown"]) for look in looks] == [(account(), 1)] * 2
    assert str(TODAY.year) in office.run("guests", "looks").stdout


def test_closed_names_leave_no_trace(office: Office) -> None:
    office.run("guests", "add", *MADE)
    office.run("guests", "list")
    assert office.run("guests", "looks", "--json").stdout == ""


def test_days_and_months_are_told_apart(office: Office) -> None:
    office.run("guests", "add", *MADE, "--came-at", "02-01-2026 09.00")
    office.run("guests", "add", *MADE, "--came-at", "31-01-2026 15.00")
    assert len(guests(office, "--day", "2026-01-02")) == 1
    assert len(guests(office, "--day", "01-01-2026")) == 0
    assert len(guests(office, "--month", "januari 2026")) == 2
    assert len(guests(office, "--month", "2026-02")) == 0
    assert "Tidak ada tamu" in office.run("guests", "list", "--day", "2026-01-03").stdout


def test_a_walk_in_typed_in_is_a_guest_of_the_same_step(office: Office) -> None:
    number = walk_in(office, "Lampu mati", "--agency", "Desa Sangsit", "--meets", "Bu Luh")
    (guest,) = guests(office, "--reveal")
    assert (guest["number"], guest["name"]) == (number, "Pak Ketut")
    assert (guest["agency"], guest["meets"]) == ("Desa Sangsit", "Bu Luh")
    said = office.run("add", "--medium", "tatap-muka", "--text", "Kursi rusak", "--name", "Pak K")
    assert "Tercatat juga di buku tamu" in said.stdout
    assert "menyampaikan pengaduan" in office.run("guests", "list").stdout
    assert office.add("Telepon saja")
    assert len(guests(office)) == 2


def test_who_brought_a_restricted_case_is_closed_to_others(office: Office) -> None:
    number = walk_in(office, GRAVE, "--agency", "Desa Anu")
    text = office.run("guests", "list", "--reveal").stdout
    assert number in text
    assert "Pak Ketut" not in text
    assert "Desa Anu" not in text
    assert "pemeriksa" in text
    assert "Pak Ketut" not in json.dumps(guests(office, "--reveal"))
    assert office.run("guests", "looks", "--json").stdout == ""


def test_an_examiner_opens_it_and_the_case_remembers(office: Office) -> None:
    number = walk_in(office, GRAVE)
    as_examiner(office)
    assert "Pak Ketut" in office.run("guests", "list", "--reveal").stdout
    shown = json.loads(office.run("show", number, "--reveal", "--json").stdout)
    assert "guest.revealed" in [event["what"] for event in shown["events"]]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "--purpose", "x"), "--name"),
        (("add", "--name", "x"), "--purpose"),
        (("add", "--name", " ", "--purpose", "x"), "Nama tamu"),
        (("add", *MADE, "--number", "MR-AAAA-AAA"), "nomor tiket"),
        (("add", *MADE, "--came-at", "kapan"), "kapan"),
        (("list", "--day", "besok"), "bukan tanggal"),
        (("list", "--month", "fooember"), "bukan bulan"),
        (("list", "--day", "2026-01-01", "--month", "2026-01"), "salah satu"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    office: Office, arguments: tuple[str, ...], told: str
) -> None:
    done = office.run("guests", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_guest_about_a_case_is_told_there(office: Office) -> None:
    number = office.add("Lampu mati")
    assert office.run("guests", "add", *MADE, "--number", number.lower()).exit_code == 0
    assert "Tamu dicatat di buku tamu" in office.run("show", number).stdout
    assert "Ni Made" not in office.run("show", number).stdout


def test_the_form_asks_reads_back_and_mends() -> None:
    answers = [
        "", "Ni Made", "Undiksha", "Minta data", "Kabag", "0812", "bukan nomor", "", "", "3",
        "Minta data hibah", "",
    ]  # fmt: skip
    form = GuestForm(Texts("id"), lambda: datetime(2026, 11, 25, 2, tzinfo=UTC))
    with CliRunner().isolation(input="\n".join(answers) + "\n") as streams:
        form.fill_in()
    said = streams[0].getvalue().decode() + streams[1].getvalue().decode()
    guest = form.guest("ani")
    assert (guest.name, guest.purpose, guest.meets) == ("Ni Made", "Minta data hibah", "Kabag")
    assert (guest.number, guest.came_at.astimezone(UTC).hour, guest.who) == ("", 2, "ani")
    assert "Nama tamu perlu diisi" in said
    assert "bukan nomor tiket" in said
