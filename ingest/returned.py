"""Answers that did not reach the complainant: those who work on the case are told once, with other ways."""

from collections.abc import Callable
from datetime import datetime

import structlog

from ingest.office import Office
from store import Store, StoreError
from store.types import NoticeKind, NoticeRequest, Ticket

log = structlog.get_logger()


class Returned:
    """Looks for answers that bounced or were refused; also those of while the daemon was off."""

    def __init__(self, store: Store, office: Office, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._office = office
        self._clock = clock

    def tell(self) -> None:
        """Queue the notices. What cannot be looked up just now is looked up in the next round."""
        try:
            lost = self._store.answers.came_back()
        except StoreError as error:
            log.warning("returned.postponed", error=str(error))
            return
        for one in lost:
            notices = [
                NoticeRequest(NoticeKind.ANSWER_RETURNED, reader)
                for reader in self._readers(one.ticket)
            ]
            self._store.answers.tell(one.answer, notices, self._clock())
            log.info("answer.returned", number=one.ticket.number)

    def _readers(self, ticket: Ticket) -> tuple[str, ...]:
        return self._office.examiners() if ticket.restricted else self._office.members(ticket.team)
