"""What a restricted case shows to whom, in every command and in every form."""

import json

import pytest

from store.types import Event
from tests.cli.conftest import Office

GRAVE = "Kepala dusun Zamrud meminta uang pungli Rp500.000 untuk tanda tangan bansos saya."
PERSON = ("--name", "Ni Wayan Mutiara", "--phone", "081234567890", "--email", "mutiara@warga.test")
HIDDEN = ("zamrud", "pungli", "mutiara", "0812", "tanda tangan")
EXAMINER, COLLEAGUE = "periksa@kesra.test", "tim@kesra.test"


def everything(office: Office, number: str) -> dict[str, str]:
    """What every command says that tells of cases, as one text each."""
    calls = (
        ("show", number),
        ("show", number, "--reveal"),
        ("show", number, "--json"),
        ("show", number, "--reveal", "--json"),
        ("show", number, "--raw"),
        ("show", number, "--raw", "--reveal"),
        ("list",),
        ("list", "--json"),
        ("list", number, "--json"),
        ("duplicates",),
        ("duplicates", "--json"),
        ("rules", "replay", "--since", "01-01-2026 00.00"),
        ("rules", "review", "--json"),
        ("calls",),
        ("deliveries",),
        ("split", number, "--preview", "--reveal"),
        ("letter", number),
    )
    return {" ".join(call): office.run(*call).output for call in calls}


def events(office: Office, number: str) -> list[Event]:
    store = office.store()
    ticket = store.ticket(number)
    store.close()
    assert ticket is not None
    return [event for event in ticket.events if event.what.endswith(".viewed")]


@pytest.mark.parametrize("wish", [(), ("--secret",), ("--anonymous",)])
@pytest.mark.parametrize("who", ["", COLLEAGUE])
def test_nobody_but_an_examiner_sees_what_a_restricted_case_says(
    office: Office, who: str, wish: tuple[str, ...]
) -> None:
    text = GRAVE if not wish else GRAVE.replace("pungli", "tambahan").replace("uang", "berkas")
    number = office.add(text, *PERSON, *wish)
    if who:
        office.seat(who)
    for command, said in everything(office, number).items():
        found = [word for word in HIDDEN if word in said.lower()]
        assert not found, f"{command}: {found}\n{said}"
    assert events(office, number) == []


def test_who_may_see_it_is_said(office: Office) -> None:
    number = office.add(GRAVE)
    assert "belum ada pemeriksa dengan akun" in office.run("show", number).stdout
    office.seat(EXAMINER)
    text = office.config.read_text("utf-8")
    office.config.write_text(text.replace('login = "', 'login = "bukan-'), "utf-8")
    assert "hanya untuk pejabat pemeriksa: Ni Luh Ayu" in office.run("show", number).stdout


def test_an_examiner_sees_it_when_they_ask_and_every_look_is_in_the_history_once(
    office: Office,
) -> None:
    number = office.add(GRAVE, *PERSON)
    office.seat(EXAMINER)
    assert "Zamrud" not in office.run("show", number).stdout
    assert events(office, number) == []
    assert "Zamrud" in office.run("show", number, "--reveal").stdout
    shown = json.loads(office.run("show", number, "--reveal", "--json").stdout)
    assert shown["complainant"]["name"] == "Ni Wayan Mutiara"
    assert [event.what for event in events(office, number)] == ["case.viewed", "identity.viewed"]


def test_words_find_a_restricted_case_for_an_examiner_only_and_its_number_for_all(
    office: Office,
) -> None:
    number = office.add(GRAVE)
    assert number not in office.run("list", "zamrud").stdout
    assert number not in office.run("list", "zam", "--json").stdout
    assert number in office.run("list", number).stdout
    office.seat(EXAMINER)
    assert number in office.run("list", "zam").stdout


def test_a_look_at_who_wrote_an_ordinary_case_is_recorded_too(office: Office) -> None:
    number = office.add("Jalan rusak di banjar kami", *PERSON)
    office.run("list", "--json")
    assert "Mutiara" not in office.run("list", "--json").stdout
    assert events(office, number) == []
    assert "Mutiara" in office.run("show", number).stdout
    assert "Mutiara" in office.run("show", number).stdout
    assert [event.what for event in events(office, number)] == ["identity.viewed"]


def test_rules_cannot_ask_what_a_restricted_case_says(office: Office) -> None:
    office.add(GRAVE)
    done = office.run("rules", "replay", "--since", "01-01-2026 00.00")
    assert "1 pengaduan terbatas tidak ikut" in done.stderr
    office.seat(EXAMINER)
    assert "tidak ikut" not in office.run("rules", "replay", "--since", "01-01-2026 00.00").stderr


def test_typing_a_report_again_does_not_show_what_is_known_of_it(office: Office) -> None:
    report = ("add", "--medium", "lapor", "--external-id", "9165816", "--json")
    office.run(*report, "--text", GRAVE, *PERSON)
    again = office.run(*report, "--text", "Saya hanya ingin tahu.")
    assert json.loads(again.stdout)["fate"] != "case"
    assert not [word for word in HIDDEN if word in again.output.lower()]


def test_root_is_nobody_in_particular(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    number = office.add(GRAVE)
    office.seat(EXAMINER)
    text = office.config.read_text("utf-8")
    place = text.rindex('login = "')
    office.config.write_text(f'{text[:place]}login = "root"\n', "utf-8")
    monkeypatch.setenv("SUDO_USER", "root")
    monkeypatch.setenv("SUDO_UID", "-1")
    assert "Zamrud" not in office.run("show", number, "--reveal").stdout


def test_a_variable_anybody_can_set_makes_nobody_an_examiner(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = office.add(GRAVE)
    office.seat(EXAMINER)
    text = office.config.read_text("utf-8")
    place = text.rindex('login = "')
    office.config.write_text(f'{text[:place]}login = "pemeriksa"\n', "utf-8")
    monkeypatch.delenv("SUDO_USER", raising=False)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "pemeriksa")
    assert "Zamrud" not in office.run("show", number, "--reveal").stdout
