"""What staff asked for by mail is done: each request once, in one transaction with what is told of it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from threading import Event

import structlog

from ingest.answer import WayClosed
from ingest.office import Office, Words
from ingest.people import same_mailbox
from ingest.reclassify import Contradiction
from ingest.staff_mail.answering import Answering
from ingest.staff_mail.steps import Refusal, Steps
from ingest.staff_mail.telling import Teller
from store import Store, StoreError
from store.lifecycle import NotAllowed
from store.types import Act, StaffMail, StaffState, Ticket

log = structlog.get_logger()


def _refusal(one: StaffMail, refusal: Refusal) -> Mapping[str, str]:
    return {"say": refusal.code, "staff_mail": str(one.id), **refusal.values}


class StaffWork:
    """Works off what waits. Raises StoreError only."""

    def __init__(
        self,
        store: Store,
        office: Office,
        *,
        words: Words,
        clock: Callable[[], datetime],
        answering: Answering,
    ) -> None:
        self._store = store
        self._mails = store.staff_mails
        self._clock = clock
        self._teller = Teller(store)
        self._answering = answering
        steps = Steps(store, office, words=words, clock=clock)
        self._steps: Mapping[Act, Callable[[StaffMail, Ticket], Mapping[str, str]]] = {
            Act.NOTE: steps.note,
            Act.ASSIGN: steps.assign,
            Act.TIER: steps.tier,
            Act.CLOSE: steps.close,
            Act.TAKE: steps.take,
            Act.CANCEL: self._cancel,
            Act.SEND: self._send,
            Act.UNCLEAR: self._ask,
        }

    def work(self, stop: Event) -> None:
        """Do what can be done now. What takes an answer back comes before what lets one out."""
        ready = self._answering.ready()
        for one in self._mails.waiting():
            if one.act is not Act.ANSWER and not stop.is_set():
                self._safely(self._do, one)
        for one in self._mails.waiting():
            if one.act is Act.ANSWER and not stop.is_set():
                self._safely(lambda one: self._answering.proceed(one, ready), one)

    def _safely(self, act: Callable[[StaffMail], None], one: StaffMail) -> None:
        """One request that cannot be done must not keep the others from being done."""
        try:
            act(one)
        except StoreError:
            raise
        except Exception:
            log.exception("staff_mail.failed", id=one.id, number=one.number)
            self._give_up(one)

    def _give_up(self, one: StaffMail) -> None:
        now = self._clock()
        with self._mails.together():
            if one.act is Act.ANSWER:
                held = self._mails.hold(one.id, "trouble", now)
            else:
                held = self._mails.settle(one.id, StaffState.REFUSED, "trouble", now)
            if held:
                self._teller.ask(one, _refusal(one, Refusal("trouble")), now)

    def _do(self, one: StaffMail) -> None:
        now = self._clock()
        try:
            with self._mails.together():
                if self._mails.settle(one.id, StaffState.DONE, "", now):
                    told = self._steps[one.act](one, self._case(one))
                    if told:
                        self._teller.tell(one, told, now)
        except (Refusal, NotAllowed, WayClosed, Contradiction) as error:
            refusal = Refusal.of(error)
            with self._mails.together():
                if self._mails.settle(one.id, StaffState.REFUSED, refusal.code, now):
                    self._teller.ask(one, _refusal(one, refusal), now)
        else:
            log.info("staff_mail.done", act=one.act.value, number=one.number)

    def _case(self, one: StaffMail) -> Ticket:
        ticket = self._store.ticket(one.number)
        if ticket is None:
            raise LookupError(one.number)
        return ticket

    def _cancel(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        target = self._target(one, ticket)
        now = self._clock()
        if target is None:
            raise Refusal("nothing_waits")
        if not self._mails.cancel(target.id, one.who, now):
            late = target.state is StaffState.DONE
            raise Refusal("too_late" if late else "nothing_waits")
        self._answering.forget(target.id)
        told = {"say": "cancelled", "staff_mail": str(target.id)}
        if not same_mailbox(target.address, one.address):
            self._teller.tell(target, {**told, "say": "cancelled_by", "by": one.who}, now)
        return told

    def _send(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        target = self._target(one, ticket)
        if target is None or not self._mails.confirm(target.id):
            raise Refusal("nothing_held")
        return {}  # the answer's own echo tells

    def _ask(self, one: StaffMail, ticket: Ticket) -> Mapping[str, str]:
        """Nothing is done. Who answers an echo and is not understood may have meant to cancel."""
        now, target = self._clock(), self._target(one, ticket, only_named=True)
        stopped = target is not None and self._mails.hold(target.id, "unclear", now)
        details = {"say": one.details.get("why", "empty"), "line": one.details.get("line", "")}
        if stopped and target is not None:
            self._answering.forget(target.id)
            details |= {"say": "stopped", "staff_mail": str(target.id)}
        self._teller.ask(one, {"staff_mail": str(one.id), **details}, now)
        return {}

    def _target(
        self, one: StaffMail, ticket: Ticket, *, only_named: bool = False
    ) -> StaffMail | None:
        """The answer that is meant: that of the echo, else the person's last that still waits."""
        if named := one.details.get("target"):
            return self._mails.get(int(named))
        if only_named:
            return None
        own = [
            a for a in self._mails.answers(ticket.number) if same_mailbox(a.address, one.address)
        ]
        return own[-1] if own else None
