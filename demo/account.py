"""Is every sample accounted for? Compares what was fed in with what muara says became of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from demo.desk import Desk, Json
from demo.reading import Report
from demo.servers import Delivered
from testing.smtp_sink import Received

ALL = "10000"  # more than there can be


@dataclass
class FedIn:
    """What went in so far: mails by mailbox, reports by tracking number, tickets of typed-in entries."""

    mails: list[Delivered] = field(default_factory=list)
    reports: dict[str, Report] = field(default_factory=dict)
    typed: list[Json] = field(default_factory=list)

    def arrivals(self, channel: str) -> int:
        if channel == "lapor":
            return len(self.reports)
        return sum(mail.mailbox == channel for mail in self.mails)

    def __len__(self) -> int:
        return len(self.mails) + len(self.reports) + len(self.typed)


@dataclass(frozen=True)
class Stored:
    """What muara and the mail server say at the end."""

    tickets: Sequence[Json]
    quarantine: Sequence[Json]
    arrivals: Sequence[Json]  # the daemon's log: one entry for each
    states: Sequence[Json]  # of the channels
    counts: Json
    letters: Sequence[Received]


def look(desk: Desk, letters: Sequence[Received]) -> Stored:
    questions = (("channels",), ("list", "--limit", ALL), ("requeue",))
    with ThreadPoolExecutor() as pool:
        (*states, counts), tickets, quarantine = pool.map(lambda words: desk.ask(*words), questions)
    return Stored(
        tickets=tickets,
        quarantine=quarantine,
        arrivals=desk.arrivals(),
        states=states,
        counts=counts,
        letters=letters,
    )


@dataclass(frozen=True)
class Tally:
    """The summary. ``unaccounted`` names what is not as it should be; empty when all is well."""

    fed_in: int
    cases: int
    merged: int
    replied: int
    machine: int
    quarantined: int
    notices: int
    acknowledgements: int
    unaccounted: tuple[str, ...]


def tally(fed: FedIn, stored: Stored) -> Tally:
    fates = Counter(entry["fate"] for entry in stored.arrivals)
    acknowledgements = sum(kind_of(letter) == "acknowledgement" for letter in stored.letters)
    return Tally(
        fed_in=len(fed),
        cases=len(stored.tickets),
        merged=fates["merged"],
        replied=fates["replied"],
        machine=fates["machine"],
        quarantined=len(stored.quarantine),
        notices=len(stored.letters) - acknowledgements,
        acknowledgements=acknowledgements,
        unaccounted=(
            *_lost_mails(fed.mails, stored.arrivals),
            *_lost_reports(fed.reports, stored),
            *_lost_entries(fed.typed, stored.tickets),
            *_sums(fed, stored, fates),
            *_letter_troubles(stored),
        ),
    )


def number_of(name: str, fed: FedIn, arrivals: Iterable[Json]) -> str:
    """The ticket of a sample mail; empty where there is none."""
    places = {(copy.mailbox, str(copy.uid)) for copy in fed.mails if copy.mail.name == name}
    numbers = (e.get("number") for e in arrivals if (e["channel"], e["item"]) in places)
    return next((number for number in numbers if number), "")


def kind_of(letter: Received) -> str:
    return str(letter.message["X-Muara"] or "")


def _lost_mails(mails: Iterable[Delivered], arrivals: Iterable[Json]) -> Iterator[str]:
    """Mails whose copies did not become, in any order, what their samples expect."""
    fates = {(entry["channel"], entry["item"]): str(entry["fate"]) for entry in arrivals}
    wanted: dict[str, Sequence[str]] = {}
    found: dict[str, list[str]] = {}
    for copy in mails:
        wanted[copy.mail.name] = copy.mail.fates
        fate = fates.get((copy.mailbox, str(copy.uid)), "-")
        found.setdefault(copy.mail.name, []).append(fate)
    for name, expected in wanted.items():
        if sorted(expected) != sorted(found[name]):
            yield f"{name}: {', '.join(found[name])} ({', '.join(expected)})"


def _lost_reports(reports: dict[str, Report], stored: Stored) -> Iterator[str]:
    known = {ticket["external_id"] for ticket in stored.tickets}
    for number, report in reports.items():
        if report.expect == "case" and number not in known:
            yield f"LAPOR #{number}"
    expected = sum(report.expect == "quarantined" for report in reports.values())
    found = sum(held["channel"] == "lapor" for held in stored.quarantine)
    if expected != found:
        yield f"LAPOR: quarantined {found} ({expected})"


def _lost_entries(typed: Iterable[Json], tickets: Iterable[Json]) -> Iterator[str]:
    known = {ticket["number"] for ticket in tickets}
    yield from (entry["number"] for entry in typed if entry["number"] not in known)


def _sums(fed: FedIn, stored: Stored, fates: Counter[str]) -> Iterator[str]:
    """Every arrival has one fate, and every case came from one arrival or entry."""
    if fates.total() + len(fed.typed) != len(fed):
        yield f"arrivals: {fates.total()} ({len(fed) - len(fed.typed)})"
    if fates["case"] + len(fed.typed) != len(stored.tickets):
        yield f"cases: {len(stored.tickets)} ({fates['case'] + len(fed.typed)})"


def _letter_troubles(stored: Stored) -> Iterator[str]:
    """Nothing waits, nothing failed, nothing was sent twice."""
    for name in ("waiting", "failed"):
        if stored.counts[name]:
            yield f"outbox: {name} {stored.counts[name]}"
    ids = Counter(str(letter.message["Message-ID"]) for letter in stored.letters)
    yield from (f"outbox: sent twice {message_id}" for message_id, n in ids.items() if n > 1)
