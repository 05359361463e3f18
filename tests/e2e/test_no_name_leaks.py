"""`strings` over the database, its write-ahead log and a backup shows no name, whatever way it came in by."""

import subprocess
from pathlib import Path
from typing import Any

from testing.daemon import Site, eventually
from testing.lapor_server import LaporServer
from tests.e2e.office import Office

NAME = "Zamrudwati"


def everywhere() -> bytes:
    """A mail with the name in every place a mail has."""
    return (
        f"From: {NAME} <{NAME}@warga.test>\r\nReply-To: {NAME} <{NAME}@rumah.test>\r\n"
        f"To: {NAME} <kesra@kantor.test>\r\nCc: {NAME}2@warga.test\r\n"
        f"Subject: Tentang {NAME}\r\nMessage-ID: <{NAME}@warga.test>\r\n"
        f"References: <{NAME}-lama@warga.test>\r\nX-Mailer: {NAME}\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Saya {NAME}, petugas loket dua lambat sekali sejak pagi.\r\n"
        f'--b\r\nContent-Type: application/pdf; name="{NAME}.pdf"\r\n'
        f'Content-Disposition: attachment; filename="{NAME}.pdf"\r\n\r\n{NAME}\r\n--b--\r\n'
    ).encode()


def bounce(original: Any) -> bytes:
    return (
        f"Return-Path: <>\r\nFrom: {NAME}-DAEMON@mx.test\r\nTo: kesra@kantor.test\r\n"
        f"Subject: Undelivered {NAME}\r\nMessage-ID: <{NAME}-b@mx.test>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain\r\n\r\n{NAME}: mailbox full.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {original['To']}\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original['Message-ID']}\r\n"
        "--b--\r\n"
    ).encode()


def told_by_the_platform(feed: LaporServer) -> None:
    where = {"topic_name": f"{NAME} topik", "address": f"{NAME} alamat", "is_anonim": 0}
    nid = feed.add(
        f"{NAME} judul", f"{NAME} isi", first_name=NAME, last_name=f"{NAME} akhir", **where
    )
    feed.follow_up(nid, f"{NAME} tindak lanjut", by=f"Admin {NAME}")


def typed(site: Site) -> str:
    options = ("--name", "--subject", "--address", "--location")
    given = [part for option in options for part in (option, f"{NAME} {option[2:]}")]
    done = site.command(
        *("add", "--medium", "phone", "--text", f"{NAME}: jalan rusak", "--json"),
        *("--phone", f"0812 {NAME}", "--email", f"{NAME}3@warga.test", *given),
    )
    assert done.returncode == 0, done
    return done.stdout.split('"number": "')[1][:11]


def strings(folder: Path) -> str:
    """What `strings` finds in every file that stays when the office closes, keys and configuration apart."""
    files = [str(file) for file in folder.rglob("*") if file.is_file()]
    assert any(file.endswith("muara.db") for file in files)
    found = ""
    for coding in ("s", "l", "b"):  # letters of one byte, and of two in either order
        call = ["strings", "-a", f"-e{coding}", *files]
        found += subprocess.run(call, capture_output=True, text=True, check=True).stdout
    return found


def test_a_leaked_database_shows_no_name(office: Office, feed: LaporServer, tmp_path: Path) -> None:
    site, data = office.site, tmp_path / "data"
    site.lapor("lapor", feed.base_url, feed.token)
    told_by_the_platform(feed)
    with office.start() as daemon:
        office.deliver(everywhere())
        office.wait_for("cases", 2)
        ((first,),) = office.rows("SELECT number FROM cases WHERE medium = 'email'")
        number = typed(site)
        steps = (
            ("note", first, "--text", f"{NAME} menelepon"),
            ("answer", first, "--text", f"Yth. {NAME}, sudah ditangani."),
            ("reclassify", number, "--tier", "normatif", "--why", f"kata {NAME}"),
            ("merge", number, first, "--why", f"{NAME} sama"),
            ("unmerge", number, "--why", f"{NAME} lain"),
        )
        for step in steps:
            done = site.command(*step)
            assert done.returncode == 0, done
        eventually(lambda: office.sent()["answer"], 60)
        answer = next(r.message for r in office.sink.received if r.message["X-Muara"] == "answer")
        office.deliver(bounce(answer), b"Subject: " + NAME.encode() + b"\r\n\r\n" + bytes(5))
        office.wait_for("notices", 1, "state = 'undelivered'", 60)
        site.command("backup", str(data / "salinan.db"))
        assert NAME.lower() not in strings(data).lower()  # also while it is in use
    assert NAME.lower() not in strings(data).lower()
    logged = "\n".join([*map(str, daemon.log), *daemon.strange])
    assert NAME.lower() not in logged.lower()
    shown = site.command("show", first).stdout
    assert shown.count(NAME) > 5
    found = site.command("list", NAME[:4]).stdout
    assert first in found
    assert number in found


def test_without_the_key_the_daemon_does_not_start_and_fetches_nothing(office: Office) -> None:
    with office.start():
        office.deliver(everywhere())
        office.wait_for("cases", 1)
    kept = office.site.key.rename(office.site.key.with_suffix(".kept"))
    office.deliver(everywhere().replace(b"loket dua", b"loket tiga"))
    arrivals = office.count("arrivals")
    done = office.site.command("run")
    assert done.returncode == 1
    assert done.stderr.count("Kesalahan: Basis data ini tersandi dan kuncinya tidak ada.") == 1
    assert office.count("arrivals") == arrivals
    kept.rename(office.site.key)
    with office.start():
        office.wait_for("cases", 2)
