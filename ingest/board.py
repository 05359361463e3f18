"""All that is owed at one moment: where each case stands, and whom it concerns."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from classify.deadline import Limit
from classify.stages import Stage, lateness, stage_at
from ingest.escalation import Escalation, Role, addresses
from ingest.office import Office
from ingest.people import mailbox
from store.types.reminders import OpenCase


class Section(StrEnum):
    """Where a case stands in the digest; each stands in one, the most urgent."""

    LATE = "late"
    TODAY = "today"
    SOON = "soon"
    HALF = "half"
    UNDECIDED = "undecided"
    NEW = "new"


class Board:
    """Open cases at ``now``. Many cases share a deadline and a team: each is reckoned once."""

    def __init__(
        self, cases: Collection[OpenCase], office: Office, plan: Escalation, now: datetime
    ) -> None:
        self.cases = cases
        self._office = office
        self._plan = plan
        self._now = now
        self._calendar = office.calendar
        self._today = self._calendar.local(now).date()
        self._clocks: dict[tuple[datetime, str], tuple[Section | Stage, int]] = {}
        self._told: dict[tuple[str, bool, str, tuple[Role, ...]], frozenset[str]] = {}

    def of(self, recipient: str, since: datetime) -> dict[Section, list[OpenCase]]:
        """Return what concerns an address by section, in the order of the cases."""
        found: dict[Section, list[OpenCase]] = {section: [] for section in Section}
        own = mailbox(recipient)
        for case in self.cases:
            section = self.section(case, since)
            if section and own in self._concerned(case, section):
                found[section].append(case)
        return found

    def section(self, case: OpenCase, since: datetime) -> Section | None:
        """Return where a case stands for somebody who was told last at ``since``."""
        clock, _ = self._clock(case)
        if isinstance(clock, Section):
            return clock
        half = clock is Stage.HALF and case.stage == Stage.HALF
        if half and case.stage_at is not None and case.stage_at > since:
            return Section.HALF
        if not case.certain:
            return Section.UNDECIDED
        return Section.NEW if case.entered_at > since else None

    def _clock(self, case: OpenCase) -> tuple[Section | Stage, int]:
        """The section that the deadline alone decides, else the stage; and working days of lateness."""
        key = (case.due_at, case.limit)
        if key not in self._clocks:
            self._clocks[key] = self._reckoned(case)
        return self._clocks[key]

    def _reckoned(self, case: OpenCase) -> tuple[Section | Stage, int]:
        limit = Limit.parse(case.limit)
        stage = stage_at(self._now, case.due_at, limit, self._plan.shares, self._calendar)
        if stage is Stage.PASSED:
            late = lateness(case.due_at, self._now, self._calendar)
            return Section.LATE, late.working_days if late else 0
        if self._calendar.local(case.due_at).date() == self._today:
            return Section.TODAY, 0
        return (Section.SOON if stage is Stage.SOON else stage), 0

    def _concerned(self, case: OpenCase, section: Section) -> frozenset[str]:
        roles = self._roles(case, section)
        key = (case.team, case.restricted, case.taken_by, roles)
        if key not in self._told:
            told = addresses(self._office, self._plan, case, roles)
            self._told[key] = frozenset(map(mailbox, told))
        return self._told[key]

    def _roles(self, case: OpenCase, section: Section) -> tuple[Role, ...]:
        told = self._plan.told
        if section is Section.LATE:
            return self._plan.late(self._clock(case)[1])
        if section in (Section.TODAY, Section.SOON):
            return tuple(told[Stage.SOON])
        return tuple(told[Stage.HALF]) if section is Section.HALF else (Role.TEAM,)
