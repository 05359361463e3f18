"""Correcting who a complainant is and how they are reached."""

import json

from tests.cli.conftest import Office
from tests.cli.terminal import Operator

TEXT = "Toilet kantor kotor."


def known(office: Office, number: str) -> tuple[str, str, str]:
    store = office.store()
    ticket = store.ticket(number)
    store.close()
    assert ticket is not None
    return ticket.complainant.name, ticket.complainant.email, ticket.complainant.phone


def test_options_correct_what_they_name_and_nothing_else(office: Office) -> None:
    number = office.add(TEXT, "--name", "Made", "--phone", "0812")
    done = office.run("contact", number, "--phone", "0813 ", "--why", "salah ketik", "--json")
    assert json.loads(done.stdout) == {"number": number, "corrected": ["phone"]}
    assert known(office, number) == ("Made", "", "0813")
    shown = office.run("show", number).stdout
    assert "Nama atau alamat pelapor dibetulkan" in shown
    assert "telepon; alasan: salah ketik" in shown


def test_the_same_once_more_changes_nothing(office: Office) -> None:
    number = office.add(TEXT, "--name", "Made")
    assert "Tidak ada yang berubah" in office.run("contact", number, "--name", "Made").stdout
    assert "dibetulkan" not in office.run("show", number).stdout


def test_what_is_no_mail_address_is_refused(office: Office) -> None:
    number = office.add(TEXT)
    refused = office.run("contact", number, "--email", "made")
    assert refused.exit_code == 2
    assert "'made' bukan alamat surel" in refused.output
    assert office.run("contact", number).exit_code == 2


def test_who_does_not_want_to_be_named_stays_unnamed(office: Office) -> None:
    number = office.add(TEXT, "--anonymous")
    office.seat("periksa@kesra.test")
    refused = office.run("contact", number, "--name", "Made")
    assert refused.exit_code == 1
    assert "tidak mau disebut namanya" in refused.output
    assert known(office, number) == ("", "", "")


def test_a_restricted_case_is_corrected_by_examiners_only(office: Office) -> None:
    number = office.add(TEXT, "--secret", "--phone", "0812")
    assert office.run("contact", number, "--phone", "0813").exit_code == 1
    assert known(office, number)[2] == "0812"
    office.seat("periksa@kesra.test")
    assert office.run("contact", number, "--phone", "0813").exit_code == 0
    assert known(office, number)[2] == "0813"


def test_the_form_shows_what_is_known_and_is_read_back(office: Office) -> None:
    number = office.add(TEXT, "--name", "Made", "--phone", "0812")
    typing = Operator(office, "contact", number)
    typing.sees("0812")
    typing.fills_in(
        ("Nama (", ""), ("Alamat surel (", "made"), ("Alamat surel (", "made@contoh.id"),
        ("Nomor telepon (", "-"), ("Alamat (", ""), ("Sudah benar?", "1"), ("Nama (", "Made W."),
        ("Sudah benar?", ""),
    )  # fmt: skip
    assert typing.leaves() == 0
    assert known(office, number) == ("Made W.", "made@contoh.id", "")


def test_who_leaves_the_form_changes_nothing(office: Office) -> None:
    number = office.add(TEXT, "--name", "Made")
    typing = Operator(office, "contact", number)
    typing.fills_in(("Nama (", "Ketut"), ("Alamat surel (", ""))
    typing.sees("Nomor telepon (")
    assert typing.leaves(interrupted=True) != 0
    assert known(office, number)[0] == "Made"
