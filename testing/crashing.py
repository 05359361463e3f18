"""A desk under fire: real servers, a steady stream of items, and an account of every one of them at the end."""

import random
import re
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from store.types import TicketFilter
from testing.daemon import Daemon, Site, eventually
from testing.dovecot import Dovecot
from testing.lapor_server import LaporServer
from testing.smtp_sink import SmtpSink

BOXES = {"gmail": "gmail@kantor.test", "webmail": "webmail@kantor.test"}
_PASSWORD = "sandi-uji"
_TOKEN = re.compile(r"butir-\d+")


@dataclass
class Account:
    """What became of the items. ``repeats`` are mails sent again under their one Message-ID."""

    items: int = 0
    cases: int = 0
    notices: int = 0
    repeats: int = 0
    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.twice or self.unsound)


class World:
    """Two mailboxes, a feed, an SMTP sink and the daemon's folder. A context manager."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.mail = Dovecot(dict.fromkeys(BOXES.values(), _PASSWORD))
        self.feed = LaporServer()
        self.smtp = SmtpSink()
        self.site = Site(folder)
        self.expected: dict[str, int] = {}  # token: how many arrivals
        self._stack = ExitStack()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        for server in (self.mail, self.feed, self.smtp):
            self._stack.enter_context(server)
        self.configure()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def configure(self) -> None:
        """Point the configuration at the servers as they are."""
        self.site.smtp_port, self.site.smtp_host = self.smtp.port, self.smtp.host
        for name, user in BOXES.items():
            self.site.imap(name, (self.mail.host, self.mail.port), user, _PASSWORD)
        self.site.lapor("lapor", self.feed.base_url, self.feed.token)

    # What arrives

    def send(self, count: int = 1) -> None:
        """Let items arrive, each by a way chosen at random."""
        for _ in range(count):
            token = f"butir-{len(self.expected) + 1:06d}"
            self.random.choice((self._mail, self._mail, self._mail_to_both, self._report))(token)

    def _mail(self, token: str) -> None:
        self.mail.drop(self.random.choice(list(BOXES.values())), mail(token))
        self.expected[token] = 1

    def _mail_to_both(self, token: str) -> None:
        for user in BOXES.values():
            self.mail.drop(user, mail(token))
        self.expected[token] = 2

    def _report(self, token: str) -> None:
        self.feed.add(f"Laporan {token}", f"Lampu jalan di depan balai banjar mati. {token}")
        self.expected[token] = 1

    @contextmanager
    def streaming(self, pause: float = 0.2, most: int = 100_000) -> Iterator[None]:
        """Items keep arriving while the block runs, at most so many."""

        def step() -> None:
            if len(self.expected) < most:
                self.send(self.random.choice((0, 1, 1, 2)))

        with repeated(step, lambda: self.random.uniform(0, 2 * pause)):
            yield

    @contextmanager
    def shaky_smtp(self) -> Iterator[None]:
        """The SMTP server comes and goes, or takes mail and hangs up, while the block runs."""
        up = True

        def step() -> None:
            nonlocal up
            drops = self.random.random() < 0.2
            self.smtp.faults.drop_after_data = drops
            self.smtp.faults.keep_dropped = drops and self.random.random() < 0.5
            if up and self.random.random() < 0.3:
                self.smtp.stop()
                up = False
            elif not up:
                self.smtp.start()
                up = True

        with repeated(step, lambda: self.random.uniform(0.3, 2.0)):
            yield
        if not up:
            self.smtp.start()
        self.smtp.faults.drop_after_data = False

    # The end

    def settle(self, daemon: Daemon, timeout: float = 420) -> None:
        """Wait until everything is stored and sent."""
        wanted = sum(self.expected.values())
        try:
            eventually(lambda: self._done(wanted), timeout, every=0.5)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{daemon.story()}") from error

    def _done(self, wanted: int) -> bool:
        try:
            ((stored,),) = self.rows("SELECT count(*) FROM arrivals")
            ((waiting,),) = self.rows("SELECT count(*) FROM notices WHERE state = 'waiting'")
        except sqlite3.OperationalError:  # killed before it had made the database: it is made now
            return False
        return bool(stored >= wanted and waiting == 0)

    def rows(self, statement: str) -> list[Any]:
        """What the database says, asked behind the store's back."""
        with closing(sqlite3.connect(f"file:{self.site.database}?mode=ro", uri=True)) as db:
            return db.execute(statement).fetchall()

    def account(self) -> Account:
        """Account for every item, notice and row; the daemon must have ended."""
        account = Account(items=len(self.expected))
        self._count_cases(account)
        self._count_notices(account)
        account.unsound += [
            f"integrity: {row}" for row in self.rows("PRAGMA integrity_check") if row != ("ok",)
        ]
        account.unsound += [f"reference: {row}" for row in self.rows("PRAGMA foreign_key_check")]
        with self.site.store() as store:
            account.unsound += [f"log: {damage}" for damage in store.verify()]
        return account

    def _count_cases(self, account: Account) -> None:
        with self.site.store() as store:
            tickets = store.tickets(TicketFilter(limit=1_000_000))
        cases = [(ticket.number, ticket.subject) for ticket in tickets]
        account.cases = len(cases)
        tokens = Counter(found[0] for _, subject in cases if (found := _TOKEN.search(subject)))
        arrivals = Counter(number for (number,) in self.rows("SELECT number FROM arrivals"))
        by_token = {_TOKEN.findall(subject)[0]: number for number, subject in cases}
        for token, wanted in self.expected.items():
            if not tokens[token]:
                account.lost.append(f"item {token}")
            elif tokens[token] > 1:
                account.twice.append(f"case {token}")
            elif arrivals[by_token[token]] != wanted:
                account.lost.append(f"arrival {token}")

    def _count_notices(self, account: Account) -> None:
        rows = self.rows("SELECT number, kind, recipient_key, message_id, state FROM notices")
        of_cases = Counter((number, kind, to) for number, kind, to, *_ in rows if number)
        received = Counter(str(one.message["Message-ID"]) for one in self.smtp.received)
        account.notices = len(rows)
        account.repeats = sum(count - 1 for count in received.values())
        account.twice += [f"notice {key}" for key, count in of_cases.items() if count > 1]
        account.lost += [
            f"notice {row}" for row in rows if row[4] != "sent" or not received[row[3]]
        ]
        account.twice += [f"unknown {mid}" for mid in set(received) - {row[3] for row in rows}]
        told = {number for number, kind, _ in of_cases if kind == "team_new"}
        untold = {number for (number,) in self.rows("SELECT number FROM cases")} - told
        account.lost += [f"nobody told of {number}" for number in sorted(untold)]


def mail(token: str) -> bytes:
    """A complaint by a sender of its own, so that no cap on acknowledgements applies."""
    return (
        f"From: Warga <{token}@warga.test>\r\nTo: kesra@kantor.test\r\n"
        f"Subject: Pengaduan {token}\r\nMessage-ID: <{token}@warga.test>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        f"Dana hibah pura kami belum cair sejak tiga bulan yang lalu. {token}\r\n"
    ).encode()


@contextmanager
def repeated(step: Callable[[], None], pause: Callable[[], float]) -> Iterator[None]:
    """Do a step again and again in a thread while the block runs; what it raises comes out at the end."""
    stop = threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not stop.wait(pause()):
                step()
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            failures.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(30)
    if failures:
        raise failures[0]
