"""doctor, verify, backup and restore as an operator runs them: a real mailbox, a real daemon."""

import json
import shlex
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.app import build
from cli.native import speak
from config.texts import Texts
from testing import postgres
from testing.daemon import Site
from testing.require import require
from testing.smtp_sink import SmtpSink
from tests.channels.imap_help import mail
from tests.conftest import Mailbox
from tests.store.samples import intake, put, sql

HIBAH = "Dana hibah pura kami belum cair sejak tiga bulan yang lalu."
JALAN = "Lampu jalan di depan banjar kami mati sejak minggu lalu."


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with SmtpSink() as sink:
        yield Site(tmp_path, sink.port)


@pytest.fixture
def office(site: Site, mailbox: Mailbox) -> Site:
    """An office with one mailbox."""
    address = ("localhost", mailbox.server.port)
    site.imap("gmail", address, mailbox.user, mailbox.password)
    site.write()
    return site


def run_once(office: Site, *, arrivals: int) -> None:
    """A daemon that takes in so many arrivals and ends."""
    with office.start() as daemon:
        daemon.hear("arrival.stored", count=arrivals)
        daemon.stop()


def call(office: Site, *arguments: str) -> Result:
    """One command, as an operator would type it, in this process."""
    speak("id")
    command = ["--config", str(office.config), *arguments]
    return CliRunner().invoke(build(Texts("id")), command, prog_name="muara")


def said(office: Site, *arguments: str) -> tuple[int, list[dict[str, Any]]]:
    """Exit code and JSON lines of a command."""
    done = call(office, *arguments, "--json")
    assert not done.stderr, done.stderr
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def database(office: Site) -> str:
    return f"sqlite:///{office.database}"


@pytest.mark.slow
def test_mail_taken_out_of_the_ledger_is_missing_and_after_a_poll_it_is_there_again(
    office: Site, mailbox: Mailbox
) -> None:
    mailbox.deliver(mail(HIBAH), mail(JALAN))
    run_once(office, arrivals=2)
    code, (folder, *findings) = said(office, "doctor")
    assert (code, folder["on_server"], folder["missing"]) == (0, 2, [])
    assert folder["ledger"]["case"] == 2
    assert {one["grade"] for one in findings} <= {"fine", "note"}

    sql(database(office), "DELETE FROM arrivals WHERE item = '2'")
    code, (folder, *findings) = said(office, "doctor")
    assert (code, [one["item"] for one in folder["missing"]]) == (1, ["2"])
    assert [one["check"] for one in findings if one["grade"] == "problem"] == ["ledger"]
    shown = call(office, "doctor")
    assert shown.exit_code == 1
    assert "Tidak tercatat: gmail INBOX" in shown.stdout

    run_once(office, arrivals=1)
    code, (folder, *_) = said(office, "doctor")
    assert (code, folder["missing"]) == (0, [])
    assert folder["ledger"]["merged"] == 1


def test_doctor_counts_machine_mail_and_mail_too_large_to_fetch_whole(
    office: Site, mailbox: Mailbox
) -> None:
    office.imap(
        "gmail",
        ("localhost", mailbox.server.port),
        mailbox.user,
        mailbox.password,
        size_limit_mb=1,
    )
    automatic = b"Auto-Submitted: auto-replied\r\n" + mail("Saya sedang cuti.")
    mailbox.deliver(mail(HIBAH), automatic, mail(JALAN, size=3_000_000))
    old = datetime.now(UTC) - timedelta(days=400)
    mailbox.server.deliver(mailbox.user, mail("lama"), received_at=old)
    run_once(office, arrivals=3)
    code, (folder, *_) = said(office, "doctor")
    assert (code, folder["on_server"]) == (0, 3)
    assert (folder["ledger"]["machine"], folder["oversize"]) == (1, 1)


def test_a_mailbox_that_cannot_be_reached_is_a_finding(office: Site) -> None:
    office.imap("gmail", ("localhost", 1), "kesra", "rahasia")
    office.write()
    code, findings = said(office, "doctor")
    problems = {one["check"]: one["text"] for one in findings if one["grade"] == "problem"}
    assert code == 1
    assert set(problems) == {"reach", "polled"}
    assert "localhost" in problems["reach"]
    assert said(office, "doctor", "--offline")[0] == 0


@pytest.mark.slow
def test_a_backup_of_a_running_office_can_be_restored_and_mail_since_comes_again(
    office: Site, mailbox: Mailbox, tmp_path: Path
) -> None:
    mailbox.deliver(mail(HIBAH))
    file = str(tmp_path / "cadangan.db")
    with office.start() as daemon:
        daemon.hear("arrival.stored")
        made = call(office, "backup", file)
        assert made.exit_code == 0, made.stderr
        assert "1 tiket" in made.stdout
        again = call(office, "backup", file)
        assert (again.exit_code, "sudah ada" in again.stderr) == (1, True)
        mailbox.deliver(mail(JALAN))
        daemon.hear("arrival.stored", count=2)
        refused = call(office, "restore", file)
        assert refused.exit_code == 1
        assert str(daemon.process.pid) in refused.stderr
        daemon.stop()
    typed = call(office, "add", "--medium", "phone", "--text", HIBAH, "--name", "Made")
    number = typed.stdout.split("MR-")[1][:8]

    restored = call(office, "restore", file)
    assert restored.exit_code == 0, restored.stdout + restored.stderr
    assert "gmail 1" in restored.stdout
    assert f"MR-{number}" in restored.stdout
    assert "before-restore" in restored.stdout

    _, (folder, *_) = said(office, "doctor")
    assert [one["item"] for one in folder["missing"] + folder["waiting"]] == ["2"]
    run_once(office, arrivals=1)
    code, (folder, *_) = said(office, "doctor")
    assert (code, folder["ledger"]["case"], folder["missing"]) == (0, 2, [])


def test_backup_and_restore_answer_programs_too(office: Site, tmp_path: Path) -> None:
    call(office, "add", "--medium", "phone", "--text", HIBAH)
    file = str(tmp_path / "cadangan.db")
    code, (made,) = said(office, "backup", file)
    assert (code, made["file"], made["cases"], made["damage"]) == (0, file, 1, 0)
    late = call(office, "add", "--medium", "phone", "--text", JALAN, "--json")
    code, (back, *findings) = said(office, "restore", file)
    assert (code, back["cases"]) == (0, 1)
    assert back["later"]["typed"] == [json.loads(late.stdout)["number"]]
    assert findings
    assert not [one for one in findings if one["grade"] == "problem"]


def test_verify_finds_a_changed_log_and_a_witness_that_is_gone(office: Site) -> None:
    office.database.parent.mkdir()
    with office.store() as store:
        store.upgrade()
        put(store, intake(), intake())
    code, (whole,) = said(office, "verify")
    assert (code, whole["damage"], whole["events"]) == (0, 0, 6)
    head = call(office, "verify", "--head").stdout.strip()
    assert head == whole["head"]
    assert said(office, "verify", "--expect", head)[1][-1] == {"expect": head, "kept": True}

    with office.store() as store:
        put(store, intake())
    assert call(office, "verify", "--expect", head).exit_code == 0
    sql(database(office), "DELETE FROM events WHERE seq > 4")
    code, lines = said(office, "verify")
    assert (code, [one.get("what") for one in lines]) == (1, ["missing", "case_unlogged", None])
    assert call(office, "verify").stdout.count("\n") == 2

    sql(
        database(office),
        "UPDATE chains SET seq = 4, hash = (SELECT hash FROM events WHERE seq = 4)",
    )
    code, lines = said(office, "verify", "--expect", head)
    assert (code, lines[-1]["kept"]) == (1, False)
    assert call(office, "verify", "--expect", "bukan").exit_code == 2


@pytest.fixture
def on_postgresql(site: Site) -> Iterator[Site]:
    require("PostgreSQL", postgres.missing())
    with postgres.Postgres() as server:
        url = server.database()
        site.imap("gmail", ("localhost", 1), "kesra", "rahasia")
        site.write()
        text = site.config.read_text("utf-8")
        site.config.write_text(text.replace('folder = "data"', f'folder = "data"\nurl = "{url}"'))
        yield site


def test_on_postgresql_doctor_and_verify_work_and_its_own_tools_copy(
    on_postgresql: Site, tmp_path: Path
) -> None:
    site, file = on_postgresql, tmp_path / "cadangan pg.dump"
    added = call(site, "add", "--medium", "phone", "--text", HIBAH, "--name", "Made")
    assert added.exit_code == 0, added.stderr
    assert said(site, "doctor", "--offline", "--deep")[0] == 0
    head = call(site, "verify", "--head").stdout.strip()

    advice = call(site, "backup", str(file))
    assert advice.exit_code == 1
    subprocess.run(["sh", "-c", advice.stdout], check=True)
    assert file.stat().st_mode & 0o777 == 0o600
    call(site, "add", "--medium", "phone", "--text", JALAN, "--name", "Made")
    advice = call(site, "restore", str(file))
    assert advice.exit_code == 1
    subprocess.run(shlex.split(advice.stdout), check=True)
    assert call(site, "verify", "--head").stdout.strip() == head
    assert said(site, "doctor", "--offline")[0] == 0
