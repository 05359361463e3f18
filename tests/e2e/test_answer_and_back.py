"""An answer on its way: delayed, refused, bounced; the case shows it, the team hears, another way is taken."""

import json
from pathlib import Path
from typing import Any

from testing.daemon import TEAM, eventually
from tests.e2e.office import Office, mail


def case(office: Office, number: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(office.site.command("show", number, "--json").stdout)
    return found


def state(office: Office, number: str) -> str:
    return str(case(office, number)["answers"][-1]["state"])


def opened(office: Office) -> str:
    office.deliver(
        mail("Petugas loket dua lambat, saya menunggu dari jam delapan sampai jam sebelas.")
    )
    office.wait_for("cases", 1)
    (row,) = office.rows("SELECT number FROM cases")
    return str(row[0])


def answer_of(office: Office) -> Any:
    return next(r.message for r in office.sink.received if r.message["X-Muara"] == "answer")


def bounce(original: Any) -> bytes:
    """What Postfix writes: no References, only the returned mail's own fields."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.test\r\nTo: kesra@kantor.test\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b1@mx.test>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nMailbox full.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {original['To']}\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original['Message-ID']}\r\n"
        "--b--\r\n"
    ).encode()


def test_an_answer_with_a_file_is_sent_bounces_and_goes_by_telephone(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "bukti.pdf"
    file.write_bytes(b"%PDF-1.7 " + bytes(200_000))
    with office.start():
        number = opened(office)
        done = office.site.command("answer", number, "--text", "Cair.", "--attach", str(file))
        assert done.returncode == 0, done
        eventually(lambda: state(office, number) == "sent", every=0.5)
        sent = answer_of(office)
        (attached,) = sent.iter_attachments()
        assert attached.get_content() == file.read_bytes()
        office.deliver(bounce(sent))
        eventually(lambda: state(office, number) == "returned", every=0.5)
        eventually(lambda: office.sent()["answer_returned"])
    (told,) = (r for r in office.sink.received if r.message["X-Muara"] == "answer_returned")
    assert told.recipients == (TEAM,)
    listed = office.site.command("deliveries", "--json")
    assert [json.loads(line)["number"] for line in listed.stdout.splitlines()] == [number]
    assert "KEMBALI" in office.site.command("deliveries").stdout
    changed = office.site.command("deliveries", "change", number, "--way", "telepon")
    assert changed.returncode == 0, changed
    office.site.command("call", number, "--result", "tersambung")
    assert state(office, number) == "delivered"
    assert office.site.command("deliveries", "--json").stdout == ""
    assert office.site.command("verify").returncode == 0


def test_a_refused_answer_tells_the_team_and_a_delayed_one_its_next_try(office: Office) -> None:
    with office.start():
        number = opened(office)
        eventually(lambda: office.sent()["acknowledgement"])
        to = case(office, number)["complainant"]["email"]
        office.sink.faults.recipients[to] = "450 4.2.1 mailbox busy"
        office.site.command("answer", number, "--text", "Cair.")
        eventually(lambda: case(office, number)["answers"][0]["attempts"] == 1, every=0.5)
        assert "dicoba lagi" in office.site.command("show", number).stdout
        office.sink.faults.recipients[to] = "550 5.1.1 no such user"
        eventually(lambda: state(office, number) == "refused", 60, every=0.5)
        eventually(lambda: office.sent()["answer_returned"] == 1)
        assert "DITOLAK" in office.site.command("show", number).stdout
