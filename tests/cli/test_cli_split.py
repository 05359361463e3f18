"""Splitting, confirming and the way of a case, as an operator types and sees them."""

import json
import os
import re
from typing import Any

import pytest

from store.types import Status
from tests.cli.conftest import Office
from tests.cli.terminal import Operator

ROAD = "Lampu jalan di depan SD 3 Banjar mati sudah tiga bulan, tolong diperbaiki."
LEVY = "Kepala dusun meminta uang Rp500.000 untuk tanda tangan bansos saya."
THANKS = "Terima kasih."
PHONE = ("--phone", "0812-3456-789", "--name", "Wayan")
WHY = ("--why", "dua perkara", "--who", "ani")


@pytest.fixture(autouse=True)
def examiner(office: Office) -> None:
    """Whoever splits a complaint that alleges something has to read it."""
    office.seat("periksa@kesra.test")


def run(office: Office, *arguments: str, stdin: str | None = None) -> str:
    done = office.run(*arguments, stdin=stdin)
    assert done.exit_code == 0, done.output
    return done.stdout


def shown(office: Office, number: str, *options: str) -> str:
    return " ".join(run(office, "show", number, *options).split())


def case(office: Office, number: str, *options: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(office, "show", number, "--json", *options))
    return found


def parts_of(office: Office, number: str) -> list[str]:
    return [part["number"] for part in case(office, number, "--reveal")["parts"]]


def at_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runner's input is a pipe; the command is to take it for somebody who sits there."""
    stdin = type("Terminal", (), {"isatty": lambda _: True})()
    monkeypatch.setattr("cli.commands.split.sys", type("Process", (), {"stdin": stdin}))


def halved(office: Office, number: str, *options: str) -> list[str]:
    told = run(office, "split", number, "--part", "1", "--part", "2", "--json", *WHY, *options)
    return [part["number"] for part in json.loads(told)["parts"]]


def refusal(office: Office, *arguments: str, code: int = 1) -> str:
    done = office.run(*arguments)
    assert done.exit_code == code, done.output
    return done.stderr.strip().splitlines()[-1]


def test_a_preview_numbers_the_sentences_and_says_what_the_rules_make_of_each(
    office: Office,
) -> None:
    number = office.add(f"{ROAD} {ROAD}", *PHONE)
    told = run(office, "split", number, "--preview")
    assert re.search(r"^1 .*Lampu jalan", told, re.MULTILINE)
    assert re.search(r"^2 .*Lampu jalan", told, re.MULTILINE)
    assert f"muara split {number} --part 1-3" in told
    lines = [
        json.loads(line)
        for line in run(office, "split", number, "--preview", "--json").splitlines()
    ]
    assert [one["sentence"] for one in lines] == [1, 2]
    assert lines[0]["verdict"]["kind"] == "pengaduan"
    assert case(office, number)["status"] == "routed"


def test_a_restricted_complaint_shows_its_sentences_to_examiners_only(office: Office) -> None:
    number = office.add(f"{ROAD} {LEVY}", *PHONE)
    assert "--reveal" in refusal(office, "split", number, "--preview")
    assert "Kepala dusun" in run(office, "split", number, "--preview", "--reveal", "--who", "made")
    assert "Isi terbatas dibaca" in shown(office, number, "--reveal")


def test_parts_have_numbers_tiers_and_clocks_of_their_own(office: Office) -> None:
    number = office.add(f"{ROAD} {LEVY}", *PHONE)
    told = run(office, "split", number, "--part", "1", "--part", "2", "--reveal", *WHY)
    road, levy = parts_of(office, number)
    assert f"{number} dipecah menjadi 2 bagian" in told
    assert case(office, road)["text"] == ROAD
    assert case(office, levy)["restricted"]
    assert "part_of" not in case(office, road) or case(office, road)["part_of"] == ""
    assert "pesan yang memuat beberapa hal" in shown(office, road)
    assert f"Bagian dari {number}" in shown(office, levy, "--reveal")
    listed = run(office, "list")
    assert road in listed
    assert levy in listed
    assert number not in listed
    assert number in run(office, "list", "--status", "dipecah")
    whole = shown(office, number, "--reveal")
    assert "0 dari 2 bagian selesai dijawab" in whole
    assert road in whole
    assert levy in whole
    assert road not in shown(office, number)
    assert run(office, "verify")


def test_the_caller_is_told_of_the_parts_with_a_ready_text(office: Office) -> None:
    number = office.add(f"{ROAD} {ROAD}", *PHONE)
    told = run(office, "split", number, "--part", "1", "--part", "2", *WHY)
    assert "Teks untuk disampaikan kepadanya" in told
    assert "Yth. Wayan" in told
    assert told.count("Dijawab paling lambat") == 2


def test_an_answer_to_a_part_says_which_part_on_every_way(office: Office) -> None:
    about = "Menjawab bagian pesan Anda: “Petugas loket dua lambat.”"
    made = office.add("Petugas loket dua lambat. Lampu ruang tunggu mati.", *PHONE)
    slow, _ = halved(office, made)
    run(office, "answer", slow, "--text", "Sudah ditambah petugas.")
    called = Operator(office, "call", slow)
    try:
        called.sees(about)
        called.sees("Sudah ditambah petugas.")
    finally:
        called.process.kill()
        called.process.wait()
        os.close(called.terminal)
    whole = " ".join(run(office, "letter", slow).split())
    assert f"{about} Yth. Wayan, Sudah ditambah petugas." in whole


def test_a_person_decides_tier_kind_and_team_of_a_part(office: Office) -> None:
    number = office.add(f"{ROAD} {ROAD}", *PHONE)
    decided = ("--tier", "1=ringan", "--kind", "1=saran", "--team", "2=pemeriksa")
    road, other = halved(office, number, *decided)
    first = case(office, road)
    assert (first["tier"], first["kind"], first["limit"]) == ("ringan", "saran", "3 h")
    assert case(office, other)["team"] == "pemeriksa"


def test_the_text_of_a_part_may_come_from_a_file_or_the_input(office: Office) -> None:
    number = office.add(f"{ROAD} {THANKS}", *PHONE)
    file = office.folder / "bagian.txt"
    file.write_text("Lampu jalan mati.\n", "utf-8")
    told = run(
        office, "split", number, "--text", str(file), "--text", "-", "--json", *WHY,
        stdin="Kantor tutup pukul 10.\n",
    )  # fmt: skip
    texts = [case(office, part["number"], "--reveal")["text"] for part in json.loads(told)["parts"]]
    assert texts == ["Lampu jalan mati.", "Kantor tutup pukul 10."]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--part", "1"), "sedikitnya dua bagian"),
        (("--part", "1", "--part", "9"), "“9” bukan pilihan kalimat"),
        (("--part", "1", "--part", "2", "--tier", "3=ringan"), "Tidak ada bagian ke-3"),
        (("--part", "1", "--part", "2", "--tier", "ringan"), "“ringan” tidak dikenal"),
        (("--part", "1", "--part", "2", "--tier", "1=lima"), "“1=lima” tidak dikenal"),
        (("--part", "1", "--part", "2", "--tier", "1=ringan", "--kind", "1=spam"), "tidak bertingkat"),
    ],
)  # fmt: skip
def test_what_cannot_be_split_so_is_said_in_a_sentence(
    office: Office, options: tuple[str, ...], told: str
) -> None:
    number = office.add(f"{ROAD} {ROAD}")
    assert told in refusal(office, "split", number, *options, *WHY, code=2)
    assert case(office, number)["status"] == "routed"


def test_a_reason_and_a_known_team_are_needed(office: Office) -> None:
    number = office.add(f"{ROAD} {ROAD}")
    halves = ("--part", "1", "--part", "2")
    assert "--why" in refusal(office, "split", number, *halves, code=2)
    told = refusal(office, "split", number, *halves, "--team", "1=dinsos", *WHY)
    assert "Tidak ada tim bernama dinsos" in told


def test_a_person_is_asked_for_the_parts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number = office.add(f"{ROAD} {LEVY} {THANKS}", *PHONE)
    at_a_terminal(monkeypatch)
    typed = ["7", "1", "tiga", "normatif", "", "", "2", "", "dinsos", "pemeriksa", "", "dua perkara", "y"]  # fmt: skip
    told = run(office, "split", number, "--reveal", stdin="\n".join(typed) + "\n")
    assert "Tidak ada di bagian mana pun: kalimat 3." in told
    road, levy = parts_of(office, number)
    assert (case(office, road)["tier"], case(office, levy)["team"]) == ("normatif", "pemeriksa")


def test_who_says_no_at_the_end_has_changed_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.add(f"{ROAD} {ROAD}")
    at_a_terminal(monkeypatch)
    typed = ["1", "", "", "2", "", "", "", "dua perkara", "t"]
    run(office, "split", number, stdin="\n".join(typed) + "\n")
    assert case(office, number)["status"] == "routed"


def test_unsplit_gives_the_complaint_back_until_somebody_worked_on_a_part(office: Office) -> None:
    number = office.add(f"{ROAD} {ROAD}")
    road, _ = halved(office, number)
    told = run(office, "unsplit", number, "--why", "ternyata satu")
    assert f"{number} satu pengaduan lagi; statusnya kembali didisposisi" in told
    assert "bagian yang sudah disatukan kembali" in refusal(office, "unmerge", road, "--why", "x")
    again, _ = halved(office, number)
    run(office, "take", again)
    assert f"Bagian {again} sudah dikerjakan" in refusal(office, "unsplit", number, "--why", "x")
    assert "tidak bisa dipecah lagi" in refusal(
        office, "split", again, "--part", "1", "--part", "1", *WHY
    )


def test_the_way_of_a_case_stands_in_show_and_list(office: Office) -> None:
    number = office.add(ROAD, *PHONE)
    way = re.search(r"Perjalanan (.*?) (?:Pelapor|Alasan|Isi)", shown(office, number))
    assert way
    assert re.fullmatch(
        r"● diterima \d+ \w+ · ● diberi tahu \d+ \w+ · ○ diverifikasi · ● didisposisi \d+ \w+"
        r" ○ dikerjakan · ○ dijawab · ○ selesai",
        way[1],
    )
    assert re.search(r"●●○●○○○ didisposisi \d+", " ".join(run(office, "list").split()))
    run(office, "take", number, "--who", "ani")
    assert "●●○●●○○ diproses" in " ".join(run(office, "list").split())
    assert case(office, number)["journey"]["taken_at"]
    (listed,) = run(office, "list", "--json").splitlines()
    assert json.loads(listed)["journey"]["taken_at"]


def test_confirming_says_what_was_confirmed_and_refuses_what_is_uncertain(office: Office) -> None:
    number = office.add(ROAD, "--phone", "0812-3456-789")
    office.add(ROAD, "--phone", "0812-3456-789")
    run(office, "reclassify", number, "--tier", "normatif", "--why", "dibaca")
    told = run(office, "confirm", number, "--who", "ani")
    assert f"{number} diverifikasi: Bersifat normatif, Pengaduan" in told
    assert "Masih ada 1 usulan" in told
    assert "● diverifikasi" in shown(office, number)
    unsure = office.add("halo")
    assert "belum pasti, jadi belum bisa diverifikasi" in refusal(office, "confirm", unsure)


def test_who_was_told_later_is_noted(office: Office) -> None:
    done = office.run("add", "--medium", "box", "--text", ROAD, "--json")
    number = json.loads(done.stdout)["number"]
    assert "○ diberi tahu" in shown(office, number)
    assert "sudah diberi tahu nomornya" in run(office, "told", number, "--why", "bertemu di kantor")
    assert "● diberi tahu" in shown(office, number)


def test_a_new_deadline_comes_with_a_text_for_who_is_not_reached_by_mail(office: Office) -> None:
    number = office.add(ROAD, *PHONE)
    other = "normatif" if case(office, number)["limit"] == "3 h" else "ringan"
    told = run(office, "reclassify", number, "--tier", other, "--why", "dibaca")
    assert "Waktu ini menggantikan yang kami sampaikan sebelumnya." in told
    assert "balaslah surat ini" not in told
    assert "Yth. Wayan" in told
    assert "Tenggat baru untuk pelapor" in shown(office, number)
    told = run(office, "reclassify", number, "--tier", "berkadar", "--why", "ada pungutan")
    assert "membuka adanya pemeriksaan" in told
    assert "Yth. Wayan" not in told


STEPS = {
    "take": (),
    "assign": ("pemeriksa",),
    "note": ("--text", "x"),
    "told": (),
    "confirm": (),
    "reclassify": ("--tier", "normatif", "--why", "x"),
    "answer": ("--text", "x"),
    "close": ("--why", "x"),
    "reopen": ("--why", "x"),
    "unmerge": ("--why", "x"),
    "split": ("--part", "1", "--part", "2", "--why", "x"),
    "unsplit": ("--why", "x"),
}
_WORKED = {"take", "assign", "note", "told", "confirm", "reclassify", "answer", "close", "split"}
POSSIBLE = {
    Status.ROUTED: _WORKED,
    Status.IN_PROGRESS: _WORKED,
    Status.ANSWERED: {"note", "told", "confirm", "reclassify", "answer", "close", "reopen"},
    Status.CLOSED: {"note", "told", "reclassify", "answer", "reopen"},
    Status.MERGED: {"note", "told", "answer", "unmerge"},
    Status.SPLIT: {"note", "told", "unsplit"},
}


def in_status(office: Office, status: Status) -> str:
    number = office.add(f"{ROAD} {ROAD}")
    run(office, "reclassify", number, "--tier", "tidak_berkadar", "--why", "x")
    if status is Status.IN_PROGRESS:
        run(office, "take", number)
    if status in (Status.ANSWERED, Status.CLOSED):
        run(office, "answer", number, "--text", "x")
    if status is Status.CLOSED:
        run(office, "close", number, "--why", "x")
    if status is Status.MERGED:
        run(office, "merge", number, office.add(ROAD), "--why", "x")
    if status is Status.SPLIT:
        halved(office, number)
    assert case(office, number)["status"] == status
    return number


@pytest.mark.parametrize("status", POSSIBLE)
def test_every_command_on_every_status_does_it_or_says_what_is_possible(
    office: Office, status: Status
) -> None:
    number = in_status(office, status)
    before = office.database.read_bytes()
    for step, options in STEPS.items():
        done = office.run(step, number, *options)
        if step in POSSIBLE[status]:
            assert done.exit_code == 0, (step, done.output)
            office.database.write_bytes(before)
            continue
        assert done.exit_code == 1, (step, done.output)
        told = done.stderr.strip().splitlines()[-1]
        assert number in told, (step, told)
        assert re.search(r"yang bisa: muara |muara reopen |muara show ", told), (step, told)
        assert case(office, number)["status"] == status
