"""An answer by mail on its way: told to its author, held where it became doubtful, recorded once."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from ingest.answer import Way, WayClosed, answer, way_of
from ingest.office import Office
from ingest.staff_mail.files import FilesOf
from ingest.staff_mail.patience import Patience
from ingest.staff_mail.telling import Teller
from store import Store
from store.lifecycle import NotAllowed
from store.types import FileToSend, NoticeState, StaffMail, StaffState, Ticket

STALE = timedelta(hours=24)  # what was written so long ago may have been dealt with otherwise
_LOST = (NoticeState.FAILED, NoticeState.UNDELIVERED, NoticeState.DROPPED)

log = structlog.get_logger()


class Answering:
    """``through`` names the channel that can post an answer of a case, empty where there is none."""

    def __init__(
        self,
        store: Store,
        office: Office,
        *,
        clock: Callable[[], datetime],
        patience: Patience,
        through: Callable[[Ticket], str],
    ) -> None:
        self._store = store
        self._mails = store.staff_mails
        self._office = office
        self._clock = clock
        self._patience = patience
        self._through = through
        self._teller = Teller(store)
        self._files = FilesOf(store)

    def ready(self) -> frozenset[int]:
        """Return the answers whose time to be cancelled is over, as of now.

        Asked before anything else is done: a cancellation that was read by now is in the store.
        """
        now = self._clock()
        return frozenset(
            one.id for one in self._mails.waiting() if one.told_at and self._over(one, now)
        )

    def proceed(self, one: StaffMail, ready: frozenset[int]) -> None:
        """Take an answer as far as it may go now."""
        now = self._clock()
        if one.confirmed or one.id in ready:
            self._record(one, now)
        elif one.told_at is None:
            self._begin(one, now)
        elif self._mails.echo_sent(one)[0] in _LOST:
            # Its author was never told, and cannot cancel what they do not see.
            self._hold(one, "untold", now)

    def forget(self, which: int) -> None:
        """An answer was taken back."""
        self._patience.forget(which)

    def _over(self, one: StaffMail, now: datetime) -> bool:
        state, sent_at = self._mails.echo_sent(one)
        sent = state is NoticeState.SENT and sent_at is not None
        return sent and sent_at is not None and self._patience.over(one, sent_at, now)

    def _begin(self, one: StaffMail, now: datetime) -> None:
        if doubt := self._doubt(one, now):
            self._hold(one, doubt, now)
        elif not one.window:
            self._record(one, now)
        elif self._teller.may_echo(one, now):
            with self._mails.together():
                echo = self._teller.tell(one, self._told("pending", one), now)
                self._mails.announced(one, echo, now)

    def _doubt(self, one: StaffMail, now: datetime) -> str:
        if now - one.received_at > STALE:
            return "stale"
        if any(other.id < one.id for other in self._mails.answers(one.number)):
            return "another"
        since = one.details.get("since")
        moment = datetime.fromisoformat(since) if since else one.received_at
        return self._mails.overtaken_since(one.number, moment).replace(".", "_")

    def _record(self, one: StaffMail, now: datetime) -> None:
        """The answer counts from here on, and goes its way; or it is held, in the same transaction."""
        try:
            with self._mails.together():
                doubt = self._mails.overtaken(one.id).replace(".", "_")
                ticket = self._case(one)
                if not doubt and ticket.restricted and not self._examines(one):
                    doubt = "restricted"
                if doubt:
                    self._hold(one, doubt, now)
                elif self._mails.settle(one.id, StaffState.DONE, "", now):
                    self._answer(one, ticket, now)
        except NotAllowed:
            self._hold(one, "not_allowed", now)
        except WayClosed as error:
            self._hold(one, error.code, now)
        self._patience.forget(one.id)

    def _answer(self, one: StaffMail, ticket: Ticket, now: datetime) -> None:
        through = self._through(ticket)
        files = self._files_for(one, way_of(ticket, through))
        answer(self._store, ticket, one.text, one.who, self._clock, through=through, files=files)
        if one.confirmed or not one.window:
            self._teller.tell(one, self._told("sent", one), now)
        log.info("staff_mail.answered", number=one.number)

    def _files_for(self, one: StaffMail, way: Way) -> Sequence[FileToSend]:
        """What goes with it; the echo names what does not: a platform takes none, and servers not too much."""
        files = () if way is Way.UPLOAD else self._files.of(one)
        size = sum(len(file.data) for file in files)
        return files if size <= self._office.staff_replies.files_limit else ()

    def _hold(self, one: StaffMail, why: str, now: datetime) -> None:
        with self._mails.together():
            if self._mails.hold(one.id, why, now):
                echo = self._teller.tell(one, self._told("held", one) | {"why": why}, now)
                self._mails.linked(one.id, echo)
        self._patience.forget(one.id)

    def _told(self, say: str, one: StaffMail) -> dict[str, str]:
        ticket = self._case(one)
        way = way_of(ticket, self._through(ticket))
        return {
            "say": say,
            "staff_mail": str(one.id),
            "way": way.value,
            "files": ", ".join(file.name for file in self._files_for(one, way)),
        }

    def _case(self, one: StaffMail) -> Ticket:
        ticket = self._store.ticket(one.number)
        if ticket is None:
            raise LookupError(one.number)
        return ticket

    def _examines(self, one: StaffMail) -> bool:
        return self._office.examines(self._office.person_at(one.address))
