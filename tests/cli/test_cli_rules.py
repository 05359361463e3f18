"""Rules tried, explained, replayed; a person's decision and what rules make of it."""

import json
from pathlib import Path

import pytest

from classify.types import Kind, Tier
from store.types import NoticeKind
from tests.cli.conftest import Office
from tests.store.samples import GRAVE, intake, put, sql

BRIBE = "Pak lurah minta uang pelicin 200 ribu untuk surat pengantar"
ROAD = "Jalan di depan pura rusak parah."
RULE = """
[[aturan]]
id = "uji-pura"
tingkat = "ringan"
arti = "Menyebut pura."
kekuatan = 90
pola = ["'pura'"]
contoh = ["Ke pura.", {example}]
bukan = ["Ke pasar."]
"""


def folder_with(office: Office, example: str = '"Di pura."') -> Path:
    folder = office.folder / "aturan-baru"
    folder.mkdir()
    (folder / "uji.toml").write_text(RULE.format(example=example))
    return folder


def test_the_rules_in_force_pass_their_examples_without_any_configuration(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = office.run("rules", "test")
    assert done.exit_code == 0, done.output
    assert "semuanya sesuai" in done.stdout


def test_an_example_that_fails_is_named_with_file_rule_and_text(office: Office) -> None:
    folder = folder_with(office, '"Ke kantor."')
    done = office.run("rules", "test", "--rules", str(folder))
    assert done.exit_code == 1
    row = next(line for line in done.stdout.splitlines() if "uji-pura" in line)
    assert all(text in row for text in ("uji.toml", "cocok", "Ke kantor."))
    (told,) = office.run("rules", "test", "--rules", str(folder), "--json").stdout.splitlines()
    assert json.loads(told) == {
        "file": "uji.toml", "rule": "uji-pura", "should_match": True, "text": "Ke kantor.",
    }  # fmt: skip


def test_a_text_is_explained_with_its_words_marked_and_each_rules_say(office: Office) -> None:
    done = office.run("rules", "explain", f"{ROAD} Terima kasih.")
    assert done.exit_code == 0, done.output
    assert "[" in done.stdout.splitlines()[0]
    assert "kemungkinan" in done.stdout
    told = json.loads(office.run("rules", "explain", ROAD, "--json").stdout)
    assert told["tier"] == "tidak_berkadar"
    assert sum(told["likelihoods"].values()) == pytest.approx(1)
    assert {"rule", "meaning", "scores", "hits"} == told["says"][0].keys()


def test_a_replay_shows_which_stored_cases_other_rules_would_change(office: Office) -> None:
    changed, same = office.add(ROAD), office.add("Air mati tiga hari di rumah saya.")
    folder = folder_with(office)
    done = office.run("rules", "replay", "--since", "01-01-2020", "--rules", str(folder))
    assert done.exit_code == 0, done.output
    row = next(line for line in done.stdout.splitlines() if changed in line)
    assert "Tidak berkadar" in row
    assert "Ringan" in row
    assert same not in done.stdout
    assert "2 teks diperiksa, 1 berubah." in done.stdout
    assert json.loads(office.run("list", "--json", "pura").stdout)["tier"] == "tidak_berkadar"


def test_a_replay_leaves_out_what_a_person_decided(office: Office) -> None:
    number = office.add(ROAD)
    office.run("reclassify", number, "--tier", "normatif", "--why", "diatur")
    done = office.run(
        "rules", "replay", "--since", "01-01-2020", "--rules", str(folder_with(office))
    )
    assert "0 teks diperiksa, 0 berubah." in done.stdout


def test_a_replay_reads_lines_of_a_file(office: Office) -> None:
    lines = office.folder / "teks.jsonl"
    lines.write_text(
        "".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in (("a", ROAD), ("b", "halo")))
    )
    folder = str(folder_with(office))
    (told,) = office.run(
        "rules", "replay", str(lines), "--rules", folder, "--json"
    ).stdout.splitlines()
    assert json.loads(told) == {
        "name": "a",
        "before": {"tier": "tidak_berkadar", "certain": True},
        "after": {"tier": "ringan", "certain": True},
    }
    lines.write_text('{"id": 1, "text": "halo"}\n[]\n')
    done = office.run("rules", "replay", str(lines), "--rules", folder)
    assert done.exit_code == 1
    assert "Baris 2" in done.stderr


@pytest.mark.parametrize("options", [[], ["muara.toml", "--since", "01-01-2020"]])
def test_a_replay_needs_a_file_or_a_day(office: Office, options: list[str]) -> None:
    options = [str(office.config) if one == "muara.toml" else one for one in options]
    done = office.run("rules", "replay", *options)
    assert done.exit_code == 2
    assert "salah satu saja" in done.stderr


def test_a_decision_is_recorded_with_who_and_why_and_the_clock_runs_from_receipt(
    office: Office,
) -> None:
    number = office.add(ROAD, "--received-at", "20-11-2026 08.00")
    done = office.run(
        "reclassify",
        number,
        "--tier",
        "normatif",
        "--why",
        "cukup dijelaskan",
        "--who",
        "ketut",
        "--json",
    )
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)["decision"]
    assert (told["tier"], told["limit"]) == ("normatif", "5 wd")
    store = office.store()
    ticket = store.ticket(number)
    store.close()
    assert ticket
    assert (ticket.tier, ticket.certain, ticket.restricted) == (Tier.NORMATIF, True, False)
    assert ticket.due_at
    assert ticket.due_at.isoformat() == "2026-11-27T06:00:00+00:00"
    event = ticket.events[-1]
    assert (event.what, event.who) == ("complaint.reclassified", "ketut")
    assert event.details["why"] == "cukup dijelaskan"
    labels = sql(f"sqlite:///{office.database}", "SELECT number, tier, was_tier, who FROM labels")
    assert labels == [(number, "normatif", "tidak_berkadar", "ketut")]


def notices(office: Office, number: str) -> set[tuple[NoticeKind, str]]:
    store = office.store()
    found = {(notice.kind, notice.recipient) for notice in store.notices(number)}
    store.close()
    return found


def test_a_case_that_becomes_restricted_goes_to_the_examiners_and_waiting_mails_lose_their_content(
    office: Office,
) -> None:
    number = office.add(ROAD)
    assert notices(office, number) == {(NoticeKind.TEAM_NEW, "tim@kesra.test")}
    done = office.run("reclassify", number, "--tier", "berkadar", "--why", "ada pungutan")
    assert "--reveal" in done.stdout
    assert notices(office, number) == {
        (NoticeKind.TEAM_RESTRICTED, "tim@kesra.test"),
        (NoticeKind.TEAM_RECLASSIFIED, "periksa@kesra.test"),
    }
    assert ROAD not in office.run("show", number).stdout


def test_a_case_that_is_open_again_goes_to_its_team_and_the_examiners_learn_of_it(
    office: Office,
) -> None:
    number = office.add(BRIBE)
    before = notices(office, number)
    office.seat("periksa@kesra.test")
    office.run("reclassify", number, "--tier", "tidak_berkadar", "--why", "bukan pungutan")
    assert notices(office, number) - before == {
        (NoticeKind.TEAM_RECLASSIFIED, "tim@kesra.test"),
        (NoticeKind.TEAM_RECLASSIFIED, "periksa@kesra.test"),
    }
    assert BRIBE in " ".join(office.run("show", number).stdout.split())


def test_praise_and_spam_carry_no_tier_and_the_rest_needs_one(office: Office) -> None:
    number = office.add(ROAD)
    for wrong in (["--tier", "tanpa"], ["--tier", "ringan", "--kind", "spam"]):
        done = office.run("reclassify", number, *wrong, "--why", "x")
        assert done.exit_code == 2
        assert "tidak bertingkat" in done.stderr
    done = office.run("reclassify", number, "--tier", "tanpa", "--kind", "spam", "--why", "iklan")
    assert done.exit_code == 0, done.output
    found = json.loads(office.run("list", "--json").stdout)
    assert (found["kind"], found["tier"], found["due_at"]) == (Kind.SPAM, None, None)
    office.run("reclassify", number, "--tier", "ringan", "--why", "ternyata bertanya")
    assert json.loads(office.run("list", "--json").stdout)["kind"] == Kind.PENGADUAN


@pytest.mark.parametrize("why", ["", "  "])
def test_a_decision_needs_a_reason(office: Office, why: str) -> None:
    done = office.run("reclassify", office.add(ROAD), "--tier", "ringan", "--why", why)
    assert done.exit_code == 2
    assert "--why" in done.stderr


def test_review_lists_where_people_and_rules_disagree_the_worst_rule_first(office: Office) -> None:
    for text in (ROAD, "Jalan desa rusak parah sejak lama.", "Jalan kami rusak."):
        office.run("reclassify", office.add(text), "--tier", "normatif", "--why", "sudah terjadwal")
    office.seat("periksa@kesra.test")  # who may read the one about a bribe
    agreed = office.add(BRIBE)
    office.run("reclassify", agreed, "--tier", "berkadar", "--why", "betul")
    done = office.run("rules", "review")
    assert done.exit_code == 0, done.output
    assert "4 keputusan petugas; aturan sependapat pada 1." in done.stdout
    found = [
        json.loads(line) for line in office.run("rules", "review", "--json").stdout.splitlines()
    ]
    assert len(found[0]["wrong"]) == 3
    assert {one["person"] for one in found[0]["wrong"]} == {"normatif"}
    counts = [len(record["wrong"]) for record in found]
    assert counts == sorted(counts, reverse=True)


def test_the_last_decision_about_a_case_counts(office: Office) -> None:
    number = office.add(ROAD)
    office.run("reclassify", number, "--tier", "normatif", "--why", "keliru ketik")
    office.run("reclassify", number, "--tier", "tidak_berkadar", "--why", "ini yang benar")
    assert "1 keputusan petugas; aturan sependapat pada 1." in office.run("rules", "review").stdout


def test_an_uncertain_case_keeps_what_was_suggested(office: Office) -> None:
    store = office.store()
    number = put(store, intake(verdict=GRAVE))[0].number
    store.close()
    office.seat("periksa@kesra.test")
    office.run("reclassify", number, "--tier", "ringan", "--why", "hanya bertanya")
    labels = sql(
        f"sqlite:///{office.database}", "SELECT was_tier, was_suggested, was_certain FROM labels"
    )
    assert labels == [(None, "berkadar", 0)]
