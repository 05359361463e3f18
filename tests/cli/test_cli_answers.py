"""Answers that a person brings across: receipts and codes, calls, letters, and what shows on the case."""

import json
import os
import re
from pathlib import Path

import pytest
from click.testing import Result

from store.types import AnswerState
from tests.cli.conftest import Office
from tests.cli.terminal import Operator

SLOW = "Petugas loket dua lambat, saya menunggu dari jam delapan sampai jam sebelas."
GRAVE = "Kepala desa meminta uang pungli Rp500.000 untuk tanda tangan bansos saya."
CODE = re.compile(r"\b(?:[2-9FKMQRTWXY]{3}-){2}[2-9FKMQRTWXY]{3}\b")


def added(office: Office, medium: str, *options: str, text: str = SLOW) -> tuple[str, str]:
    """Enter a complaint; return its number and its code."""
    done = well(office.run("add", "--medium", medium, "--text", text, "--json", *options))
    value = json.loads(done.stdout)
    return value["number"], value["code"]


def well(done: Result) -> Result:
    assert done.exit_code == 0, done.output
    return done


def listed(office: Office, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in well(office.run(*arguments, "--json")).stdout.splitlines()]


def answered(office: Office, number: str, *options: str, text: str = "Sudah diperbaiki.") -> None:
    well(office.run("answer", number, "--text", text, *options))


def shown(office: Office, number: str, *options: str) -> str:
    return well(office.run("show", number, *options)).stdout


def staffed(office: Office) -> None:
    """Let the examiner be known by an account of this computer, and sit here."""
    office.seat("periksa@kesra.test")


# Receipts


@pytest.mark.parametrize("medium", ["box", "walk_in"])
def test_who_comes_in_person_gets_a_receipt_with_number_and_code(
    office: Office, medium: str
) -> None:
    done = well(office.run("add", "--medium", medium, "--text", SLOW))
    assert "TANDA TERIMA PENGADUAN" in done.stdout
    assert CODE.search(done.stdout)
    assert "Dijawab paling lambat" in done.stdout


def test_who_calls_is_told_number_and_code_as_they_are_said(office: Office) -> None:
    done = well(office.run("add", "--medium", "phone", "--text", SLOW))
    assert "Bacakan kepada pelapor: MR-" in done.stdout
    assert "Bacakan juga kode rahasianya: " in done.stdout
    assert "TANDA TERIMA" not in done.stdout


def test_a_report_of_a_platform_has_no_code(office: Office) -> None:
    _, code = added(office, "lapor", "--external-id", "77")
    assert code == ""


def test_a_receipt_can_be_a_pdf_that_overwrites_nothing(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "tanda.pdf"
    well(office.run("add", "--medium", "box", "--text", SLOW, "--receipt", str(file)))
    assert file.read_bytes().startswith(b"%PDF")
    assert file.stat().st_mode & 0o777 == 0o600
    number, _ = added(office, "box", text=SLOW + " Lagi.")
    again = office.run("receipt", number, "--pdf", str(file))
    assert again.exit_code == 1
    assert "tidak ditimpa" in again.stderr


def test_the_code_is_on_the_receipt_only_while_it_is_made(office: Office) -> None:
    number, code = added(office, "walk_in")
    later = well(office.run("receipt", number))
    assert CODE.search(later.stdout) is None
    assert "--new-code" in later.stderr
    fresh = CODE.search(well(office.run("receipt", number, "--new-code")).stdout)
    assert fresh is not None
    assert fresh[0] != code
    assert office.run("read", number, code).exit_code == 1
    well(office.run("read", number, fresh[0]))


def test_a_small_printer_gets_small_lines(office: Office) -> None:
    number, _ = added(office, "walk_in")
    done = well(office.run("receipt", number, "--new-code", "--width", "32"))
    assert max(map(len, done.stdout.splitlines())) == 32


def test_a_restricted_case_gets_a_new_code_from_examiners_only(
    office: Office,
) -> None:
    number, _ = added(office, "walk_in", text=GRAVE)
    refused = office.run("receipt", number, "--new-code")
    assert refused.exit_code == 1
    assert "hanya untuk pejabat pemeriksa" in refused.stderr
    staffed(office)
    assert CODE.search(well(office.run("receipt", number, "--new-code")).stdout)


# Reading with the code


def test_number_and_code_show_status_deadline_and_answer_and_nothing_else(office: Office) -> None:
    number, code = added(office, "box", "--name", "Made", "--location", "Banjar Tegal")
    before = well(office.run("read", number, code)).stdout
    assert "sedang ditangani" in before
    assert "Belum ada jawaban." in before
    answered(office, number, text="Loket dua sekarang dilayani dua petugas.")
    after = well(office.run("read", number.lower(), code.replace("-", " "))).stdout
    assert "sudah dijawab" in after
    assert "Loket dua sekarang" in after
    for hidden in ("Made", "Banjar Tegal", SLOW, "kesra"):
        assert hidden not in before + after


def test_a_read_answer_has_arrived_and_each_look_is_in_the_history(office: Office) -> None:
    number, code = added(office, "box")
    answered(office, number)
    well(office.run("read", number, code))
    assert listed(office, "deliveries") == []
    assert "Dibaca pelapor dengan kode" in shown(office, number)
    assert "dibaca pelapor dengan kode" in shown(office, number)


@pytest.mark.parametrize("number", ["MR-2222-222", "bukan nomor", ""])
def test_a_wrong_number_and_a_wrong_code_are_refused_alike(office: Office, number: str) -> None:
    right, code = added(office, "box")
    other = office.run("read", right, "222-222-222" if number else "x")
    refused = office.run("read", number or right, code if number else "222-222-223")
    assert refused.exit_code == other.exit_code == 1
    assert refused.stderr == other.stderr
    assert "tidak cocok" in refused.stderr


def test_guessing_is_stopped(office: Office) -> None:
    number, code = added(office, "box")
    _, other = added(office, "box", text=SLOW + " Lagi.")
    for _ in range(5):
        assert "tidak cocok" in office.run("read", number, other).stderr
    stopped = office.run("read", number, code)
    assert stopped.exit_code == 1
    assert "Tunggu 15 menit" in stopped.stderr


# Calls


def test_the_call_back_list_says_whom_to_call_what_to_say_and_since_when(office: Office) -> None:
    number, _ = added(office, "phone", "--name", "Pak Ketut", "--phone", "08123456789")
    answered(office, number, text="Dana cair hari Senin.")
    row = next(line for line in well(office.run("calls")).stdout.splitlines() if number in line)
    for part in ("08123456789", "Pak Ketut", "Dana cair hari Senin.", "baru saja", "belum"):
        assert part in row


def test_a_call_to_nobody_comes_again_and_is_marked_after_some(office: Office) -> None:
    number, _ = added(office, "phone", "--phone", "0812")
    answered(office, number)
    for _ in range(3):
        well(office.run("call", number, "--result", "not_reached", "--next", "besok 9.00"))
    row = next(line for line in well(office.run("calls")).stdout.splitlines() if number in line)
    assert "3 KALI; lagi besok 09.00" in row
    assert "belum tersambung (3 kali); ditelepon lagi besok 09.00" in shown(office, number)


def test_who_was_reached_is_off_the_list_and_the_case_says_with_whom(office: Office) -> None:
    number, _ = added(office, "phone", "--phone", "0812")
    answered(office, number)
    done = office.run("call", number, "--result", "tersambung", "--with", "istrinya")
    assert "sudah disampaikan" in well(done).stdout
    assert listed(office, "calls") == []
    case = shown(office, number)
    assert "dibacakan lewat telepon" in case
    assert "dengan istrinya" in case


def test_what_was_said_before_anything_was_written_is_the_answer(office: Office) -> None:
    number, _ = added(office, "phone", "--phone", "0812")
    missing = office.run("call", number, "--result", "reached")
    assert missing.exit_code == 2
    assert "--said" in missing.stderr
    well(office.run("call", number, "--result", "reached", "--said", "Cair hari Senin."))
    case = json.loads(well(office.run("show", number, "--json")).stdout)
    assert case["status"] == "answered"
    (answer,) = case["answers"]
    assert (answer["text"], answer["state"], answer["how"]) == (
        "Cair hari Senin.",
        "delivered",
        "said",
    )


@pytest.mark.parametrize("given", ["kemarin 9.00", "25.99", "nanti"])
def test_a_next_try_must_be_to_come(office: Office, given: str) -> None:
    number, _ = added(office, "phone")
    done = office.run("call", number, "--result", "later", "--next", given)
    assert done.exit_code == 2
    assert "tidak dikenali atau sudah lewat" in done.stderr


def test_the_form_shows_the_number_and_the_answer_and_asks(office: Office) -> None:
    number, _ = added(office, "phone", "--name", "Pak Ketut", "--phone", "0812")
    answered(office, number, text="Dana cair hari Senin.")
    operator = Operator(office, "call", number)
    try:
        operator.sees("Telepon 0812 (Pak Ketut)")
        operator.sees("Dana cair hari Senin.")
        operator.fills_in(
            ("3 = minta ditelepon lagi): ", "9"),
            ("bukan salah satu", "3"),
            ("Dicoba lagi kapan", "kemarin"),
            ("tidak dikenali", "besok 9.00"),
        )
        operator.sees("dicoba lagi besok 09.00")
        assert operator.leaves() == 0
    finally:
        operator.process.kill()
        operator.process.wait()
        os.close(operator.terminal)


# Letters and texts


def test_a_letter_is_printed_and_handed_over(office: Office, tmp_path: Path) -> None:
    number, _ = added(office, "walk_in", "--name", "Ni Luh", "--address", "Banjar Kaja, Sangsit")
    answered(office, number)
    text = well(office.run("letter", number)).stdout
    assert f"Nomor: {number}" in text
    assert "Yth. Ni Luh,\n\nSudah diperbaiki.\n\nHormat kami," in text
    file = tmp_path / "surat.pdf"
    well(office.run("letter", number, "--pdf", str(file)))
    assert file.read_bytes().startswith(b"%PDF")
    assert office.run("deliveries", "done", number).exit_code == 2
    well(office.run("deliveries", "done", number, "--how", "diserahkan-langsung"))
    assert listed(office, "deliveries") == []
    assert "diserahkan langsung" in shown(office, number)


def test_a_walk_ins_address_is_kept(office: Office) -> None:
    number, _ = added(office, "walk_in", "--address", "Banjar Kaja, Sangsit")
    answered(office, number)
    assert "Banjar Kaja, Sangsit" in well(office.run("deliveries")).stdout


def test_a_text_for_a_platform_is_pasted_and_recorded(office: Office) -> None:
    number, _ = added(office, "lapor", "--external-id", "9165816")
    answered(office, number)
    assert well(office.run("letter", number)).stdout.strip() == "Sudah diperbaiki."
    assert "9165816" in well(office.run("deliveries", "--way", "tempel")).stdout
    well(office.run("deliveries", "done", number))
    assert "ditempel di SP4N-LAPOR" in shown(office, number)


def test_files_of_an_answer_can_be_taken_out_again(office: Office, tmp_path: Path) -> None:
    number, _ = added(office, "walk_in")
    file = tmp_path / "bukti.pdf"
    file.write_bytes(b"%PDF-1.4 bukti")
    answered(office, number, "--attach", str(file))
    out = tmp_path / "keluar"
    out.mkdir()
    well(office.run("letter", number, "--files", str(out)))
    assert (out / "bukti.pdf").read_bytes() == b"%PDF-1.4 bukti"
    assert "Lampiran: bukti.pdf" in shown(office, number)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.exe", b"MZ", "Simpan sebagai PDF"),
        ("a.pdf", b"bukan", "isinya bukan .pdf"),
        ("tiada.pdf", None, "tiada.pdf"),
        ("besar.txt", b"x" * (10 * 2**20 + 1), "paling banyak 10 MB"),
    ],
)
def test_a_file_that_cannot_go_leaves_the_case_unanswered(
    office: Office, tmp_path: Path, name: str, data: bytes | None, told: str
) -> None:
    number, _ = added(office, "phone")
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = office.run("answer", number, "--text", "x", "--attach", str(tmp_path / name))
    assert done.exit_code == 1
    assert told in done.stderr
    assert json.loads(well(office.run("show", number, "--json")).stdout)["answers"] == []


def test_an_answer_can_go_another_way(office: Office) -> None:
    number, _ = added(office, "walk_in", "--phone", "0812")
    answered(office, number)
    closed = office.run("deliveries", "change", number, "--way", "surel")
    assert "alamat surel pelapor tidak diketahui" in closed.stderr
    done = well(office.run("deliveries", "change", number, "--way", "telepon"))
    assert "lewat telepon (0812)" in done.stdout
    assert [row["number"] for row in listed(office, "calls")] == [number]


def test_nothing_waits_where_nothing_was_answered(office: Office) -> None:
    number, _ = added(office, "walk_in")
    for command in (
        ("deliveries", "done", number, "--how", "posted"),
        ("deliveries", "change", number, "--way", "call"),
        ("letter", number),
    ):
        assert office.run(*command).exit_code == 1


# Who may see it


@pytest.mark.parametrize(
    ("text", "options"), [(GRAVE, ()), (SLOW, ("--secret",))], ids=["restricted", "secret"]
)
def test_lists_name_nobody_who_is_for_the_examiners(
    office: Office, text: str, options: tuple[str, ...]
) -> None:
    number, _ = added(
        office, "phone", "--name", "Pak Ketut", "--phone", "0812", *options, text=text
    )
    answered(office, number, text="Uangnya dikembalikan.")
    for command in ("calls", "deliveries"):
        screen = well(office.run(command)).stdout + json.dumps(listed(office, command))
        assert number in screen
        for hidden in ("Ketut", "0812", "dikembalikan"):
            assert hidden not in screen
    for closed in (("call", number, "--result", "reached"), ("letter", number)):
        assert "hanya untuk pejabat pemeriksa" in office.run(*closed).stderr
    staffed(office)
    assert "0812" in well(office.run("calls")).stdout
    well(office.run("call", number, "--result", "reached"))
    assert "Identitas pelapor dilihat" in shown(office, number, "--reveal")


def test_the_state_of_a_restricted_answer_shows_without_its_words(office: Office) -> None:
    number, _ = added(office, "phone", "--phone", "0812", text=GRAVE)
    answered(office, number, text="Uangnya dikembalikan.")
    case = shown(office, number)
    assert "menunggu ditelepon" in case
    assert "dikembalikan" not in case
    (answer,) = json.loads(well(office.run("show", number, "--json")).stdout)["answers"]
    assert answer["state"] == AnswerState.WAITING
    assert "text" not in answer


# Language


def test_the_language_of_letters_is_found_shown_and_set(office: Office) -> None:
    text = (
        "We have been waiting for the grant since May and nobody could tell us when it will come."
    )
    number, _ = added(office, "walk_in", "--name", "Margaret", text=text)
    answered(office, number, text="It was paid on Friday.")
    assert "Inggris (menurut tulisannya)" in shown(office, number)
    assert "Dear Margaret," in well(office.run("letter", number)).stdout
    assert "RECEIPT OF YOUR COMPLAINT" in well(office.run("receipt", number)).stdout
    well(office.run("language", number, "indonesia"))
    assert "Indonesia (ditetapkan petugas)" in shown(office, number)
    assert "Yth. Margaret," in well(office.run("letter", number)).stdout
    well(office.run("language", number, "otomatis"))
    assert "Inggris (menurut tulisannya)" in well(office.run("language", number)).stdout


def test_every_word_has_its_place_in_both_languages(office: Office) -> None:
    number, _ = added(office, "walk_in")
    answered(office, number)
    assert "waiting to be printed" in well(office.run("deliveries", language="en")).stdout
    assert "Yours sincerely," not in well(office.run("letter", number, language="en")).stdout


def test_a_letter_is_dated_in_the_offices_city_where_there_is_one(office: Office) -> None:
    number, _ = added(office, "walk_in")
    answered(office, number)
    assert well(office.run("letter", number)).stdout.startswith("Singaraja, ")
    text = office.config.read_text("utf-8")
    office.config.write_text(text.replace('city = "Singaraja"', 'city = ""'), "utf-8")
    assert well(office.run("letter", number)).stdout[0].isdecimal()
