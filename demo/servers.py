"""The outside world on loopback: two mailboxes, a LAPOR server, and an SMTP server that keeps what it gets."""

import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from demo.office import Office, address
from demo.reading import Mail, Report
from testing import dovecot
from testing.certificates import Authority, Certificate
from testing.dovecot import Dovecot
from testing.lapor_server import LaporServer
from testing.mailserver import MailServer
from testing.pymap_server import Pymap
from testing.smtp_sink import SmtpSink


@dataclass(frozen=True)
class Delivered:
    """A copy of a mail in a mailbox, by its UID there."""

    mail: Mail
    mailbox: str
    uid: int


@dataclass(frozen=True)
class Servers:
    """All servers, running."""

    mail: MailServer
    lapor: LaporServer
    sink: SmtpSink

    def deliver(self, mails: Iterable[Mail]) -> list[Delivered]:
        """Put mails into the mailboxes they were sent to, as received when they say."""
        now = datetime.now(UTC)
        return [
            Delivered(
                mail, box, self.mail.deliver(address(box), mail.raw, received_at=now - mail.age)
            )
            for mail in mails
            for box in mail.to
        ]

    def publish(self, reports: Iterable[Report]) -> list[str]:
        """Put reports on the LAPOR server and return their tracking numbers."""
        return [self._publish(report) for report in reports]

    def _publish(self, report: Report) -> str:
        number = self.lapor.add(report.subject, report.content, **report.fields)
        for text in report.followups:
            self.lapor.follow_up(number, text)
        if report.broken:
            self.lapor.remove_field(number, report.broken)
        return number


def imap_name() -> str:
    """Dovecot where it is installed, else pymap; MUARA_DEMO_IMAP=pymap chooses pymap anyway."""
    if os.environ.get("MUARA_DEMO_IMAP") == "pymap" or dovecot.available() is not None:
        return "pymap"
    return "Dovecot"


@contextmanager
def running(office: Office) -> Iterator[Servers]:
    """Start all servers for an office; whatever happens, stop those that were started."""
    # aiosmtpd warns of its own deprecated attribute at every login.
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    certificate = Authority(office.folder).sign()
    with ExitStack() as stack:
        mail = _mail_server(office, certificate)
        stack.callback(mail.stop)  # before it starts: Ctrl-C can come in between
        mail.start()
        yield Servers(
            mail=mail,
            lapor=stack.enter_context(_lapor(office.passwords["lapor"])),
            sink=stack.enter_context(_sink(office.passwords["smtp"], certificate)),
        )


def _mail_server(office: Office, certificate: Certificate) -> MailServer:
    kind = Dovecot if imap_name() == "Dovecot" else Pymap
    return kind(office.mailboxes, certificate=certificate)


def _lapor(token: str) -> LaporServer:
    return LaporServer(token, clock=datetime.now(UTC) - timedelta(days=1))


def _sink(password: str, certificate: Certificate) -> SmtpSink:
    return SmtpSink(
        security="starttls", certificate=certificate, username="kesra", password=password
    )
