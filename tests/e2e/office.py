"""What the end-to-end tests do and look at."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from testing.daemon import Daemon, Site, eventually
from testing.smtp_sink import SmtpSink
from tests.conftest import Mailbox

_numbers = count(1)


@dataclass(frozen=True)
class Office:
    site: Site
    mailbox: Mailbox
    sink: SmtpSink

    def start(self, **options: Any) -> Daemon:
        """The daemon, once it runs."""
        daemon = self.site.start(**options)
        try:
            daemon.hear("daemon.started", timeout=60)
        except TimeoutError:
            daemon.kill()
            raise
        return daemon

    def deliver(self, *raws: bytes, received_at: datetime | None = None) -> None:
        self.mailbox.server.deliver_all(self.mailbox.user, raws, received_at=received_at)

    def rows(self, statement: str) -> list[Any]:
        """What the database says, asked behind the store's back."""
        with closing(sqlite3.connect(f"file:{self.site.database}?mode=ro", uri=True)) as db:
            return db.execute(statement).fetchall()

    def count(self, table: str, where: str = "1") -> int:
        return int(self.rows(f"SELECT count(*) FROM {table} WHERE {where}")[0][0])

    def wait_for(self, table: str, number: int, where: str = "1", timeout: float = 30) -> None:
        eventually(lambda: self.count(table, where) >= number, timeout)

    def sent(self) -> Counter[str]:
        """How often each kind of mail went out."""
        return Counter(str(one.message["X-Muara"]) for one in self.sink.received)

    def every_notice_is_sent_under_one_message_id(self, *, once: bool = False) -> None:
        """Whom the rules choose to tell does not matter here; ``once``: and no mail came twice."""
        self.wait_for("notices", 1)
        eventually(lambda: self.count("notices", "state = 'waiting'") == 0, 60)
        made = {row[0] for row in self.rows("SELECT message_id FROM notices")}
        assert {str(one.message["Message-ID"]) for one in self.sink.received} == made
        doubled = (
            "SELECT number, kind, recipient_key FROM notices GROUP BY 1, 2, 3 HAVING count(*) > 1"
        )
        assert self.rows(doubled) == []
        untold = (
            "SELECT number FROM cases EXCEPT SELECT number FROM notices WHERE kind = 'team_new'"
        )
        assert self.rows(untold) == []
        assert len(self.sink.received) == len(made) or not once


def mail(text: str = "Dana hibah pura kami belum cair sejak tiga bulan yang lalu.") -> bytes:
    """A complaint by somebody who has not written before."""
    number = next(_numbers)
    return (
        f"From: Warga <warga{number}@warga.test>\r\nTo: kesra@kantor.test\r\n"
        f"Subject: Pengaduan {number}\r\nMessage-ID: <e{number}@warga.test>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{text} ({number})\r\n"
    ).encode()


def mails(number: int) -> Iterable[bytes]:
    return [mail() for _ in range(number)]
