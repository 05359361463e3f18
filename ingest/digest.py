"""The morning's digest: one mail a recipient and working day with all that is late, due, or waits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import structlog

from classify.stages import ONE_DAY
from ingest.answer import Way
from ingest.board import Board, Section
from ingest.escalation import Escalation
from ingest.office import Office
from ingest.people import same_mailbox
from ingest.troubles import Trouble
from store import Store
from store.types import Notice, NoticeKind, NoticeRequest, Ticket
from store.types.reminders import OpenCase, Troubled

AFTER_CLOSING = timedelta(hours=1)  # where the office closes before the digest's time

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Digest:
    """What one recipient is told, the most urgent first; cases by their section, earliest deadline first.

    ``calls`` and ``deliveries`` are the numbers of answers that their team still has to bring to somebody,
    ``held`` those of answers by mail that somebody has to let go or cancel.
    ``troubled`` and ``troubles`` are for those who look after the machine, empty for all others.
    """

    day: date
    cases: Mapping[Section, Sequence[OpenCase]]
    calls: Sequence[str] = ()
    deliveries: Sequence[str] = ()
    held: Sequence[str] = ()
    troubled: Troubled = field(default_factory=lambda: Troubled(0, 0, ()))
    troubles: Sequence[Trouble] = ()

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell. What lay in quarantine before is no news."""
        troubles = self.troubles or self.troubled.newly or self.troubled.undelivered
        answers = self.calls or self.deliveries or self.held
        return not (any(self.cases.values()) or answers or troubles)


class Digests:
    """Makes digests and says what stands in them.

    ``watchers`` look after the machine; ``troubles`` gives what is wrong with channels and mails.
    """

    def __init__(
        self,
        store: Store,
        office: Office,
        plan: Escalation,
        *,
        watchers: Iterable[str] = (),
        troubles: Callable[[datetime], list[Trouble]] = lambda _: [],
    ) -> None:
        self._store = store
        self._office = office
        self._plan = plan
        self._watchers = tuple(watchers)
        self._troubles = troubles

    def make(self, now: datetime) -> None:
        """Put this working day's digests into the outbox when it is time, once a day."""
        day = self._office.calendar.local(now).date()
        if not self._is_time(now) or self._store.reminding.digest_made(day.isoformat()):
            return
        board = self._board(now)
        wanted = [one for to in self._recipients() if (one := self._request(board, to, now))]
        if self._store.reminding.make_digests(day.isoformat(), wanted, now):
            log.info("digests.made", count=len(wanted))

    def is_of_today(self, notice: Notice, now: datetime) -> bool:
        """Whether a digest that waits can still go out: tomorrow's says the same and more."""
        today = self._office.calendar.local(now).date().isoformat()
        return notice.details.get("day") == today and self._is_time(now)

    def content(self, recipient: str, since: datetime, now: datetime) -> Digest:
        """Return what an address is told now. ``since`` is when it was told last."""
        return self._content(self._board(now), recipient, since, now)

    def _board(self, now: datetime) -> Board:
        return Board(self._store.reminding.open_cases(), self._office, self._plan, now)

    def _content(self, board: Board, recipient: str, since: datetime, now: datetime) -> Digest:
        calls, deliveries = self._to_bring(recipient)
        digest = Digest(
            self._office.calendar.local(now).date(),
            board.of(recipient, since),
            calls=calls,
            deliveries=deliveries,
            held=self._held(board, recipient),
        )
        if not any(same_mailbox(recipient, watcher) for watcher in self._watchers):
            return digest
        troubled, troubles = self._store.reminding.troubled(since), self._troubles(now)
        return replace(digest, troubled=troubled, troubles=troubles)

    def _to_bring(self, recipient: str) -> tuple[list[str], list[str]]:
        """Answers that this recipient's team, or the examiners, bring to complainants: calls, and others."""
        found = [
            one.answer
            for one in self._store.answers.undelivered()
            if self._works_on(one.ticket, recipient)
        ]
        calls = [answer.number for answer in found if answer.way == Way.CALL]
        return calls, [answer.number for answer in found if answer.way != Way.CALL]

    def _held(self, board: Board, recipient: str) -> list[str]:
        """Cases with an answer by mail that is held: of its author, and of who works on them now."""
        held = self._store.staff_mails.held()
        numbers = {one.number for one in held}
        own = {one.number for one in held if same_mailbox(recipient, one.address)}
        of_team = {
            case.number
            for case in (board.cases if held else ())
            if case.number in numbers and self._works_on(case, recipient)
        }
        return list(dict.fromkeys(one.number for one in held if one.number in own | of_team))

    def _works_on(self, case: Ticket | OpenCase, recipient: str) -> bool:
        office = self._office
        readers = office.examiners() if case.restricted else office.members(case.team)
        return any(same_mailbox(recipient, reader) for reader in readers)

    def _request(self, board: Board, recipient: str, now: datetime) -> NoticeRequest | None:
        day = self._office.calendar.local(now).date()
        since = self._store.reminding.told_until(recipient, now) or self._morning_before(day)
        if not self._plan.empty_digest and self._content(board, recipient, since, now).empty:
            return None
        details = {"day": day.isoformat(), "since": since.isoformat()}
        return NoticeRequest(NoticeKind.DIGEST, recipient, details=details)

    def _is_time(self, now: datetime) -> bool:
        """Between the digest's time and closing, on a working day."""
        calendar = self._office.calendar
        day = calendar.local(now).date()
        hours = calendar.work_day(day)
        if hours is None:
            return False
        begins = calendar.at(day, self._plan.digest_at)
        return begins <= now < max(calendar.at(day, hours.closes), begins + AFTER_CLOSING)

    def _morning_before(self, day: date) -> datetime:
        """The digest's time on the working day before."""
        calendar = self._office.calendar
        before = day - ONE_DAY
        while calendar.work_day(before) is None:
            before -= ONE_DAY
        return calendar.at(before, self._plan.digest_at)

    def _recipients(self) -> list[str]:
        """Everybody who may have something to hear, each once."""
        office = self._office
        members = (member for team in office.teams.values() for member in team.members)
        people = (person.email for person in office.staff)
        everybody = (*members, *people, *self._plan.head, *self._plan.supervisor, *self._watchers)
        return list({address.casefold(): address for address in everybody}.values())
