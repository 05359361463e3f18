"""Health of channels, trying their connections, and the quarantine."""

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest

from channels.errors import Unreadable
from store.types import Intake
from testing.dovecot import Dovecot
from tests.cli.conftest import Office
from tests.store.samples import arrival, put


def test_health_is_told_in_words_and_times_people_say(office: Office) -> None:
    store, now = office.store(), datetime.now(UTC)
    store.channel_polled("gmail", found=2, next_due=now + timedelta(minutes=3, seconds=20), now=now)
    for _ in range(4):
        store.channel_failed(
            "webmail", error="Kata sandi ditolak.", next_due=now, down=True, now=now
        )
    store.close()
    shown = office.run("channels").stdout
    for text in (
        "sehat",
        "dalam 3 menit",
        "terputus",
        "webmail: gagal 4 kali. Kata sandi ditolak.",
        "Di karantina",
    ):
        assert text in shown, shown
    *states, counts = map(json.loads, office.run("channels", "--json").stdout.splitlines())
    assert [state["name"] for state in states] == ["gmail", "webmail"]
    assert counts["quarantined"] == 0


def test_a_service_that_does_not_run_is_noticed(office: Office) -> None:
    store, now = office.store(), datetime.now(UTC)
    store.channel_polled("gmail", found=0, next_due=now - timedelta(minutes=1), now=now)
    assert "tidak berjalan" not in office.run("channels").stdout
    store.channel_polled("gmail", found=0, next_due=now - timedelta(minutes=9), now=now)
    store.close()
    assert "layanan tampaknya tidak berjalan" in office.run("channels").stdout


def test_before_the_first_run_it_says_what_to_do(office: Office) -> None:
    assert "muara run" in office.run("channels").stdout


def refused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def connect(office: Office, imap: int, smtp: int) -> None:
    """Point the written configuration at servers on loopback."""
    text = office.config.read_text()
    text = text.replace(
        'host = "imap.gmail.com"',
        f'host = "127.0.0.1"\nport = {imap}\nsecurity = "plain"\nallow_plain = true',
    )
    text = text.replace(
        'host = "mail.bulelengkab.go.id"',
        f'host = "127.0.0.1"\nport = {refused_port()}\nsecurity = "plain"\nallow_plain = true',
    )
    text = text.replace(
        'host = "smtp.gmail.com"\nsecurity = "starttls"',
        f'host = "127.0.0.1"\nport = {smtp}\nsecurity = "plain"\nallow_plain = true',
    )
    office.config.write_text(text)
    for name in ("gmail", "webmail"):
        secret = office.folder / "rahasia" / name
        secret.write_text("kata-sandi")
        secret.chmod(0o600)


def test_connections_are_tried_one_by_one_and_each_failure_says_why(office: Office) -> None:
    connect(office, refused_port(), refused_port())
    done = office.run("channels", "test")
    assert done.exit_code == 1
    assert [line.partition(":")[0] for line in done.stdout.splitlines() if "GAGAL" in line] == [
        "gmail",
        "webmail",
        "smtp",
    ]
    one = office.run("channels", "test", "smtp", "--json")
    assert json.loads(one.stdout)["name"] == "smtp"
    assert json.loads(one.stdout)["error"]


def test_an_unknown_channel_is_named_beside_the_known_ones(office: Office) -> None:
    done = office.run("channels", "test", "gmial")
    assert done.exit_code == 1
    known = done.stderr.partition("Yang ada: ")[2]
    assert {"gmail", "smtp", "webmail"} <= set(known.strip(".\n").split(", "))


def test_a_working_mailbox_is_told_so_and_nothing_is_stored(
    office: Office, dovecot: Dovecot
) -> None:
    user = "kotak399@kesra.test"
    connect(office, dovecot.port, refused_port())
    text = office.config.read_text().replace(
        'username = "kesrasetdakabupatenbuleleng@gmail.com"', f'username = "{user}"', 1
    )
    office.config.write_text(text)
    (office.folder / "rahasia" / "gmail").write_text("rahasia-399")
    dovecot.deliver_all(user, [b"Subject: halo\r\n\r\nisi\r\n"])
    done = office.run("channels", "test", "gmail")
    assert done.output == "gmail: tersambung.\n"
    assert office.run("list", "--json").stdout == ""
    (office.folder / "rahasia" / "gmail").write_text("salah")
    assert office.run("channels", "test", "gmail").exit_code == 1


def quarantined(office: Office, channel: str, error: str) -> None:
    store = office.store()
    put(
        store,
        Intake(
            arrival(
                channel, raw=b"From: putu@warga.test\r\nSubject: Jalan\r\n\r\nJalan rusak.\r\n"
            ),
            error=error,
        ),
    )
    store.close()


def test_the_quarantine_says_why_in_words(office: Office) -> None:
    quarantined(
        office,
        "gmail",
        str(Unreadable("mail_unreadable", size=60_000_000, error="terpotong, kacau")),
    )
    shown = " ".join(office.run("requeue").stdout.split())
    assert "60000000" in shown.replace(".", "")
    assert "mail_unreadable" not in shown
    assert "muara requeue --all" in shown


def test_what_can_be_read_now_leaves_the_quarantine(office: Office) -> None:
    quarantined(office, "gmail", "AttributeError: lama")
    done = office.run("requeue", "--all")
    assert done.exit_code == 0, done.output
    assert "menjadi pengaduan (MR-" in done.stdout
    assert office.run("requeue").stdout == "Karantina kosong.\n"


def test_a_channel_that_is_gone_keeps_its_arrivals_and_the_others_go_on(office: Office) -> None:
    quarantined(office, "dulu", "x")
    quarantined(office, "gmail", "x")
    done = office.run("requeue", "--all")
    assert done.exit_code == 1
    assert "kanal dulu tidak ada lagi" in done.stderr
    assert "menjadi pengaduan" in done.stdout
    assert "1 kiriman masih belum dapat diolah" in done.stderr


def test_an_unknown_id_changes_nothing(office: Office) -> None:
    quarantined(office, "gmail", "x")
    done = office.run("requeue", "1", "99")
    assert done.exit_code == 1
    assert "Tidak ada di karantina: 99." in done.stderr
    assert len(office.run("requeue", "--json").stdout.splitlines()) == 1


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_empty_quarantine_says_so(office: Office, language: str) -> None:
    assert office.run("requeue", language=language).exit_code == 0
