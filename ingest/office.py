"""What the office has settled: its teams, routes, limits and calendar. Values, passed in by service.py."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal, Protocol

from classify.deadline import Calendar, Limit
from classify.routing import Route
from classify.types import Kind, Tier
from ingest.people import same_mailbox


class Words(Protocol):
    """The sentences people read, in the office's language and time zone."""

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence ``part.name`` with its values filled in."""
        ...

    def moment(self, at: datetime) -> str:
        """Return a moment with weekday, in the office's zone."""
        ...

    def short_moment(self, at: datetime) -> str:
        """Return a moment with weekday as short as it can be, in the office's zone."""
        ...

    def day(self, day: date) -> str:
        """Return a date in words."""
        ...


@dataclass(frozen=True, slots=True)
class Team:
    """People who work on cases. Examiners see restricted cases."""

    name: str
    label: str
    members: tuple[str, ...]
    examiner: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here. ``login`` is their account on this computer, empty where they have none."""

    name: str
    email: str
    login: str = ""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What people who ask for something of these ``kinds`` have to show; ``name`` is for events."""

    name: str
    label: str
    label_en: str
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class StaffReplies:
    """How staff work by replying to our notices.

    ``accept``: ``authenticated`` wants the word of our own mail server about who wrote, ``token_only``
    does without where that server says nothing. ``provable``: whether a mailbox's server says so at all.
    An answer can be cancelled for ``window``. ``tagged``: the address to reply to holds a token. Files of
    together more than ``files_limit`` bytes do not go with an answer.
    """

    accept: Literal["authenticated", "token_only", "off"] = "authenticated"
    provable: bool = False
    window: timedelta = timedelta(minutes=5)
    tagged: bool = False
    files_limit: int = 10 * 2**20

    @property
    def offered(self) -> bool:
        """Whether a reply can be more than a note."""
        return self.accept == "token_only" or (self.accept == "authenticated" and self.provable)


@dataclass(frozen=True, slots=True)
class Office:
    """Everything a decision needs to know about the office.

    ``dates`` gives the calendar in force, which may change while the daemon runs.
    ``own_addresses`` are the mailboxes it reads and sends from, lower case. At most
    ``acknowledgements_per_hour`` go to one address within an hour (RFC 3834, section 2).
    """

    name: str
    signature: str
    phone: str
    address: str
    sender: str
    sender_name: str
    teams: Mapping[str, Team]
    default_team: str
    limits: Mapping[Tier, Limit]
    information_limit: Limit
    dates: Callable[[], Calendar]
    routes: tuple[Route, ...] = ()
    own_addresses: frozenset[str] = field(default_factory=frozenset)
    acknowledge: bool = True
    acknowledgements_per_hour: int = 3
    staff: tuple[Person, ...] = ()
    staff_replies: StaffReplies = StaffReplies()
    requirements: tuple[Requirement, ...] = ()

    @property
    def calendar(self) -> Calendar:
        """The legal calendar in force."""
        return self.dates()

    def members(self, team: str) -> tuple[str, ...]:
        """Mail addresses of a team; of the default team where the name is gone from the configuration."""
        return self.teams.get(team, self.teams[self.default_team]).members

    def examiners(self) -> tuple[str, ...]:
        """Mail addresses of everyone who may see restricted cases, each once."""
        return _each_once(m for t in self.teams.values() if t.examiner for m in t.members)

    def bystanders(self, team: str) -> tuple[str, ...]:
        """Who learns that a restricted case exists, but not what it says: its team and the default one."""
        examiners = self.examiners()
        both = (*self.members(team), *self.members(self.default_team))
        return _each_once(member for member in both if member not in examiners)

    def people(self) -> tuple[str, ...]:
        """Mail addresses of everybody who works here, each once."""
        members = (m for team in self.teams.values() for m in team.members)
        return _each_once((*(person.email for person in self.staff), *members))

    def person_at(self, address: str) -> Person | None:
        """Who has this mail address: named in the configuration, or only a member of a team."""
        named = next((p for p in self.staff if same_mailbox(p.email, address)), None)
        if named:
            return named
        members = (m for team in self.teams.values() for m in team.members)
        return next((Person(m, m) for m in members if same_mailbox(m, address)), None)

    def person_with(self, login: str) -> Person | None:
        """Who uses this account of the computer; nobody has an empty one."""
        return next((p for p in self.staff if login and p.login == login), None)

    def examines(self, person: Person | None) -> bool:
        """Whether somebody is a named examiner: only they see who and what a restricted case is about."""
        return person is not None and any(
            same_mailbox(person.email, member) for member in self.examiners()
        )


def _each_once(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))
