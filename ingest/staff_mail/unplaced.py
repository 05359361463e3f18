"""Replies to notices of ours that are about no case: the morning's digest, a channel, a report. None is done."""

from dataclasses import replace
from datetime import timedelta

from channels.types import Arrival, Machine, Message
from ingest.identity import identity
from ingest.office import Office
from ingest.people import PROGRAM, same_mailbox
from ingest.staff_mail.standing import refusal
from ingest.staff_mail.telling import QUESTIONS_PER_HOUR
from store import Store
from store.types import Intake, NoticeKind, NoticeRequest, Parent

HOUR = timedelta(hours=1)
QUOTED = 4_000  # characters of a person's own words that are shown to them again


class Unplaced:
    """Decides on them: people of the office are told how it is done, others' mails are held."""

    def __init__(self, store: Store, office: Office) -> None:
        self._store = store
        self._office = office

    def intake(
        self, arrival: Arrival, message: Message, parent: Parent, *, who: str, silent: bool
    ) -> Intake | None:
        """Return what to store. None where a person (``who``) takes a stranger's mail out of quarantine.

        Not where an examiner's digest was answered: it names restricted cases, which the mail may quote.
        """
        sender = message.sender.email
        person = self._office.person_at(sender) if sender.isascii() else None
        if person is None or refusal(self._office, message, person):
            if who != PROGRAM and not self._examined(parent):
                return None
            return Intake(arrival, error="staff_mail_no_case", silent=silent)
        # Kept like a platform's notice: findable, and never a case.
        kept = replace(message, machine=Machine.NOTIFICATION)
        notices = self._told(arrival, message, person.email)
        return Intake(arrival, kept, notices=notices, silent=silent, who=who)

    def _examined(self, parent: Parent) -> bool:
        return any(same_mailbox(parent.recipient, one) for one in self._office.examiners())

    def _told(self, arrival: Arrival, message: Message, to: str) -> tuple[NoticeRequest, ...]:
        """One mail to that person, unless they were told too often: a program may be answering us."""
        kind, since = NoticeKind.STAFF_UNPLACED, arrival.received_at - HOUR
        if self._store.notices_since(to, kind, since) >= QUESTIONS_PER_HOUR:
            return ()
        key = f"unplaced:{identity(message, arrival)}"
        return (NoticeRequest(kind, to, key, {"own": message.own_words[:QUOTED]}),)
