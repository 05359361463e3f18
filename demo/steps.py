"""The demo's steps, in order."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from time import monotonic, sleep

from demo.account import FedIn, Stored, kind_of, look, number_of
from demo.account import tally as tally_of
from demo.desk import MUARA, Desk
from demo.office import Office, address
from demo.reading import PLACEHOLDER, Entry, Mail, Samples
from demo.servers import Servers, imap_name, running
from demo.show import Screen
from demo.words import Words
from testing.smtp_sink import Received

PATIENCE = 90.0  # seconds; a tenth of it is usual
GLANCE = 0.25
CHANNELS = ("gmail", "webmail", "lapor")
NEW_LETTER = Path(__file__).with_name("surat-baru.eml")
TO_EXAMINERS = "potong-bansos"  # the samples whose letters are shown
TO_COMPLAINANT = "belum-cair"


class NotDone(Exception):  # noqa: N818 - an outcome of waiting
    """The daemon is not done in time."""

    def __init__(self, found: int, wanted: int) -> None:
        super().__init__(found, wanted)
        self.found = found
        self.wanted = wanted


class Demo:
    """One run. Everything it starts is ended when ``run`` is left, however that happens."""

    def __init__(self, words: Words, screen: Screen, office: Office) -> None:
        self._words = words
        self._screen = screen
        self._office = office
        self._desk = Desk(office)
        self._fed = FedIn()

    def run(self, samples: Samples, *, keep: bool) -> bool:
        """Return whether every sample is accounted for and the daemon ended cleanly.

        Raises NotDone, DeskError, or what the servers raise when they cannot start.
        """
        with running(self._office) as servers, self._desk:
            self._open(servers, samples)
            self._take_in(servers)
            self._type_in(samples.entries)
            self._second_post(servers, samples)
            stored = look(self._desk, servers.sink.received)
            tally = tally_of(self._fed, stored)
            self._show(stored)
            if keep:
                self._leave_running(servers, stored)
            clean = self._stop()
        self._screen.summary(tally)
        return clean and not tally.unaccounted

    def _open(self, servers: Servers, samples: Samples) -> None:
        mail, words = servers.mail, self._words
        self._screen.step(words("servers_up", imap=imap_name()))
        self._office.configure(
            words.language, (mail.host, mail.tls_port), servers.lapor.base_url, servers.sink.port
        )
        self._fed.mails += servers.deliver(m for m in samples.mails if not m.answers)
        numbers = servers.publish(samples.reports)
        self._fed.reports |= dict(zip(numbers, samples.reports, strict=True))
        self._screen.step(words("fed", mails=len(self._fed.mails), reports=len(numbers)))
        pid = self._desk.start()
        self._screen.step(words("daemon_up", pid=pid, folder=_relative(self._office.folder)))

    def _take_in(self, servers: Servers) -> None:
        began = monotonic()
        self._wait_until_stored(servers)
        self._wait_until_sent()
        found, seconds = len(self._fed), f"{monotonic() - began:.1f}"
        self._screen.step(self._words("taken_in", found=found, seconds=seconds))

    def _type_in(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            ticket = self._desk.ask("add", *_options(entry))[0]
            self._fed.typed.append(ticket)
            medium = self._words.shared(f"mediums.{entry.medium}")
            self._screen.step(self._words("typed", medium=medium, number=ticket["number"]))

    def _second_post(self, servers: Servers, samples: Samples) -> None:
        """Mails that answer our acknowledgements: they name the Message-ID these were sent under."""
        answering = [mail for mail in samples.mails if mail.answers]
        self._fed.mails += servers.deliver(self._addressed(mail, servers) for mail in answering)
        began = monotonic()
        self._wait_until_stored(servers)
        seconds = f"{monotonic() - began:.1f}"
        self._wait_until_sent()
        self._screen.step(self._words("second", seconds=seconds))

    def _addressed(self, mail: Mail, servers: Servers) -> Mail:
        number = number_of(mail.answers, self._fed, self._desk.arrivals())
        letter = _letter("acknowledgement", number, servers.sink.received)
        message_id = str(letter.message["Message-ID"]).strip() if letter else ""
        return replace(mail, raw=mail.raw.replace(PLACEHOLDER, message_id.encode()))

    def _wait_until_stored(self, servers: Servers) -> None:
        """Until the daemon has told of as many arrivals as were fed in."""
        wanted = sum(map(self._fed.arrivals, CHANNELS))
        until = monotonic() + PATIENCE
        with self._screen.waiting() as status:
            while (found := len(self._desk.arrivals())) < wanted:
                self._desk.check_daemon()
                if monotonic() > until:
                    raise NotDone(found, wanted)
                letters = len(servers.sink.received)
                status.update(self._words("waiting", found=found, wanted=wanted, letters=letters))
                sleep(GLANCE)

    def _wait_until_sent(self) -> None:
        """Until muara itself counts every arrival as stored and no notice as waiting."""
        wanted = sum(map(self._fed.arrivals, CHANNELS))
        until = monotonic() + PATIENCE
        while True:
            *states, counts = self._desk.ask("channels")
            found = sum(state["arrivals"] for state in states)
            if found >= wanted and not counts["waiting"]:
                return
            self._desk.check_daemon()
            if monotonic() > until:
                raise NotDone(found, wanted)
            sleep(GLANCE)

    def _show(self, stored: Stored) -> None:
        screen = self._screen
        screen.tickets(stored.tickets)
        for title, kind, name in (
            ("team_letter", "team_new", TO_EXAMINERS),
            ("ack_letter", "acknowledgement", TO_COMPLAINANT),
        ):
            if letter := _letter(kind, number_of(name, self._fed, stored.arrivals), stored.letters):
                screen.letter(title, letter)
        screen.health(stored.states)

    def _leave_running(self, servers: Servers, stored: Stored) -> None:
        number = number_of(TO_COMPLAINANT, self._fed, stored.arrivals)
        muara = f"{_relative(MUARA)} --config {_relative(self._office.config)}"
        mail = servers.mail
        letter = self._office.folder / NEW_LETTER.name
        letter.write_bytes(NEW_LETTER.read_bytes())
        self._screen.commands(
            "kept",
            {
                "try_list": f"{muara} list --open",
                "try_show": f"{muara} show {number}",
                "try_add": f"{muara} add",
                "try_answer": f"{muara} answer {number}",
                "try_mail": f"curl --cacert {_relative(self._office.folder / 'ca.pem')} "
                f"-u {address('gmail')}:{self._office.passwords['gmail']} "
                f"-T {_relative(letter)} imaps://{mail.host}:{mail.tls_port}/INBOX",
                "try_log": f"tail -f {_relative(self._office.log)}",
            },
        )
        with suppress(KeyboardInterrupt):
            Event().wait()

    def _stop(self) -> bool:
        ended = self._desk.stop()
        values = {"code": ended.code, "seconds": f"{ended.seconds:.1f}"}
        if ended.cleanly:
            self._screen.step(self._words("stopped", **values))
        else:
            log = _relative(self._office.log)
            self._screen.problem(self._words("stopped_badly", log=log, **values))
        return ended.cleanly


def _letter(kind: str, number: str, letters: Iterable[Received]) -> Received | None:
    """The letter of a kind about a ticket."""
    return next(
        (
            letter
            for letter in letters
            if number and kind_of(letter) == kind and number in str(letter.message["Subject"])
        ),
        None,
    )


def _options(entry: Entry) -> list[str]:
    """The options of `muara add` for an entry."""
    received = (datetime.now(UTC) - entry.age).isoformat()
    options = ["--medium", entry.medium, "--received-at", received]
    for name, value in entry.options.items():
        options += [f"--{name}"] if value is True else [f"--{name}", str(value)]
    return options


def _relative(path: Path) -> str:
    """A path as one types it here."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
