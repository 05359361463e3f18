"""Duplicates, merging and the steps of a case's life, as an operator types them."""

import json

from tests.cli.conftest import Office

PLAIN = "Dana hibah pura Desa Sangsit belum cair sejak tiga bulan yang lalu, mohon kejelasan."
AGAIN = "Dana hibah pura di Desa Sangsit belum cair sejak tiga bulan lalu, mohon kejelasannya."
GRAVE = "Kepala desa meminta uang pungli Rp500.000 untuk tanda tangan bansos saya."
PHONE = ("--phone", "0812-3456-789")
SAME_PHONE = ("--phone", "+62 812 3456 789")


def shown(office: Office, number: str, *options: str) -> str:
    done = office.run("show", number, *options)
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


def status(office: Office, number: str) -> str:
    return str(json.loads(office.run("show", number, "--json").stdout)["status"])


def test_who_types_a_call_in_sees_at_once_that_it_was_told_before(office: Office) -> None:
    first = office.add(PLAIN, *PHONE)
    done = office.run("add", "--medium", "phone", "--text", AGAIN, *SAME_PHONE)
    assert f"Mungkin sama dengan {first}: nomor telepon sama, isi " in done.stdout


def test_suggestions_are_listed_and_shown_and_dismissed(office: Office) -> None:
    first, second = office.add(PLAIN, *PHONE), office.add(AGAIN, *SAME_PHONE)
    listed = " ".join(office.run("duplicates").stdout.split())
    assert f"{second} {first} nomor telepon sama" in listed
    assert f"{first} (nomor telepon sama" in shown(office, second)
    assert f"{second} (nomor telepon sama" in shown(office, first)
    (one,) = map(json.loads, office.run("duplicates", "--json").stdout.splitlines())
    assert (one["number"], one["other"], one["same_phone"]) == (second, first, True)
    done = office.run("duplicates", "dismiss", first, second, "--who", "ani")
    assert done.exit_code == 0, done.output
    assert "Tidak ada usulan" in office.run("duplicates").stdout
    assert "bukan sama dengan" in shown(office, first)
    assert office.run("duplicates", "dismiss", first, second).exit_code == 1


def test_a_restricted_case_is_suggested_by_its_number_only(office: Office) -> None:
    grave, plain = office.add(GRAVE, *PHONE), office.add(PLAIN, *SAME_PHONE)
    for text in (shown(office, plain), shown(office, grave), office.run("duplicates").stdout):
        assert grave in text
        assert "telepon sama" not in text
    office.seat("periksa@kesra.test")
    assert "telepon sama" in shown(office, grave, "--reveal")
    for raw in (
        office.run("duplicates", "--json").stdout,
        json.dumps(json.loads(office.run("show", plain, "--json").stdout)["duplicates"]),
    ):
        assert grave in raw
        assert "same_phone" not in raw
        assert "score" not in raw


def test_merging_and_taking_it_back(office: Office) -> None:
    a, b = office.add(PLAIN), office.add(AGAIN)
    done = office.run("merge", b, a, "--why", "penelepon yang sama", "--who", "ani")
    assert done.exit_code == 0, done.output
    assert f"{b} digabung ke {a}" in done.stdout
    assert b not in office.run("list").stdout
    assert b in office.run("list", "--status", "digabung").stdout
    assert f"Digabung ke {a}" in shown(office, b)
    assert f"Gabungan dari {b}" in shown(office, a)
    assert "alasan: penelepon yang sama" in shown(office, a)
    done = office.run("unmerge", b, "--why", "ternyata lain")
    assert done.exit_code == 0, done.output
    assert f"{b} dikeluarkan dari {a}; statusnya kembali didisposisi." in done.stdout
    assert b in office.run("list").stdout


def test_merging_into_a_restricted_case_says_what_follows(office: Office) -> None:
    grave, plain = office.add(GRAVE), office.add(PLAIN, *PHONE)
    done = office.run("merge", grave, plain, "--why", "sama")
    assert "keduanya sekarang terbatas" in done.stdout
    assert "hibah" not in office.run("show", plain).stdout
    kinds = [n.kind for n in office.store().notices(plain) if n.recipient == "periksa@kesra.test"]
    assert "team_new" in kinds


def test_who_else_needs_an_answer_is_said(office: Office) -> None:
    a, b = office.add(PLAIN), office.add(AGAIN, "--email", "made@warga.test")
    done = office.run("merge", b, a, "--why", "sama")
    assert f"muara answer {b}" in done.stdout


def test_what_cannot_be_merged_is_said_in_a_sentence(office: Office) -> None:
    a, b = office.add(PLAIN), office.add(AGAIN)
    assert office.run("merge", a, b).exit_code == 2
    assert office.run("merge", a, b, "--why", " ").exit_code == 2
    done = office.run("merge", a, a, "--why", "x")
    assert "pengaduan yang sama" in done.stderr
    done = office.run("unmerge", a, "--why", "x")
    assert (
        f"{a} berstatus didisposisi, jadi mengeluarkan dari gabungan tidak bisa sekarang"
        in done.stderr
    )
    office.run("merge", b, a, "--why", "x")
    done = office.run("reclassify", b, "--tier", "ringan", "--why", "x")
    assert f"muara show {b}" in done.stderr
    assert "Traceback" not in done.output


def test_a_case_goes_through_its_life(office: Office) -> None:
    number = office.add(PLAIN)
    assert "dikerjakan oleh ani" in office.run("take", number, "--who", "ani").stdout
    assert status(office, number) == "in_progress"
    assert office.run("note", number, "--text", "Berkas di lemari.").exit_code == 0
    assert office.run("answer", number, "--text", "Sudah cair.").exit_code == 0
    assert office.run("close", number, "--why", "pelapor puas", "--who", "ani").exit_code == 0
    assert status(office, number) == "closed"
    refused = office.run("take", number)
    assert refused.exit_code == 1
    assert f"muara reopen {number}" in refused.stderr
    assert office.run("reopen", number, "--why", "belum cair").exit_code == 0
    assert status(office, number) == "routed"
    history = shown(office, number)
    for told in ("Mulai dikerjakan", "Berkas di lemari.", "Diselesaikan", "alasan: pelapor puas"):
        assert told in history
    assert office.store().verify() == []


def test_closing_needs_a_reason(office: Office) -> None:
    assert office.run("close", office.add(PLAIN)).exit_code == 2


def test_an_empty_note_is_no_note(office: Office) -> None:
    number = office.add(PLAIN)
    assert office.run("note", number, stdin=" \n").exit_code == 1
    assert office.run("note", number, stdin="Dari pipa.\n").exit_code == 0
    assert "Dari pipa." in shown(office, number)


def test_another_team_is_handed_the_case_and_told(office: Office) -> None:
    number = office.add(PLAIN)
    done = office.run("assign", number, "pemeriksa", "--why", "ada dugaan")
    assert done.exit_code == 0, done.output
    told = [(n.kind, n.recipient) for n in office.store().notices(number)]
    assert ("team_assigned", "periksa@kesra.test") in told
    assert "dari tim kesra" in shown(office, number)
    assert office.run("assign", number, "pemeriksa").exit_code == 1
    unknown = office.run("assign", number, "dinas-lain")
    assert "kesra" in unknown.stderr


def test_a_team_without_examiners_gets_a_restricted_case_without_content(office: Office) -> None:
    number = office.add(GRAVE)
    office.run("assign", number, "pemeriksa")
    office.run("assign", number, "kesra")
    told = [(n.kind, n.recipient) for n in office.store().notices(number)]
    assert ("team_assigned", "tim@kesra.test") not in told
    assert told[-1] == ("team_restricted", "tim@kesra.test")


def test_every_command_answers_in_json(office: Office) -> None:
    a, b = office.add(PLAIN), office.add(AGAIN)
    for command in (
        ("take", a),
        ("note", a, "--text", "x"),
        ("close", a, "--why", "x"),
        ("reopen", a, "--why", "x"),
        ("merge", b, a, "--why", "x"),
        ("unmerge", b, "--why", "x"),
        ("assign", a, "pemeriksa"),
    ):
        done = office.run(*command, "--json")
        assert json.loads(done.stdout)["number"] in (a, b), done.output
