"""What `muara init` writes works as it is, once passwords and addresses are filled in."""

import re
import shutil
import stat
import subprocess
from datetime import date
from pathlib import Path

import pytest

from config.channels import ImapSource
from config.init import Written, unit, write
from config.settings import ConfigError, examine, load

TODAY = date(2026, 11, 24)
SHARED = Path(__file__).parents[3] / "shared" / "domain" / "service-standard.txt"


@pytest.fixture
def written(tmp_path: Path) -> Written:
    return write(tmp_path / "muara", today=TODAY, command=Path("/bin/true"))


def fill_in(written: Written) -> None:
    for name in ("gmail", "webmail"):
        (written.secrets / name).write_text("sandi\n")
        (written.secrets / name).chmod(0o600)
    text = written.config.read_text("utf-8")
    written.config.write_text(text.replace("members = []", 'members = ["petugas@example.id"]'))


def test_only_passwords_and_the_teams_addresses_are_left_to_fill_in(written: Written) -> None:
    settings, problems = examine(written.config)
    assert settings is not None
    assert [problem.key for problem in problems] == [
        "channels[gmail].password",
        "channels[webmail].password",
        "smtp.password",
        "teams[kesra].members",
        "teams[pemeriksa].members",
    ]
    fill_in(written)
    assert examine(written.config)[1] == ()


def test_mailboxes_start_on_the_day_of_the_set_up(written: Written) -> None:
    settings = load_anyway(written)
    mailboxes = [source for source in settings if isinstance(source, ImapSource)]
    assert [mailbox.since for mailbox in mailboxes] == [TODAY, TODAY]


def load_anyway(written: Written) -> tuple[object, ...]:
    fill_in(written)
    return load(written.config).channels


@pytest.mark.skipif(not SHARED.exists(), reason="the domain pages are not here")
def test_the_offices_facts_are_those_of_its_service_standard(written: Written) -> None:
    standard = SHARED.read_text("utf-8")
    text = written.config.read_text("utf-8")
    facts = [
        *re.findall(r"[\w.]+@[\w.]+\w", standard),
        *re.findall(r"Telepon (\d{4} \d+)", standard),
    ]
    assert len(facts) == 3
    assert not [fact for fact in facts if f'"{fact}"' not in text]
    promises = re.findall(r"selambat-lambatnya (\d+ (?:jam|hari kerja))", standard)
    keys = ("ringan", "normatif", "tidak_berkadar", "berkadar")
    assert not [
        key
        for key, promise in zip(keys, promises, strict=True)
        if f'{key} = "{promise}"' not in text
    ]


def test_the_feed_stays_off_until_the_office_has_its_address(written: Written) -> None:
    fill_in(written)
    feed = next(source for source in load(written.config).channels if source.kind == "lapor")
    assert not feed.enabled


def test_the_commented_examples_work_when_their_marks_are_removed(written: Written) -> None:
    fill_in(written)
    text = written.config.read_text("utf-8")
    for example in ("# complete_years", "# folder", "# team", "# backup_folder"):
        assert text.count(f"\n{example} = ") == 1
        text = text.replace(f"\n{example}", f"\n{example[2:]}")
    day = text[text.index("# [[calendar.days]]") :].split("\n\n")[0]
    text = text.replace(day, day.replace("# ", ""))
    written.config.write_text(text)
    settings = load(written.config)
    assert settings.calendar.days[0].name == "Galungan"
    assert settings.health.team == "kesra"


def test_the_folder_for_secrets_is_the_owners_only(written: Written) -> None:
    assert stat.S_IMODE(written.secrets.stat().st_mode) == 0o700


def test_nothing_that_exists_is_overwritten_and_nothing_else_written(tmp_path: Path) -> None:
    (tmp_path / "muara.service").write_text("milik orang lain")
    with pytest.raises(ConfigError) as caught:
        write(tmp_path, today=TODAY)
    [problem] = caught.value.problems
    assert problem.file == tmp_path / "muara.service"
    assert [path.name for path in tmp_path.iterdir()] == ["muara.service"]
    assert (tmp_path / "muara.service").read_text() == "milik orang lain"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("")
    with pytest.raises(ConfigError) as caught:
        write(tmp_path / "berkas" / "muara", today=TODAY)
    assert "Tidak dapat ditulis" in str(caught.value)


def test_a_system_wide_set_up_keeps_its_data_where_systemd_does() -> None:
    text = unit(Path("/etc/muara"), Path("/opt/muara/.venv/bin/muara"))
    assert "ReadWritePaths=/var/lib/muara\n" in text.replace("=-", "=")
    assert "ProtectHome=yes" in text
    assert "LoadCredential=gmail:/etc/muara/rahasia/gmail\n" in text


def test_a_set_up_in_a_home_folder_can_be_reached_by_the_service() -> None:
    assert "ProtectHome=read-only" in unit(Path("/home/kesra/muara"), Path("/usr/bin/muara"))


analyze = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")


@analyze
def test_systemd_accepts_the_unit_also_with_strange_folder_names(tmp_path: Path) -> None:
    written = write(tmp_path / "meja 100%", today=TODAY, command=Path("/bin/true"))
    done = run("systemd-analyze", "verify", str(written.unit))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@analyze
def test_systemd_rates_the_unit_as_well_locked(written: Written) -> None:
    done = run("systemd-analyze", "security", "--offline=true", "--no-pager", str(written.unit))
    rating = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert rating, done.stderr
    assert float(rating[1]) <= 1.5


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
