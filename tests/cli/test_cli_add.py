"""`muara add`, by options as a script and by questions as an operator with somebody on the phone."""

import contextlib
import json
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from store.numbers import normalise
from tests.cli.conftest import Office


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


class Operator:
    """Types into `muara` on a real terminal and reads what it shows."""

    def __init__(self, office: Office) -> None:
        mine, theirs = pty.openpty()
        root = Path(__file__).parents[2]
        code = f"import sys; sys.path.insert(0, {str(root)!r}); import cli; cli.main()"
        command = [sys.executable, "-c", code, "--config", str(office.config), "add"]
        environment = {**os.environ, "TERM": "dumb", "MUARA_LANG": "id", "COLUMNS": "100"}
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)
        self.terminal = mine
        self.shown = ""

    def sees(self, text: str) -> None:
        """Wait until the screen shows a text that was not there at the last look."""
        until = monotonic() + 90
        while text not in self.shown:
            ready, _, _ = select.select([self.terminal], [], [], max(0, until - monotonic()))
            assert ready, f"waited for {text!r}, saw {self.shown!r}"
            try:
                self.shown += os.read(self.terminal, 4096).decode("utf-8", "replace")
            except OSError:  # Linux says so when the other end is gone
                pytest.fail(f"ended before {text!r}: {self.shown}")
        self.shown = self.shown.partition(text)[2]

    def types(self, line: str) -> None:
        os.write(self.terminal, f"{line}\n".encode())

    def fills_in(self, *dialogue: tuple[str, str]) -> None:
        for question, answer in dialogue:
            self.sees(question)
            self.types(answer)

    def leaves(self, *, interrupted: bool = False) -> int:
        """Read to the end. Python loses a Ctrl-C that comes just before it waits: people press it again."""
        while self.process.poll() is None:
            if interrupted:
                os.killpg(self.process.pid, signal.SIGINT)
            self.reads_on(3)
        self.reads_on(0)
        return self.process.wait()

    def reads_on(self, seconds: float) -> None:
        """Read what comes within some seconds, or until the other end is closed."""
        until = monotonic() + seconds
        with contextlib.suppress(OSError):  # Linux's way of telling that it is closed
            while select.select([self.terminal], [], [], max(0, until - monotonic()))[0]:
                self.shown += os.read(self.terminal, 4096).decode("utf-8", "replace")


@pytest.fixture
def operator(office: Office) -> Iterator[Operator]:
    typing = Operator(office)
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
    (found,) = map(json.loads, office.run("list", "--json").stdout.splitlines())
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
