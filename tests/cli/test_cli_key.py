"""`muara key` as an office types it, and what every command says without the right key."""

import json
from pathlib import Path

import pytest

from store import Store, keyfile
from store.keyring import Keyring
from testing.daemon import Site
from tests.cli.conftest import Office
from tests.store.samples import message, open_case

TEXT = "Zamrudwati: jalan rusak di banjar kami"


def key(office: Office) -> Path:
    return office.folder / "muara.key"


def ids(office: Office) -> tuple[str, ...]:
    return Keyring.parse(key(office).read_text("utf-8")).ids


def counted(office: Office) -> dict[str, int]:
    values: dict[str, int] = json.loads(office.run("key", "status", "--json").stdout)["values"]
    return values


def test_a_key_is_exchanged_and_everything_reads_the_same(office: Office) -> None:
    number = office.add(TEXT)
    (old,), before = ids(office), counted(office)
    done = office.run("key", "rotate")
    assert done.exit_code == 0, done.output
    assert "Simpan salinan berkas itu sekarang" in done.stdout
    ((new,), after) = ids(office), counted(office)
    assert new != old
    assert (list(before), list(after)) == ([old], [new])
    assert after[new] >= before[old]
    assert TEXT in office.run("show", number).stdout
    assert number in office.run("list", "zamrud").stdout
    assert old not in office.database.read_bytes().hex()


def test_a_backup_from_before_an_exchange_says_which_old_line_it_needs_and_comes_back_with_it(
    office: Office,
) -> None:
    number = office.add(TEXT)
    backup = str(office.folder / "lama.db")
    assert office.run("backup", backup).exit_code == 0
    kept = key(office).read_text("utf-8")
    (old,) = ids(office)
    office.run("key", "rotate")
    (new,) = ids(office)
    later = office.add("Sesudah kuncinya diganti.")
    refused = office.run("restore", backup)
    assert refused.exit_code == 1
    assert f"Ambil baris {old} dari salinan kunci yang lama" in refused.stderr
    assert later in office.run("list", "--json").stdout
    line = next(one for one in kept.splitlines() if one.startswith(old))
    text = key(office).read_text("utf-8")
    key(office).write_text(text.replace(new, f"{line}\n{new}"), "utf-8")
    assert office.run("restore", backup).exit_code == 0
    assert TEXT in office.run("show", number).stdout
    assert list(counted(office)) == [new]


def test_an_exchange_that_was_broken_off_goes_on(office: Office) -> None:
    office.add(TEXT)
    keyfile.replace(key(office), Keyring.parse(key(office).read_text("utf-8")).rotated())
    both = ids(office)
    done = office.run("key", "rotate")
    assert "yang terputus dilanjutkan" in done.stderr
    assert ids(office) == both[1:]


def test_a_key_is_never_overwritten_and_none_is_made_beside_a_sealed_database(
    office: Office,
) -> None:
    office.add(TEXT)
    text = key(office).read_text("utf-8")
    assert "tidak ada yang diubah" in office.run("key", "new").stderr
    key(office).unlink()
    refused = office.run("key", "new")
    assert "Basis data ini tersandi dan kuncinya tidak ada" in refused.stderr
    assert not key(office).exists()
    key(office).write_text(text, "utf-8")
    assert office.run("list").exit_code == 0


@pytest.mark.parametrize("command", [("list",), ("show", "MR-2345-67A"), ("key", "status")])
def test_without_the_right_key_every_command_says_one_sentence(
    office: Office, command: tuple[str, ...]
) -> None:
    office.add(TEXT)
    right = key(office).read_text("utf-8")
    key(office).unlink()
    assert "kuncinya tidak ada" in office.run(*command).stderr
    keyfile.create(key(office), Keyring.fresh(), heading="", owner_of=office.folder)
    assert "disandikan dengan kunci" in office.run(*command).stderr
    secret = right.splitlines()[-1].split()[1]
    key(office).write_text(right.replace(secret, secret[:-2]), "utf-8")
    spoilt = office.run(*command)
    assert "Berkas kunci tidak dapat dibaca (baris" in spoilt.stderr
    assert secret[:-2] not in spoilt.output
    assert spoilt.exit_code == 1


def test_an_office_without_a_key_is_told_how_to_make_one(office: Office) -> None:
    key(office).unlink()
    office.database.unlink()
    assert "muara key new" in office.run("list").stderr
    assert "muara key new" in office.run("check").stderr
    made = office.run("key", "new")
    assert made.exit_code == 0, made.output
    assert "Simpan salinannya sekarang" in made.stdout
    assert key(office).stat().st_mode & 0o777 == 0o600
    assert office.run("list").exit_code == 0


def test_an_office_from_before_keys_is_sealed_at_once_and_told_of_its_old_copies(
    tmp_path: Path,
) -> None:
    site = Site(tmp_path)
    site.imap("gmail", ("localhost", 1), "kesra@kantor.test", "x")
    site.write()
    site.key.unlink()
    (tmp_path / "data" / "backup").mkdir(parents=True)
    plain = Store(f"sqlite:///{site.database}")
    plain.upgrade()
    number = open_case(plain, message=message(text=TEXT))
    copy = tmp_path / "data" / "backup" / "lama.db"
    plain.back_up(copy)
    plain.close()
    done = site.command("key", "new")
    assert done.returncode == 0, done
    assert str(copy) in done.stderr
    assert TEXT in site.command("show", number).stdout
    assert b"Zamrudwati" not in site.database.read_bytes()
