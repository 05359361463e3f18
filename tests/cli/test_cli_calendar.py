"""`muara calendar`: the month's sheet, what the office decides about days, and the deadlines that follow."""

import json
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cli.months import parse_date, parse_month
from tests.cli.conftest import Office
from tests.store.samples import sql

WITA = ZoneInfo("Asia/Makassar")
TODAY = date(2026, 11, 24)


def settled(office: Office, tier: str) -> str:
    number = office.add("Apa syarat hibah pura?")
    done = office.run("reclassify", number, "--tier", tier, "--why", "syarat")
    assert done.exit_code == 0, done.output
    return number


def normative(office: Office) -> str:
    """A case that is due five working days from now."""
    return settled(office, "normatif")


def shown(office: Office, number: str) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(office.run("show", number, "--json").stdout)
    return whole


def due_day(office: Office, number: str) -> str:
    due = datetime.fromisoformat(shown(office, number)["due_at"])
    return due.astimezone(WITA).date().isoformat()


def month(office: Office, which: str) -> dict[str, dict[str, Any]]:
    page = json.loads(office.run("calendar", which, "--json").stdout)
    return {day["date"]: day for day in page["days"]}


# Looking


def test_a_month_is_a_sheet_with_the_source_of_every_closed_day(office: Office) -> None:
    text = office.run("calendar", "2026-12").stdout
    head = next(line for line in text.splitlines() if "Senin" in line)
    assert [name.strip() for name in head.strip("│").split("│")] == [
        "Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu",
    ]  # fmt: skip
    assert "Desember 2026" in text
    assert "Kam 24    cuti bersama" in text
    assert "Hari Raya Natal" in text
    assert "hari libur nasional, menurut pustaka holidays" in text
    assert "Hari kerja bulan ini: 21" in text
    assert "Senin sampai Kamis: 07.30 - 16.00 (istirahat 12.00 - 12.45)" in text
    assert "Jumat: 07.00 - 14.00 (istirahat 11.00 - 11.30)" in text


def test_days_stand_under_their_weekday(office: Office) -> None:
    lines = office.run("calendar", "2026-12").stdout.splitlines()
    first = next(line for line in lines if "│1 " in line)
    assert [cell.strip() for cell in first.strip("│").split("│")] == ["", *"123456"]


def test_balinese_days_are_dispensation_days_that_do_not_stop_the_clock(office: Office) -> None:
    galungan = month(office, "2027-01")["2027-01-13"]
    assert (galungan["name"], galungan["layer"]) == ("Galungan", "balinese")
    assert (galungan["state"], galungan["working"]) == ("dispensation", True)
    assert "perkiraan" in galungan["source"]


def test_the_sheet_speaks_english_too(office: Office) -> None:
    text = office.run("calendar", "december 2026", language="en").stdout
    assert "Monday" in text
    assert "collective leave" in text


def test_today_is_marked(office: Office) -> None:
    today = datetime.now(WITA).date()
    assert f"[{today.day}] hari" in " ".join(office.run("calendar").stdout.split())


def test_hours_that_change_within_the_month_are_both_shown(office: Office) -> None:
    extra = '\n[[calendar.hours]]\nsince = 2026-12-14\nmonday = "08:00-15:00"\n'
    office.config.write_text(office.config.read_text("utf-8") + extra, "utf-8")
    text = office.run("calendar", "2026-12").stdout
    assert "Sejak 14 Desember 2026:" in text
    assert "Senin: 08.00 - 15.00" in text


@pytest.mark.parametrize(
    ("given", "first"),
    [
        ("", date(2026, 11, 1)),
        ("2027-01", date(2027, 1, 1)),
        ("1/2027", date(2027, 1, 1)),
        ("01-2027", date(2027, 1, 1)),
        ("8", date(2026, 8, 1)),
        ("agustus", date(2026, 8, 1)),
        ("Agustus 2027", date(2027, 8, 1)),
        ("december 2026", date(2026, 12, 1)),
        ("des", date(2026, 12, 1)),
    ],
)
def test_a_month_is_read_as_people_type_it(given: str, first: date) -> None:
    assert parse_month(given, TODAY) == first


@pytest.mark.parametrize("given", ["13", "2027-13", "juli juli", "ju", "besok", "2027-01-01-01"])
def test_what_is_no_month_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        parse_month(given, TODAY)


@pytest.mark.parametrize("given", ["13-01-2027", "13/01/2027", "2027-01-13"])
def test_a_day_is_read_as_people_type_it(given: str) -> None:
    assert parse_date(given) == date(2027, 1, 13)


def test_a_wrong_month_or_day_is_one_sentence(office: Office) -> None:
    wrong_month = office.run("calendar", "fooember")
    assert wrong_month.exit_code == 2
    assert "bukan bulan" in wrong_month.stderr
    wrong_day = office.run("calendar", "set", "31-02-2027", "tutup", "--why", "x", "--yes")
    assert wrong_day.exit_code == 2
    assert "bukan tanggal" in wrong_day.stderr


# Deciding


@pytest.mark.parametrize(
    ("word", "state"),
    [("tutup", "closed"), ("closed", "closed"), ("buka", "open"), ("dispensasi", "dispensation")],
)
def test_states_are_taken_in_both_languages(office: Office, word: str, state: str) -> None:
    done = office.run("calendar", "set", "12-12-2026", word, "--why", "SE 12", "--yes")
    assert done.exit_code == 0, done.output
    day = month(office, "2026-12")["2026-12-12"]
    assert (day["state"], day["layer"], day["source"]) == (state, "decided", "SE 12")
    assert day["working"] is (state == "open")
    assert day["who"]
    assert day["at"]


def test_deciding_shows_what_moves_and_asks_first(office: Office) -> None:
    number = normative(office)
    day = due_day(office, number)
    asked = office.run("calendar", "set", day, "tutup", "--why", "SE 12", stdin="t\n")
    assert asked.exit_code == 0, asked.output
    assert number in asked.stdout
    assert "Tenggat terbuka yang bergeser: 1" in asked.stdout
    assert "tidak diubah" in asked.stdout
    assert due_day(office, number) == day
    agreed = office.run("calendar", "set", day, "tutup", "--why", "SE 12", stdin="ya\n")
    assert "tercatat. Tenggat yang digeser: 1" in agreed.stdout
    assert due_day(office, number) > day


def test_without_anybody_to_ask_nothing_is_changed(office: Office) -> None:
    done = office.run("calendar", "set", "2026-12-11", "tutup", "--why", "SE 12", stdin="")
    assert done.exit_code == 1
    assert "state" not in month(office, "2026-12")["2026-12-11"]


def test_a_dry_run_only_shows(office: Office) -> None:
    number = normative(office)
    day = due_day(office, number)
    done = office.run("calendar", "set", day, "closed", "--why", "x", "--dry-run", "--json")
    told = json.loads(done.stdout)
    assert (told["done"], [one["number"] for one in told["moved"]]) == (False, [number])
    assert due_day(office, number) == day


def test_the_case_tells_its_old_deadline_the_day_and_the_reason(office: Office) -> None:
    number = normative(office)
    day = due_day(office, number)
    office.run("calendar", "set", day, "tutup", "--why", "SE Sekda 12", "--who", "ani", "--yes")
    text = " ".join(office.run("show", number).stdout.split())
    assert "Tenggat bergeser mengikuti kalender" in text
    assert "ani" in text
    assert "tenggat lama" in text
    assert "SE Sekda 12" in text
    moved = [e for e in shown(office, number)["events"] if e["what"] == "deadline.moved"]
    assert moved[0]["details"]["days"] == day


def test_doctor_finds_the_case_as_its_log_says(office: Office) -> None:
    number = normative(office)
    office.run("calendar", "set", due_day(office, number), "tutup", "--why", "SE 12", "--yes")
    findings = map(json.loads, office.run("doctor", "--offline", "--json").stdout.splitlines())
    grades = {one["check"]: one["grade"] for one in findings}
    assert (grades["cases"], grades["chain"]) == ("fine", "fine")


def test_taking_back_brings_the_deadline_back_and_stays_in_the_history(office: Office) -> None:
    number = normative(office)
    day = due_day(office, number)
    office.run("calendar", "set", day, "tutup", "--why", "SE 12", "--yes")
    done = office.run("calendar", "unset", day, "--why", "batal", "--yes")
    assert done.exit_code == 0, done.output
    assert due_day(office, number) == day
    text = office.run("calendar", day[:7]).stdout
    assert "Riwayat ketetapan kantor" in text
    assert "dicabut" in text
    page = json.loads(office.run("calendar", day[:7], "--json").stdout)
    assert [(one["state"], one["why"]) for one in page["decisions"]] == [
        ("closed", "SE 12"),
        ("", "batal"),
    ]


def test_a_day_keeps_the_name_it_is_known_by(office: Office) -> None:
    office.run("calendar", "set", "2027-01-13", "closed", "--why", "SE Gubernur", "--yes")
    day = month(office, "2027-01")["2027-01-13"]
    assert (day["name"], day["state"]) == ("Galungan", "closed")
    office.run("calendar", "set", "2027-01-14", "closed", "--why", "SE", "--name", "HUT", "--yes")
    assert month(office, "2027-01")["2027-01-14"]["name"] == "HUT"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "2026-12-11", "tutup", "--yes"), "--why"),
        (("set", "2026-12-11", "tutup", "--why", "  ", "--yes"), "--why"),
        (("set", "2026-12-11", "libur", "--why", "x", "--yes"), "tutup"),
        (("set", "2026-12-11", "tutup", "--why", "x", "--json"), "--yes"),
        (("unset", "2026-12-11", "--why", "x", "--yes"), "tidak ada dalam ketetapan"),
    ],
)
def test_what_makes_no_sense_is_refused(
    office: Office, arguments: tuple[str, ...], told: str
) -> None:
    done = office.run("calendar", *arguments)
    assert done.exit_code != 0
    assert told in done.stderr


def test_the_same_twice_changes_nothing(office: Office) -> None:
    again = ("calendar", "set", "2026-12-11", "tutup", "--why", "SE 12", "--yes")
    assert office.run(*again).exit_code == 0
    refused = office.run(*again)
    assert refused.exit_code == 1
    assert "sudah ditetapkan" in refused.stderr


def test_a_day_of_the_configuration_is_changed_there_or_overridden(office: Office) -> None:
    extra = (
        '\n[[calendar.days]]\ndate = 2026-12-11\nstate = "closed"\nname = "HUT"\nsource = "SE"\n'
    )
    office.config.write_text(office.config.read_text("utf-8") + extra, "utf-8")
    refused = office.run("calendar", "unset", "2026-12-11", "--why", "x", "--yes")
    assert "berkas konfigurasi" in refused.stderr
    assert office.run("calendar", "set", "2026-12-11", "buka", "--why", "x", "--yes").exit_code == 0
    assert month(office, "2026-12")["2026-12-11"]["working"] is True


# A year whose cuti bersama nobody knows yet


def far(office: Office) -> tuple[str, int]:
    """An open case whose deadline lies years ahead."""
    number = normative(office)
    year = datetime.now(WITA).year + 5
    due = f"{year}-03-01 08:00:00.000000"
    sql(f"sqlite:///{office.database}", "UPDATE cases SET due_at = :due", due=due)
    return number, year


def checked(office: Office) -> str:
    """What `muara check` warns of."""
    for name in ("gmail", "webmail", "smtp"):
        secret = office.folder / "rahasia" / name
        secret.write_text("x\n", "utf-8")
        secret.chmod(0o600)
    done = office.run("check")
    assert done.exit_code == 0, done.stderr
    return done.stderr


def test_a_deadline_that_reaches_an_unknown_year_is_warned_of_everywhere(office: Office) -> None:
    number, year = far(office)
    assert f"melewati tahun {year}" in checked(office)
    assert f"melewati tahun {year}" in " ".join(office.run("calendar").stdout.split())
    assert f"melewati tahun {year}" in " ".join(office.run("show", number).stdout.split())
    assert year in shown(office, number)["incomplete_years"]
    doctor = office.run("doctor", "--offline").stdout
    assert str(year - 1) in doctor


def test_an_answered_case_warns_of_nothing(office: Office) -> None:
    number, year = far(office)
    office.run("close", number, "--why", "selesai")
    assert f"melewati tahun {year}" not in office.run("show", number).stdout
    assert f"melewati tahun {year}" not in checked(office)


def test_a_month_of_such_a_year_says_so(office: Office) -> None:
    year = datetime.now(WITA).year + 5
    text = " ".join(office.run("calendar", f"{year}-03").stdout.split())
    assert f"Cuti bersama tahun {year} belum diketahui" in text


def test_check_needs_no_database(office: Office) -> None:
    office.database.unlink()
    assert "melewati tahun" not in checked(office)
    assert not office.database.exists()


def test_a_saturday_the_office_opens_brings_a_deadline_forward(office: Office) -> None:
    number = settled(office, "tidak_berkadar")
    due, today = due_day(office, number), datetime.now(WITA).date()
    saturday = today + timedelta(days=(5 - today.weekday() - 1) % 7 + 1)
    done = office.run("calendar", "set", saturday.isoformat(), "buka", "--why", "x", "--yes")
    assert done.exit_code == 0, done.output
    assert due_day(office, number) < due
