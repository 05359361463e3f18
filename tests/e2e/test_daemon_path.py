"""What comes in becomes a ticket, and people hear of it."""

import json
import time

from testing.daemon import eventually
from testing.lapor_server import LaporServer
from tests.e2e.office import Office, mail


def test_a_mail_becomes_a_ticket_a_notice_and_an_acknowledgement_in_a_moment(
    office: Office,
) -> None:
    office.site.imap(
        "gmail",
        (office.mailbox.server.host, office.mailbox.server.port),
        office.mailbox.user,
        office.mailbox.password,
        poll_seconds=600,  # what comes in a moment comes by IDLE
    )
    with office.start() as daemon:
        office.deliver(mail())
        daemon.hear("arrival.stored", timeout=60)
        time.sleep(1)  # IDLE has begun again
        began = time.monotonic()
        office.deliver(mail())
        daemon.hear("notice.sent", count=2, timeout=30, kind="acknowledgement")
        assert time.monotonic() - began < 10
        listed = office.site.command("list", "--json")
        numbers = {json.loads(line)["number"] for line in listed.stdout.splitlines()}
        assert len(numbers) == 2, listed
        office.every_notice_is_sent_under_one_message_id(once=True)
        code, seconds = daemon.stop()
    assert (code, daemon.strange) == (0, [])
    assert seconds < 8


def test_a_report_and_a_phone_call_go_the_same_way(office: Office, feed: LaporServer) -> None:
    office.site.lapor("lapor", feed.base_url, feed.token)
    with office.start() as daemon:
        feed.add("Bantuan belum cair", "Dana hibah pura kami belum cair sejak tiga bulan lalu.")
        daemon.hear("arrival.stored", channel="lapor")
        typed = office.site.command(
            *("add", "--medium", "phone", "--name", "Bu Sari", "--phone", "081234567890"),
            *("--text", "Dana hibah pura kami belum cair sejak tiga bulan lalu."),
        )
        assert typed.returncode == 0, typed
        office.wait_for("cases", 2)
        office.every_notice_is_sent_under_one_message_id(once=True)
        assert office.sent()["acknowledgement"] == 0


def test_the_rules_can_be_changed_while_it_runs_and_broken_ones_are_refused(
    office: Office,
) -> None:
    folder = office.site.folder / "aturan"
    folder.mkdir()
    office.site.extra = '[rules]\nfolder = "aturan"\n'
    with office.start() as daemon:
        (folder / "kantor.toml").write_text("[[aturan", "utf-8")
        daemon.hear("rules.refused")
        office.deliver(mail())
        daemon.hear("arrival.stored", fate="case")
        (folder / "kantor.toml").unlink()
        (folder / "kantor.toml").write_text("# tidak ada aturan\n", "utf-8")
        daemon.hear("rules.changed")
        office.deliver(mail())
        daemon.hear("arrival.stored", count=2, fate="case")
        digests = office.rows("SELECT DISTINCT rules_digest FROM cases")
        assert eventually(lambda: len(digests)) == 2
