"""`muara requirements`: the check-list of a request for data."""

import json
from typing import Any

import pytest

from tests.cli.conftest import Office

ASKS = "Mohon data jumlah penerima hibah pura tahun 2025 untuk skripsi"


def requested(office: Office) -> str:
    number = office.add(ASKS)
    done = office.run(
        *("reclassify", number, "--tier", "normatif", "--kind", "permintaan-informasi"),
        *("--why", "data"),
    )
    assert done.exit_code == 0, done.output
    return number


def state(office: Office, number: str, *more: str) -> dict[str, Any]:
    done = office.run("requirements", number, *more, "--json")
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def got(told: dict[str, Any]) -> list[bool]:
    return [one["got"] for one in told["requirements"]]


def test_a_request_starts_with_everything_missing(office: Office) -> None:
    number = requested(office)
    told = state(office, number)
    assert (got(told), told["waits_for_complainant"]) == ([False] * 3, True)
    text = office.run("requirements", number).stdout
    assert "Surat tugas" in text
    assert "Menunggu pemohon: Surat tugas, Dokumen atau berkas pendukung" in text
    assert "Tenggat tetap berjalan" in text


def test_what_is_ticked_says_by_whom_and_when(office: Office) -> None:
    number = requested(office)
    told = state(office, number, "--got", "surat-tugas", "--got", "Identitas", "--note", "No 12")
    assert got(told) == [True, False, True]
    first = told["requirements"][0]
    assert first["note"] == "No 12"
    assert first["who"]
    assert first["at"]
    told = state(office, number, "--missing", "identitas", "--why", "buram")
    assert got(told) == [True, False, False]


def test_the_kind_alone_can_be_decided_where_the_tier_is_settled(office: Office) -> None:
    number = office.add("Lampu ruang tunggu mati sudah seminggu")
    only_kind = ("reclassify", number, "--kind", "permintaan-informasi", "--why", "data")
    office.run("reclassify", number, "--tier", "normatif", "--why", "jelas")
    assert office.run(*only_kind).exit_code == 0
    shown = json.loads(office.run("show", number, "--json").stdout)
    assert (shown["kind"], shown["tier"], shown["limit"]) == (
        "permintaan_informasi",
        "normatif",
        "3 wd",
    )
    neither = office.run("reclassify", number, "--why", "x")
    assert neither.exit_code == 2
    assert "--tier" in neither.stderr


def test_praise_needs_no_tier(office: Office) -> None:
    number = office.add("Terima kasih")
    done = office.run("reclassify", number, "--kind", "apresiasi", "--why", "pujian")
    assert done.exit_code == 0, done.output
    assert json.loads(office.run("show", number, "--json").stdout)["due_at"] is None


def test_the_case_shows_what_it_waits_for_and_its_history(office: Office) -> None:
    number = requested(office)
    office.run("requirements", number, "--got", "surat tugas", "--note", "No 12", "--who", "ani")
    text = " ".join(office.run("show", number).stdout.split())
    assert "Menunggu pemohon Dokumen atau berkas pendukung" in text
    assert "Persyaratan diperiksa ani" in text
    for name in ("berkas-pendukung", "identitas"):
        office.run("requirements", number, "--got", name)
    assert "Persyaratan lengkap" in " ".join(office.run("show", number).stdout.split())


def test_who_takes_the_call_reads_what_to_ask_for(office: Office) -> None:
    done = office.run("add", "--medium", "phone", "--text", ASKS)
    assert done.exit_code == 0, done.output
    assert "masih diperlukan: Surat tugas" in done.stdout


@pytest.mark.parametrize(
    ("more", "told"),
    [(("--got", "ktp"), "surat-tugas, berkas-pendukung, identitas")],
)
def test_an_unknown_name_is_answered_with_those_there_are(
    office: Office, more: tuple[str, ...], told: str
) -> None:
    done = office.run("requirements", requested(office), *more)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_complaint_has_no_requirements(office: Office) -> None:
    number = office.add("Lampu ruang tunggu mati sudah seminggu")
    done = office.run("requirements", number)
    assert done.exit_code == 1
    assert "--kind permintaan-informasi" in done.stderr


def test_english_screens_name_them_in_english(office: Office) -> None:
    done = office.run("requirements", requested(office), language="en")
    assert "Letter of assignment" in done.stdout
