"""Staff work by mail, with a real mailbox and a real daemon."""

from email.message import EmailMessage

import pytest

from testing.daemon import Daemon, eventually
from testing.smtp_sink import Received
from tests.e2e.office import Office, mail

SERVER = "mx.kantor.test"
PROVEN = f"{SERVER}; dkim=pass header.d=kantor.test; dmarc=pass header.from=kantor.test"
FORGED = f"{SERVER}; dkim=none; dmarc=fail header.from=kantor.test"
RUDE = "Petugas loket kurang ramah."
ANSWER = "Dana hibah cair hari Senin di loket 3."
_made = iter(range(1000))


def started(office: Office, minutes: int) -> Daemon:
    server = office.mailbox.server
    office.site.imap(
        *("gmail", (server.host, server.port), office.mailbox.user, office.mailbox.password),
        authserv_id=SERVER,
    )
    office.site.extra = f"[staff_mail]\ncancel_minutes = {minutes}\n"
    return office.start()


def received(office: Office, kind: str, *, count: int = 1, within: float = 60) -> Received:
    """The last mail of a kind, once there are so many."""

    def found() -> list[Received]:
        return [one for one in office.sink.received if one.message["X-Muara"] == kind]

    return eventually(lambda: found()[count - 1 :], within)[0]  # type: ignore[no-any-return]


def reply(to: Received, text: str, *, says: str = PROVEN) -> bytes:
    """What who got a mail answers to it."""
    made = EmailMessage()
    made["Authentication-Results"] = says
    made["From"], made["To"] = to.recipients[0], str(to.message["From"])
    made["Subject"] = f"Re: {to.message['Subject']}"
    made["Message-ID"] = f"<r{next(_made)}@kantor.test>"
    made["In-Reply-To"] = made["References"] = str(to.message["Message-ID"])
    quoted = "\n".join(f"> {line}" for line in str(to.message.get_content()).splitlines())
    made.set_content(f"{text}\n\nPada Sel, 24 Nov 2026 pukul 10.00 Kesra menulis:\n\n{quoted}\n")
    return made.as_bytes()


def test_a_reply_becomes_the_answer_and_an_impostors_does_not(office: Office) -> None:
    with started(office, 0):
        office.deliver(mail(RUDE))
        notice = received(office, "team_new")
        office.deliver(reply(notice, "Ditolak.", says=FORGED))
        refused = received(office, "staff_refused")
        office.deliver(reply(notice, ANSWER))
        letter = received(office, "answer")
        echo = received(office, "staff_echo")
        office.every_notice_is_sent_under_one_message_id(once=True)
    text = str(letter.message.get_content())
    assert ANSWER in text
    assert "Mengapa tingkat ini" not in text
    assert "tidak terbukti" in str(refused.message.get_content())
    assert ANSWER in str(echo.message.get_content())
    assert office.count("arrivals", "fate = 'quarantined'") == 1
    assert office.count("cases") == 1
    assert office.count("cases", "status = 'answered'") == 1


def test_an_answer_is_cancelled_by_mail_and_at_the_command_line(office: Office) -> None:
    with started(office, 30):
        office.deliver(mail(RUDE))
        notice = received(office, "team_new")
        number = office.rows("SELECT number FROM cases")[0][0]
        office.deliver(reply(notice, ANSWER))
        echo = received(office, "staff_echo")
        shown = office.site.command("show", number)
        office.deliver(reply(echo, "BATAL"))
        told = received(office, "staff_echo", count=2)
        office.wait_for("staff_mails", 1, "state = 'cancelled'")
        office.deliver(reply(notice, ANSWER + " Bawa KTP."))
        received(office, "staff_echo", count=3)
        cancelled = office.site.command("cancel", number, "--why", "keliru")
        again = office.site.command("cancel", number)
        received(office, "staff_echo", count=4)
    assert "Jawaban menunggu" in shown.stdout
    assert ANSWER in shown.stdout
    assert "dibatalkan" in str(told.message.get_content())
    assert (cancelled.returncode, again.returncode) == (0, 1), cancelled
    assert office.count("staff_mails", "state = 'cancelled'") == 2
    assert office.sent()["answer"] == 0
    assert office.count("events", "what = 'answer.cancelled'") == 2


def test_commands_do_what_they_say(office: Office) -> None:
    office.site.extra = ""
    with started(office, 5):
        office.deliver(mail(RUDE))
        notice = received(office, "team_new")
        office.deliver(reply(notice, "CATATAN: sudah ditelepon"))
        office.deliver(reply(notice, "AMBIL"))
        office.deliver(reply(notice, "CATATN: jangan dikirim"))
        office.wait_for("events", 1, "what = 'staff.noted'")
        office.wait_for("cases", 1, "status = 'in_progress'")
        question = received(office, "staff_question")
        office.deliver(reply(notice, "SELESAI: dana sudah diterima"))
        office.wait_for("cases", 1, "status = 'closed'")
        received(office, "staff_echo", count=3)
    assert "CATATN" in str(question.message.get_content())
    assert office.sent()["answer"] == 0
    assert office.site.command("verify").returncode == 0


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_an_answer_goes_out_when_its_minute_is_over_also_over_a_restart(office: Office) -> None:
    with started(office, 1) as daemon:
        office.deliver(mail(RUDE))
        notice = received(office, "team_new")
        office.deliver(reply(notice, ANSWER))
        received(office, "staff_echo")
        assert office.sent()["answer"] == 0
        daemon.kill()
    with office.start():
        received(office, "answer", within=110)
        office.every_notice_is_sent_under_one_message_id(once=True)
    assert office.sent()["answer"] == 1
    assert office.count("events", "what = 'answer.recorded'") == 1
