"""What the office's terms are over for, as people and programs see it go."""

import json
from datetime import UTC, datetime

import pytest

from config.settings import ConfigError, load
from tests.cli.conftest import Office
from tests.store.samples import GRAVE, intake, message

OLD = datetime(2020, 11, 24, 3, tzinfo=UTC)
WORD = "Zamrudwati"


def terms(office: Office, *lines: str) -> None:
    text = office.config.read_text("utf-8")
    office.config.write_text(
        text.replace("[retention]", "\n".join(("[retention]", *lines))), "utf-8"
    )


@pytest.fixture
def numbers(office: Office) -> dict[str, str]:
    """An old case, a restricted one, and an open one of that time, with its terms written down."""
    terms(office, "case_years = 5", "examined_years = 10")
    store = office.store()
    said = message(text=f"Saya {WORD}", reply_text=f"Saya {WORD}", received_at=OLD)
    cases = {"old": intake(message=said), "open": intake(), "grave": intake(verdict=GRAVE)}
    found = {
        name: store.commit([one], cursor=None, now=OLD)[0].number for name, one in cases.items()
    }
    for notice in store.due_notices(OLD, 50):
        store.notice_sent(notice.id, OLD)
    for name in ("old", "grave"):
        store.working.close(found[name], who="wayan", why="selesai", now=OLD)
    store.close()
    return found


def test_without_terms_nothing_is_removed_and_the_sentence_says_what_to_write(
    office: Office,
) -> None:
    done = office.run("purge", "--yes")
    assert done.exit_code == 1
    assert "case_years = 5" in done.output


def test_a_dry_run_shows_what_and_how_many_and_removes_nothing(
    office: Office, numbers: dict[str, str]
) -> None:
    done = office.run("purge", "--dry-run", "--numbers")
    assert done.exit_code == 0, done.output
    row = next(line for line in done.stdout.splitlines() if line.startswith("Pengaduan yang"))
    assert row.split()[-1].count(".") == 1
    assert "5 tahun" in row
    assert " 1 " in row
    assert numbers["old"] in done.stdout
    assert numbers["grave"] not in done.stdout
    assert WORD in office.run("show", numbers["old"]).stdout


def test_it_asks_and_no_means_no(office: Office, numbers: dict[str, str]) -> None:
    done = office.run("purge", stdin="tidak\n")
    assert "Tidak ada yang dihapus." in done.stdout
    assert WORD in office.run("show", numbers["old"]).stdout


def test_a_program_has_to_say_that_it_means_it(office: Office, numbers: dict[str, str]) -> None:
    assert office.run("purge", "--json").exit_code == 2
    told = json.loads(office.run("purge", "--json", "--dry-run").stdout)
    assert (told["done"], told["due"][0]["numbers"]) == (False, [numbers["old"]])
    assert json.loads(office.run("purge", "--json", "--yes").stdout)["removed"] == {
        "cases": 1,
        "examined": 0,
    }


def test_a_purged_case_says_so_everywhere(office: Office, numbers: dict[str, str]) -> None:
    number = numbers["old"]
    store = office.store()
    code = store.receipts.make(number, who="wayan", now=OLD)
    store.close()
    done = office.run("purge", stdin="ya\n")
    assert done.exit_code == 0, done.output
    assert "Dihapus: 1." in done.stdout
    assert "Salinan harian" in done.stdout
    shown = office.run("show", number).stdout
    assert WORD not in shown
    assert "menurut masa simpan" in shown
    assert "Isi dihapus menurut masa simpan" in shown  # in its history
    assert "isi dihapus" in office.run("list").stdout
    assert WORD not in office.run("show", number, "--json").stdout
    assert "isi dihapus" in office.run("read", number, code).stdout
    assert office.run("list", WORD, "--json").stdout == ""
    assert json.loads(office.run("list", number, "--json").stdout)["purged_at"]
    log = office.run("purge", "--log").stdout
    assert "Pengaduan yang sudah selesai" in log


def test_nothing_can_be_done_with_it_and_the_sentence_says_why(
    office: Office, numbers: dict[str, str]
) -> None:
    office.run("purge", "--yes")
    for step in (("reopen", "--why", "x"), ("note", "--text", "x"), ("take",)):
        done = office.run(step[0], numbers["old"], *step[1:])
        assert done.exit_code == 1
        assert "sudah dihapus menurut masa simpan" in done.output


def test_verify_and_doctor_take_a_purge_for_what_it_is(
    office: Office, numbers: dict[str, str]
) -> None:
    office.run("purge", "--yes")
    done = office.run("verify")
    assert done.exit_code == 0, done.output
    assert "dari 1 tiket sudah dikosongkan" in done.stdout
    assert json.loads(office.run("verify", "--json").stdout)["emptied"] > 3
    checked = [
        json.loads(x) for x in office.run("doctor", "--offline", "--json").stdout.split("\n") if x
    ]
    damage = [one for one in checked if one.get("level") == "error"]
    assert damage == []


def test_a_case_that_is_kept_stays_until_it_is_released(
    office: Office, numbers: dict[str, str]
) -> None:
    number = numbers["old"]
    assert office.run("keep", number).exit_code == 2
    assert "disimpan" in office.run("keep", number, "--why", "perkara 12/G/2026").stdout
    assert "Tidak ada yang masa simpannya" in office.run("purge", "--yes").stdout
    assert office.run("keep", number, "--release", "--why", "putus").exit_code == 0
    again = office.run("keep", number, "--release", "--why", "putus")
    assert "tidak sedang ditahan" in again.output
    assert "Dihapus: 1." in office.run("purge", "--yes").stdout


@pytest.mark.parametrize("line", ["case_years = 0", "case_years = 1.5", 'case_years = "5"'])
def test_a_term_is_whole_years(office: Office, line: str) -> None:
    terms(office, line)
    with pytest.raises(ConfigError):
        load(office.config, secrets=False)


def test_examined_cases_do_not_go_earlier_than_others(office: Office) -> None:
    terms(office, "case_years = 5", "examined_years = 2")
    with pytest.raises(ConfigError, match="examined_years tidak boleh"):
        load(office.config, secrets=False)
