"""Mails that answer our notices to staff: what each asks for, or why nothing may be done. Writes nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import structlog

from channels.mail.machine import says_absent
from channels.types import Arrival, Machine, Message
from ingest.identity import identity
from ingest.letters import FOR_COMPLAINANT
from ingest.office import Office, Person
from ingest.people import PROGRAM, same_mailbox
from ingest.reply_token import ReplyTokens
from ingest.staff_mail.commands import Command, Unclear, parse
from ingest.staff_mail.standing import standing
from ingest.staff_mail.unplaced import Unplaced
from ingest.staff_mail.words import only_courtesy, quotes_us, seems_automatic, unsigned
from store import Store
from store.types import Act, Intake, NoticeKind, NoticeRequest, Parent, StaffRequest

REFUSALS_PER_HOUR = 5  # that one reader hears of
HOUR = timedelta(hours=1)

log = structlog.get_logger()


class StaffInbox:
    """Decides on such mails. ``marks`` are beginnings of lines that only our notices have."""

    def __init__(self, store: Store, office: Office, marks: tuple[str, ...]) -> None:
        self._store = store
        self._office = office
        self._marks = marks
        self._tokens = ReplyTokens(store)
        self._unplaced = Unplaced(store, office)

    def intake(
        self, arrival: Arrival, message: Message, *, who: str, silent: bool
    ) -> Intake | None:
        """Return what to store, None where the mail answers no notice to staff.

        Nor where somebody (``who``) takes it out of quarantine that was refused: it is mail like any other
        then, unless the case is restricted, whose notice it may quote.
        """
        parent = self._parent(message)
        if parent is None:
            return None
        if parent.number and self._office.staff_replies.accept == "off":
            return self._off(arrival, message, parent, silent=silent)
        if not message.may_answer or says_absent(message.subject):
            # What a program sends, or may not be answered by one, is nobody's word (RFC 3834).
            return Intake(arrival, replace(message, machine=message.machine or Machine.AUTO_REPLY))
        decide = self._of_case if parent.number else self._unplaced.intake
        return decide(arrival, message, parent, who=who, silent=silent)

    def _of_case(
        self, arrival: Arrival, message: Message, parent: Parent, *, who: str, silent: bool
    ) -> Intake | None:
        author = standing(self._office, message, parent)
        if author.refused or author.person is None:
            if who != PROGRAM and not parent.restricted:
                return None
            return self._refused(arrival, message, parent, author.refused, silent=silent)
        if author.noted or silent:
            request = self._note(message, author.person, author.noted)
        else:
            request = self._request(arrival, message, parent, author.person)
        return self._kept(arrival, message, parent, request)

    def _parent(self, message: Message) -> Parent | None:
        """The notice to staff that this mail answers: the nearest about a case, else the nearest at all.

        A complainant's own reply answers none.
        """
        ids = (*message.in_reply_to, *reversed(message.references))
        parents = self._store.staff_mails.parents(ids) if ids else []
        sender = message.sender.email
        if any(p.kind in FOR_COMPLAINANT and same_mailbox(p.recipient, sender) for p in parents):
            return None
        ours = [p for p in parents if p.kind not in FOR_COMPLAINANT]
        about_a_case = next((p for p in ours if p.number), None) or self._addressed(message)
        return about_a_case or next(iter(ours), None)

    def _addressed(self, message: Message) -> Parent | None:
        """The notice whose token stands in an address this mail went to."""
        people = {message.sender.email, *self._office.people()}
        for one in (*message.to, *message.cc):
            number, recipient = self._tokens.addressed(one.email, people)
            if number and (parent := self._store.staff_mails.parent_of(number, recipient)):
                return parent
        return None

    def _off(
        self, arrival: Arrival, message: Message, parent: Parent, *, silent: bool
    ) -> Intake | None:
        """Work by mail is switched off: what the reader of a notice writes is kept as a note."""
        person = self._office.person_at(message.sender.email)
        if person is None or not same_mailbox(parent.recipient, person.email):
            # A stranger who has the answer sent to the reader must not be taken for them.
            borrowed = any(same_mailbox(parent.recipient, one.email) for one in message.reply_to)
            if not borrowed:
                return None
            return self._refused(arrival, message, parent, "not_staff", silent=silent)
        return self._kept(arrival, message, parent, self._note(message, person, "off"))

    def _kept(
        self, arrival: Arrival, message: Message, parent: Parent, request: StaffRequest
    ) -> Intake:
        return Intake(
            arrival,
            message,
            identity=identity(message, arrival),
            joins=parent.number,
            staff=request,
        )

    def _note(self, message: Message, person: Person, why: str) -> StaffRequest:
        text = unsigned(message.own_words, person.name) or message.text.strip()
        details = {"why": why, "files": _files(message)} if why else {"why": "old"}
        return StaffRequest(Act.NOTE, person.name, person.email, text, details)

    def _request(
        self, arrival: Arrival, message: Message, parent: Parent, person: Person
    ) -> StaffRequest:
        words = unsigned(message.own_words, person.name)
        said = self._understood(message, parent, words)
        place = arrival.position
        details = {
            "files": _files(message),
            "target": str(parent.staff_mail or ""),
            "since": parent.created_at.isoformat(),
            "folder": place.folder,
            "generation": place.generation,
            "item": place.item,
        }
        if isinstance(said, Unclear):
            details |= {"why": said.why, "line": said.line}
            return StaffRequest(Act.UNCLEAR, person.name, person.email, words, details)
        details |= {"said": words, **_needs(said)} if said.act is not Act.ANSWER else {}
        window = self._office.staff_replies.window
        return StaffRequest(said.act, person.name, person.email, said.text, details, window)

    def _understood(self, message: Message, parent: Parent, words: str) -> Command | Unclear:
        """What is asked for; an answer only where nothing at all makes that doubtful."""
        said = parse(words)
        if isinstance(said, Command) and said.act is Act.CANCEL:
            return said
        if message.truncated:
            return Unclear("truncated")
        if message.forwarded:
            return Unclear("forwarded")
        if quotes_us(words, self._marks):
            return Unclear("quoted")
        if isinstance(said, Command) and said.act is Act.ANSWER and not said.explicit:
            doubt = self._doubt(message, parent, words)
            return Unclear(doubt) if doubt else said
        return said

    def _doubt(self, message: Message, parent: Parent, words: str) -> str:
        if parent.kind in (
            NoticeKind.STAFF_ECHO,
            NoticeKind.STAFF_QUESTION,
            NoticeKind.STAFF_REFUSED,
        ):
            return "to_echo"
        if not self._to_us_alone(message, parent):
            return "to_others"
        if only_courtesy(words):
            return "courtesy"
        return "absent" if seems_automatic(words) else ""

    def _to_us_alone(self, message: Message, parent: Parent) -> bool:
        """A reply to the notice itself, not to a colleague's mail about it with a copy to us."""
        own = self._office.own_addresses
        addressed = [self._tokens.untagged(one.email).casefold() in own for one in message.to]
        direct = parent.message_id in message.in_reply_to or not message.in_reply_to
        return direct and bool(addressed) and all(addressed)

    def _refused(
        self, arrival: Arrival, message: Message, parent: Parent, why: str, *, silent: bool
    ) -> Intake:
        log.warning("staff_mail.refused", number=parent.number, reason=why)
        office, since = self._office, arrival.received_at - HOUR
        readers = office.examiners() if parent.restricted else office.members(parent.team)
        details = {"sender": message.sender.email, "reason": why}
        key = f"refused:{parent.number}:{identity(message, arrival)}"
        notices = tuple(
            NoticeRequest(NoticeKind.STAFF_REFUSED, reader, key, details)
            for reader in readers
            if self._store.notices_since(reader, NoticeKind.STAFF_REFUSED, since)
            < REFUSALS_PER_HOUR
        )
        error = f"staff_mail_{why} (number={parent.number})"
        return Intake(arrival, error=error, joins=parent.number, notices=notices, silent=silent)


def _needs(said: Command) -> Mapping[str, str]:
    """What an act needs beside its text."""
    if said.act is Act.ASSIGN:
        return {"team": said.team}
    if said.act is Act.TIER:
        return {"tier": said.tier or "", "kind": said.kind or ""}
    return {}


def _files(message: Message) -> str:
    return ", ".join(file.filename for file in message.attachments)
