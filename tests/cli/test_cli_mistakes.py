"""Everything an operator can get wrong is one clear sentence with the usual exit code, never a traceback."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from cli.app import main
from tests.cli.conftest import Office

ROOT = Path(__file__).parents[2]


def process(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import cli; cli.main()"
    kept = {n: v for n, v in os.environ.items() if not n.startswith("MUARA")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, env={**kept, **environment}, timeout=60,
    )  # fmt: skip


def test_no_command_shows_the_help(tmp_path: Path) -> None:
    done = process(folder=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("Pemakaian: muara")


def test_the_language_follows_the_configuration_and_the_environment_before_it(
    office: Office,
) -> None:
    office.config.write_text(
        office.config.read_text().replace('language = "id"', 'language = "en"')
    )
    assert process("--help", folder=office.folder).stdout.startswith("Usage:")
    assert process("--help", folder=office.folder, MUARA_LANG="id").stdout.startswith("Pemakaian:")
    assert process("--help", folder=office.folder, MUARA_LANG="xx").stdout.startswith("Pemakaian:")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["lihat"], "Perintah 'lihat' tidak ada."),
        (["lst"], "Perintah 'lst' tidak ada. Barangkali maksudnya: list"),
        (["show"], "Belum diisi: 'NOMOR'."),
        (["list", "--limit", "banyak"], "'banyak' bukan bilangan bulat."),
        (["list", "--limit", "0"], "0 di luar batas"),
        (["list", "--tier", "5"], "'5' tidak termasuk 'ringan'"),
        (["list", "--status", "lama"], "'lama' tidak termasuk 'diterima'"),
        (["list", "--latte"], "Pilihan '--latte' tidak ada. Barangkali maksudnya '--late'"),
        (["list", "--tier"], "Pilihan '--tier' memerlukan isian."),
        (["reclassify", "MR-93WF-5TR", "--tier", "ringan"], "Belum diisi: '--why'."),
        (["requeue", "x"], "'x' bukan bilangan bulat."),
        (["rules", "test", "--rules", "tidak-ada"], "Folder 'tidak-ada' tidak ada."),
        (["channels", "tes"], "Perintah 'tes' tidak ada."),
    ],
)  # fmt: skip
def test_a_mistyped_command_line_is_explained(
    office: Office, arguments: list[str], told: str
) -> None:
    done = office.run(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr.splitlines()[-1], done.stderr
    assert done.stderr.splitlines()[-1].startswith("Kesalahan: ")


def test_no_configuration_anywhere_says_how_to_make_one(tmp_path: Path) -> None:
    done = process("list", folder=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Kesalahan: Berkas konfigurasi tidak ditemukan (muara.toml")
    assert "muara init" in done.stderr


def test_a_named_configuration_that_is_not_there_is_named(tmp_path: Path) -> None:
    done = process("list", "--config", "lain.toml", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "(lain.toml)" in done.stderr


@pytest.mark.parametrize("command", ["list", "channels", "check", "add", "run"])
def test_a_wrong_key_is_named_with_its_line_whatever_the_command(
    office: Office, command: str
) -> None:
    text = office.config.read_text().replace("[smtp]\n", '[smtp]\nhots = "x"\n')
    office.config.write_text(text)
    line = text[: text.index("hots")].count("\n") + 1
    done = office.run(command)
    assert done.exit_code == 1
    assert f"muara.toml:{line}: smtp.hots" in done.stderr


def test_missing_secrets_stop_the_daemon_but_not_the_lists(office: Office) -> None:
    assert office.run("list").exit_code == 0
    done = office.run("run")
    assert done.exit_code == 1
    assert "Rahasia belum ada." in done.stderr
    assert office.run("check").exit_code == 1


def test_a_database_of_a_newer_version_is_refused(office: Office) -> None:
    with closing(sqlite3.connect(office.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    done = office.run("list")
    assert done.exit_code == 1
    assert "muara yang lebih baru (skema 9999" in done.stderr


def test_a_file_that_is_no_database_is_refused(office: Office) -> None:
    office.database.write_bytes(b"bukan basis data" * 1000)
    done = office.run("list")
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_in_place_of_the_database_is_named(office: Office) -> None:
    office.database.unlink()
    office.database.mkdir()
    done = office.run("list")
    assert done.exit_code == 1
    assert f"{office.database}: ini folder, bukan berkas." in done.stderr


def test_a_second_daemon_is_refused_with_the_first_ones_process(office: Office) -> None:
    for name in ("gmail", "webmail"):
        secret = office.folder / "rahasia" / name
        secret.write_text("kata-sandi")
        secret.chmod(0o600)
    store = office.store()
    with store.exclusive():
        done = process("run", folder=office.folder)
    store.close()
    assert done.returncode == 1
    assert f"(proses {os.getpid()})" in done.stderr


def test_a_broken_rule_file_lists_every_trouble_with_file_and_rule(office: Office) -> None:
    folder = office.folder / "aturan"
    folder.mkdir()
    (folder / "lain.toml").write_text('[[aturan]]\nid = "x"\ntingkat = "berat"\n[lain]\n')
    office.config.write_text(
        office.config.read_text().replace('# folder = "aturan"', 'folder = "aturan"')
    )
    add = ["add", "--medium", "phone", "--text", "x"]
    for command in (["check"], ["rules", "test"], ["requeue"], add):
        done = office.run(*command)
        assert done.exit_code == (0 if command is add else 1)
        assert "lain.toml" in done.stderr
        assert "Tingkat 'berat' tidak dikenal" in done.stderr
        assert "Bagian 'lain' tidak dikenal" in done.stderr


def test_who_calls_in_need_not_wait_until_the_rules_are_mended(office: Office) -> None:
    folder = office.folder / "aturan"
    folder.mkdir()
    (folder / "lain.toml").write_text("rusak")
    text = office.config.read_text().replace('# folder = "aturan"', 'folder = "aturan"')
    office.config.write_text(text)
    done = office.run("add", "--medium", "phone", "--text", "Jalan rusak parah.")
    assert "aturan bawaan" in done.stderr
    assert "Tercatat dengan nomor" in done.stdout


def test_init_overwrites_nothing(office: Office) -> None:
    before = office.config.read_bytes()
    done = office.run("init", str(office.folder))
    assert done.exit_code == 1
    assert "sudah ada dan tidak ditimpa" in done.stderr
    assert office.config.read_bytes() == before


def test_a_bug_is_told_as_one_sentence_and_whole_only_on_request(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(office.database)) as connection:
        connection.execute("DROP TABLE cases")
        connection.commit()
    done = office.run("list")
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert len(done.stderr.splitlines()) == 1
    monkeypatch.setenv("MUARA_DEBUG", "1")
    assert isinstance(office.run("list").exception, Exception)


def test_the_whole_line_runs_in_this_process_too(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("muara")
