"""Lists, one ticket, answers: what people and programs see of cases."""

import json
from datetime import UTC, datetime, timedelta

import click
import pytest

from cli.commands.list import show
from cli.lateness import Lateness
from config.texts import Texts
from store.types import Status, TicketFilter
from tests.cli.conftest import Office
from tests.store.samples import GRAVE, NOW, followup, intake, message, put, report, statements

PAST = datetime.now(UTC) - timedelta(days=3)
SOON = datetime.now(UTC) + timedelta(days=3)


@pytest.fixture
def numbers(office: Office) -> dict[str, str]:
    """Five cases: late, soon, restricted, answered, and a report of the platform."""
    store = office.store()
    cases = {
        "late": intake(due_at=PAST),
        "soon": intake(due_at=SOON, message=message(text="Air mati", reply_text="Air mati")),
        "grave": intake(due_at=SOON + timedelta(days=1), verdict=GRAVE),
        "done": intake(due_at=PAST - timedelta(days=1)),
        "report": intake(
            due_at=SOON + timedelta(days=2),
            message=report(followups=(followup("Warga", "Kapan?"),)),
        ),
    }
    found = {name: put(store, one)[0].number for name, one in cases.items()}
    store.answer(found["done"], "Sudah.", who="ketut", way="mail", recipient="", now=NOW)
    store.close()
    return found


def order(office: Office, *options: str) -> list[str]:
    done = office.run("list", "--json", *options)
    assert done.exit_code == 0, done.output
    return [json.loads(line)["number"] for line in done.stdout.splitlines()]


def test_the_most_urgent_stands_on_top_and_what_is_answered_below(
    office: Office, numbers: dict[str, str]
) -> None:
    assert order(office) == [numbers[n] for n in ("late", "soon", "grave", "report", "done")]


def test_the_newest_stands_on_top_on_request(office: Office, numbers: dict[str, str]) -> None:
    newest = [numbers[n] for n in ("report", "done", "grave", "soon", "late")]
    assert order(office, "--sort", "received") == newest
    assert order(office, "--sort", "diterima") == newest


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--late"], ["late"]),
        (["--status", "dijawab"], ["done"]),
        (["--status", "answered"], ["done"]),
        (["--uncertain"], ["grave"]),
        (["--open", "--limit", "2"], ["late", "soon"]),
        (["air"], ["soon"]),
        (["--tier", "normatif", "--open"], ["late", "soon", "report"]),
        (["--team", "lain"], []),
    ],
)
def test_a_list_is_narrowed(
    office: Office, numbers: dict[str, str], options: list[str], names: list[str]
) -> None:
    assert order(office, *options) == [numbers[name] for name in names]


def test_a_number_is_found_however_it_is_typed(office: Office, numbers: dict[str, str]) -> None:
    typed = numbers["soon"].lower().replace("-", " ")
    assert order(office, *typed.split()) == [numbers["soon"]]


def test_late_cases_are_marked_in_words_and_the_deciding_words_are_shown(
    office: Office, numbers: dict[str, str]
) -> None:
    lines = office.run("list").stdout.splitlines()
    late = next(line for line in lines if numbers["late"] in line)
    assert "LEWAT" in late
    assert "“tiga bulan”" in late
    done = next(line for line in lines if numbers["done"] in line)
    assert "LEWAT" not in done
    assert "LATE" in office.run("list", language="en").stdout


def test_a_restricted_case_shows_no_words_in_lists(office: Office, numbers: dict[str, str]) -> None:
    lines = office.run("list").stdout.splitlines()
    grave = next(line for line in lines if numbers["grave"] in line)
    assert "(terbatas)" in grave
    assert "“" not in grave
    (found,) = map(json.loads, office.run("list", "--uncertain", "--json").stdout.splitlines())
    assert not found.keys() & {"text", "subject", "hits", "complainant", "events", "attachments"}


def test_a_list_asks_the_database_the_same_number_of_times_for_any_length(
    office: Office, numbers: dict[str, str]
) -> None:
    store = office.store()
    with statements(store) as one:
        store.tickets(TicketFilter(limit=1, by_deadline=True))
    with statements(store) as all_of_them:
        store.tickets(TicketFilter(by_deadline=True))
    store.close()
    assert len(one) == len(all_of_them)


@pytest.mark.parametrize("columns", ["80", "100", "120"])
def test_a_list_fits_the_terminal(
    office: Office,
    numbers: dict[str, str],
    columns: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    store = office.store()
    found = store.tickets(TicketFilter(by_deadline=True))
    ways = store.journeys.of([ticket.number for ticket in found])
    store.close()
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    show(Texts("id"), found, ways, Lateness(None, datetime.now(UTC)))
    shown = click.unstyle(capsys.readouterr().out)
    assert max(map(len, shown.splitlines())) <= int(columns)
    for name, number in numbers.items():
        assert number in shown, name


def test_an_empty_list_and_a_cut_one_say_so(office: Office) -> None:
    assert office.run("list").stdout == "Tidak ada tiket yang cocok.\n"
    office.add("Jalan rusak")
    office.add("Jalan rusak sekali")
    assert "Hanya 1 tiket yang ditampilkan" in office.run("list", "--limit", "1").stdout


def test_one_ticket_is_shown_whole_with_its_history_in_words(office: Office) -> None:
    number = office.add(
        "Jalan di depan pura rusak parah.", "--name", "Made", "--location", "Banjar Tegal"
    )
    shown = office.run("show", number).stdout
    for text in (
        "Made",
        "Banjar Tegal",
        "rusak parah",
        "Pengaduan diterima",
        "lewat telepon",
        "tim kesra",
    ):
        assert text in shown
    for code in ("due_at", "medium:", "rules", "routed", "pengaduan.", "phone"):
        assert code not in shown


def test_every_event_of_a_case_is_told_in_words(office: Office) -> None:
    number = office.add("Jalan rusak", "--email", "made@warga.test")
    office.run("reclassify", number, "--tier", "normatif", "--why", "cukup dijelaskan")
    office.run("answer", number, "--text", "Baik.")
    shown = office.run("show", number).stdout
    for text in ("sebelumnya Tidak berkadar", "alasan: cukup dijelaskan", "“Baik.”; lewat surel"):
        assert text in " ".join(shown.split()), shown


def test_a_restricted_case_opens_only_on_request_and_that_is_recorded(
    office: Office, numbers: dict[str, str]
) -> None:
    number = numbers["grave"]
    closed = office.run("show", number)
    assert "Ketut Sari" not in closed.stdout
    assert "Isi dan identitasnya hanya untuk pejabat pemeriksa" in closed.stdout
    assert office.run("show", number, "--raw").stdout_bytes.find(b"Subject") == -1
    office.seat("periksa@kesra.test")
    assert "--reveal" in office.run("show", number).stdout
    opened = office.run("show", number, "--reveal").stdout
    assert "Ketut Sari" in opened
    assert "Isi terbatas dibaca" in office.run("show", number, "--reveal").stdout


def test_raw_bytes_come_out_as_they_came_in(office: Office) -> None:
    store = office.store()
    made = intake()
    number = put(store, made)[0].number
    store.close()
    assert office.run("show", number, "--raw").stdout_bytes == made.arrival.raw


def test_what_strangers_write_cannot_drive_the_terminal(office: Office) -> None:
    number = office.add("Jalan rusak \x1b[2J\x07 [bold]parah[/bold]")
    shown = office.run("show", number).stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "[bold]parah[/bold]" in shown


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (
            "MR-93WF-5TT",
            "'MR-93WF-5TT' bukan nomor tiket yang benar; mungkin ada huruf yang tertukar.",
        ),
        ("halo", "'halo' bukan nomor tiket yang benar"),
        ("MR-93WF-5TR", "Tidak ada tiket dengan nomor MR-93WF-5TR."),
    ],
)
@pytest.mark.parametrize(
    "command",
    [["show"], ["answer", "--text", "x"], ["reclassify", "--tier", "ringan", "--why", "x"]],
)
def test_a_wrong_number_is_one_sentence(
    office: Office, command: list[str], given: str, told: str
) -> None:
    done = office.run(*command, given)
    assert done.exit_code == 1
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_an_answer_is_recorded_and_goes_the_way_the_complaint_came(office: Office) -> None:
    number = office.add("Jalan rusak", "--phone", "0812")
    done = office.run("answer", number, "--text", "Diperbaiki besok.")
    said = f"Jawaban {number} dicatat. Sampaikan lewat telepon (0812), lalu catat dengan: "
    assert done.stdout == f"{said}muara call {number}\n"
    (found,) = map(json.loads, office.run("list", "--json").stdout.splitlines())
    assert found["status"] == Status.ANSWERED


def test_an_answer_can_come_from_a_pipe_and_must_say_something(office: Office) -> None:
    number = office.add("Jalan rusak")
    assert office.run("answer", number, stdin=" \n").exit_code == 1
    assert office.run("answer", number, stdin="Diperbaiki.\n").exit_code == 0


def test_where_a_restricted_case_is_answered_stays_off_the_screen(office: Office) -> None:
    number = office.add("Pak lurah minta uang pelicin 200 ribu", "--email", "pelapor@warga.test")
    done = office.run("answer", number, "--text", "Diperiksa.")
    assert "pelapor@warga.test" not in done.output
    assert "dikirim ke pelapor" in done.stdout
