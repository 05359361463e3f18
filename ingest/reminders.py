"""The clocks of open cases: what they have reached is written down, and people are told of it.

What runs in hours is told at once, while the office is open; what runs in working days waits for the
morning's digest. So does what was reached while nobody looked: a daemon that was off sends no flood.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog

from classify.calendar import Calendar
from classify.deadline import Limit
from classify.stages import Stage, is_open, next_stage_at, reached_at, stage_at
from ingest.digest import Digests
from ingest.escalation import Escalation, addresses
from ingest.office import Office
from store import Store
from store.types import Notice, NoticeKind, NoticeRequest
from store.types.reminders import Running, Settled

log = structlog.get_logger()


class Reminders:
    """The daemon's look at all clocks. ``digests`` makes the morning's mails."""

    def __init__(
        self, store: Store, office: Office, plan: Escalation, digests: Digests | None = None
    ) -> None:
        self._store = store
        self._office = office
        self._plan = plan
        self._digests = digests or Digests(store, office, plan)

    def look(self, now: datetime) -> None:
        """Settle what the clocks have reached, then make the morning's digests when it is time."""
        calendar = self._office.calendar
        seen: set[str] = set()
        while page := self._unsettled(calendar, now, seen):
            self._settle(page, calendar, now)
        if self._plan.enabled:
            self._digests.make(now)

    def is_moot(self, notice: Notice, now: datetime) -> bool:
        """Whether a mail that waited says nothing any more: the case was answered, or the day is over."""
        if notice.kind is NoticeKind.DIGEST:
            return not self._digests.is_of_today(notice, now)
        if notice.kind is not NoticeKind.REMINDER:
            return False
        stages = [case.stage for case in self._store.reminding.open_cases([notice.number])]
        later = not stages or stages[0] > Stage[notice.details["stage"].upper()]
        return later or not is_open(now, self._office.calendar)

    def _unsettled(self, calendar: Calendar, now: datetime, seen: set[str]) -> list[Running]:
        """The next page; nothing more where all of it was settled in this look already."""
        page = self._store.reminding.unsettled(calendar.version, now)
        fresh = [one for one in page if one.number not in seen]
        seen.update(one.number for one in fresh)
        return fresh

    def _settle(self, page: Sequence[Running], calendar: Calendar, now: datetime) -> None:
        stages = {one.number: self._stage(one, calendar, now) for one in page}
        urgent = [one for one in page if self._at_once(one, stages[one.number], calendar, now)]
        notices = self._notices(urgent, stages)
        settled = [
            Settled(
                one,
                stages[one.number],
                self._next(one, calendar, now),
                calendar.version,
                notices.get(one.number, ()),
            )
            for one in page
        ]
        reached = self._store.reminding.settle(settled, now)
        if reached:
            log.info("stages.reached", count=len(reached))

    def _stage(self, one: Running, calendar: Calendar, now: datetime) -> Stage:
        limit = Limit.parse(one.limit)
        return stage_at(now, one.due_at, limit, self._plan.shares, calendar)

    def _next(self, one: Running, calendar: Calendar, now: datetime) -> datetime | None:
        limit = Limit.parse(one.limit)
        return next_stage_at(now, one.due_at, limit, self._plan.shares, calendar)

    def _at_once(self, one: Running, stage: Stage, calendar: Calendar, now: datetime) -> bool:
        """Whether people are told now: hours run, the stage is new and of today, and somebody is there."""
        limit = Limit.parse(one.limit)
        if not self._plan.enabled or limit.hours is None or stage <= one.stage:
            return False
        reached = self._reached(one, stage, limit, calendar)
        today = calendar.local(now).date()
        return calendar.local(reached).date() == today and is_open(now, calendar)

    def _reached(self, one: Running, stage: Stage, limit: Limit, calendar: Calendar) -> datetime:
        shares = {Stage.HALF: self._plan.shares.half, Stage.SOON: self._plan.shares.soon}
        share = shares.get(stage)
        return one.due_at if share is None else reached_at(one.due_at, limit, share, calendar)

    def _notices(
        self, urgent: Iterable[Running], stages: dict[str, Stage]
    ) -> dict[str, tuple[NoticeRequest, ...]]:
        numbers = [one.number for one in urgent]
        cases = self._store.reminding.open_cases(numbers) if numbers else ()
        return {
            case.number: tuple(
                NoticeRequest(NoticeKind.REMINDER, to, details={"stage": stage.name.lower()})
                for to in addresses(self._office, self._plan, case, self._plan.told[stage])
            )
            for case in cases
            if (stage := stages[case.number])
        }
