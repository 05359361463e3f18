"""`muara add`, by options as a script and by questions as an operator with somebody on the phone."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from store.numbers import normalise
from tests.cli.conftest import Office
from tests.cli.terminal import Operator


@pytest.mark.parametrize(
    "medium", ["phone", "box", "walk_in", "telepon", "kotak-saran", "tatap-muka"]
)
def test_an_entry_becomes_a_ticket_with_a_number_to_say(office: Office, medium: str) -> None:
    done = office.run("add", "--medium", medium, "--text", "Jalan di depan pura rusak parah.")
    assert done.exit_code == 0, done.output
    assert "Tercatat dengan nomor MR-" in done.stdout
    (said,) = (line for line in done.stdout.splitlines() if line.startswith("Bacakan kepada"))
    assert said.startswith("Bacakan kepada pelapor: MR-")
    assert "(em er, " in said


def test_scripts_get_the_whole_ticket_and_its_fate(office: Office) -> None:
    done = office.run(
        "add", "--medium", "phone", "--text", "-", "--name", "Made", "--json", stdin="Jalan rusak\n"
    )
    found = json.loads(done.stdout)
    assert normalise(found["number"]) == found["number"]
    assert (found["text"], found["fate"], found["medium"]) == ("Jalan rusak", "case", "phone")
    assert found["complainant"]["name"] == "Made"


def test_bytes_that_are_no_text_do_not_lose_the_entry(office: Office) -> None:
    done = office.run("add", "--medium", "box", "--text", "-", "--json", stdin=b"Jalan \xff rusak")
    assert json.loads(done.stdout)["text"] == "Jalan \ufffd rusak"


def test_receipt_is_kept_apart_from_entry(office: Office) -> None:
    done = office.run(
        "add", "--medium", "box", "--text", "Jalan rusak", "--received-at", "20-11-2026", "--json"
    )
    found = json.loads(done.stdout)
    assert found["received_at"] == "2026-11-19T16:00:00+00:00"
    assert datetime.now(UTC) - datetime.fromisoformat(found["entered_at"]) < timedelta(minutes=1)


def test_a_copied_report_with_a_known_number_updates_its_ticket(office: Office) -> None:
    copied = ("add", "--medium", "lapor", "--external-id")
    first = office.run(*copied, "#9165", "--text", "Jalan rusak di depan pura", "--json")
    number = json.loads(first.stdout)["number"]
    same = office.run(*copied, "9165", "--text", "Jalan rusak di depan pura")
    assert f"Sudah tercatat sebelumnya dengan nomor {number}" in same.stdout
    more = office.run(*copied, "9165", "--text", "Jalan rusak di depan pura, sudah dua minggu")
    assert f"Tiket {number} diperbarui" in more.stdout
    assert len(office.run("list", "--json").stdout.splitlines()) == 1


def test_a_grave_entry_shows_no_words_on_the_counter_screen(office: Office) -> None:
    done = office.run(
        "add",
        "--medium",
        "phone",
        "--text",
        "Pak lurah minta uang pelicin 200 ribu untuk surat pengantar",
    )
    assert "(terbatas)" in done.stdout
    assert "pelicin" not in done.stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--text", "x"], "Pilihan --medium perlu diisi."),
        (["--medium", "phone", "--text", "  "], "Isi pengaduan masih kosong."),
        (["--medium", "phone"], "Isi pengaduan masih kosong."),
        (["--medium", "lapor", "--text", "x"], "Pilihan --external-id perlu diisi."),
        (["--medium", "lapor", "--text", "x", "--external-id", "#"], "Nomor laporan masih kosong."),
        (["--medium", "email", "--text", "x"], "'email' tidak termasuk"),
        (
            ["--medium", "phone", "--text", "x", "--received-at", "besok"],
            "Waktu 'besok' tidak dikenali",
        ),
        (["--medium", "phone", "--text", "x", "--email", "bukan"], "'bukan' bukan alamat surel"),
        (["--medium", "phone", "--text", "x", "sisa"], "Terlalu banyak isian (sisa)"),
    ],
)
def test_a_mistake_in_the_options_is_one_sentence_and_nothing_is_stored(
    office: Office, options: list[str], told: str
) -> None:
    done = office.run("add", *options)
    assert done.exit_code == 2
    assert told in done.stderr.splitlines()[-1]
    assert office.run("list", "--json").stdout == ""


@pytest.fixture
def operator(office: Office) -> Iterator[Operator]:
    typing = Operator(office, "add")
    yield typing
    typing.process.kill()
    typing.process.wait()
    os.close(typing.terminal)


CALL = (
    ("Enter = 1): ", ""),
    ("Nama pelapor", "Made Sari"),
    ("Nomor telepon", "0812"),
    ("Alamat", ""),
    ("baris kosong:", "Jalan di depan pura rusak parah.\nSudah dua minggu.\n"),
    ("Tempat kejadian", "Banjar Tegal"),
)


def test_an_operator_is_asked_can_mend_mistakes_and_gets_the_number(
    office: Office, operator: Operator
) -> None:
    operator.fills_in(
        *CALL,
        ("Kapan diterima", "25.99"),
        ("tidak dikenali", ""),
        ("dirahasiakan?", "mungkin"),
        ("Jawab dengan y", "t"),
        ("Sudah benar?", "99"),
        ("bukan nomor baris", "2"),
        ("Nama pelapor", "Made Suci"),
        ("Made Suci", ""),
    )
    operator.sees("Bacakan kepada pelapor: MR-")
    assert operator.leaves() == 0
    (listed,) = map(json.loads, office.run("list", "--json").stdout.splitlines())
    found = json.loads(office.run("show", listed["number"], "--json").stdout)
    assert found["complainant"]["name"] == "Made Suci"
    assert found["text"] == "Jalan di depan pura rusak parah.\nSudah dua minggu."
    assert found["location"] == "Banjar Tegal"


@pytest.mark.parametrize("way", ["control-c", "control-d", "b"])
def test_an_operator_can_leave_without_storing_anything(
    office: Office, operator: Operator, way: str
) -> None:
    if way == "b":
        operator.fills_in(*CALL, ("Kapan", ""), ("dirahasiakan?", ""), ("Sudah benar?", "b"))
    else:
        operator.sees("Enter = 1): ")
        if way == "control-d":
            os.write(operator.terminal, b"\x04")
    assert operator.leaves(interrupted=way == "control-c") == 1
    assert "Dibatalkan." in operator.shown
    assert "Traceback" not in operator.shown
    assert office.run("list", "--json").stdout == ""
