"""Who is reminded of a case, and of what: the person, the team, the head of section, the supervisor. Values."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from classify.stages import Shares, Stage
from ingest.office import Office, Person
from store.types.reminders import OpenCase


class Role(StrEnum):
    """Somebody by what they have to do with a case. Where nobody took it, its person is the team."""

    PERSON = "person"
    TEAM = "team"
    HEAD = "head"
    SUPERVISOR = "supervisor"


_TOLD = {
    Stage.HALF: (Role.PERSON,),
    Stage.SOON: (Role.PERSON, Role.TEAM),
    Stage.PASSED: (Role.PERSON, Role.TEAM, Role.HEAD),
}


@dataclass(frozen=True, slots=True)
class Escalation:
    """What the office has settled about reminders.

    ``told`` names who hears of each stage, ``daily`` who hears of a late case every morning after; the
    supervisor of those only from the ``supervisor_after``-th working day on. ``digest_at`` is local
    time; ``empty_digest``: also when there is nothing to say.
    """

    enabled: bool = True
    digest_at: time = time(7, 45)
    empty_digest: bool = False
    shares: Shares = field(default_factory=Shares)
    told: Mapping[Stage, Collection[Role]] = field(default_factory=lambda: dict(_TOLD))
    daily: Collection[Role] = tuple(Role)
    head: tuple[str, ...] = ()
    supervisor: tuple[str, ...] = ()
    supervisor_after: int = 3

    def late(self, working_days: int) -> tuple[Role, ...]:
        """Who hears of a case that is late by so many working days."""
        roles = {*self.told[Stage.PASSED], *self.daily}
        if working_days < self.supervisor_after:
            roles.discard(Role.SUPERVISOR)
        return tuple(role for role in Role if role in roles)


def addresses(
    office: Office, plan: Escalation, case: OpenCase, roles: Iterable[Role]
) -> tuple[str, ...]:
    """Return the mail addresses of those who have these roles in a case, each once."""
    found = (address for role in Role if role in roles for address in _of(office, plan, case, role))
    return tuple({address.casefold(): address for address in found}.values())


def worker(office: Office, case: OpenCase) -> Person | None:
    """Who took the case, as far as the configuration knows them."""
    return known_as(office, case.taken_by)


def known_as(office: Office, who: str) -> Person | None:
    """Return whom an entry of the log means: by their account, their address or their name."""
    named = (p for p in office.staff if who and p.name.casefold() == who.casefold())
    return office.person_with(who) or office.person_at(who) or next(named, None)


def _of(office: Office, plan: Escalation, case: OpenCase, role: Role) -> tuple[str, ...]:
    if role is Role.HEAD:
        return plan.head
    if role is Role.SUPERVISOR:
        return plan.supervisor
    taker = worker(office, case) if role is Role.PERSON else None
    if taker:
        return (taker.email,)
    return office.examiners() if case.restricted else office.members(case.team)
