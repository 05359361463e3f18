"""The mails we write. One file for each kind of notice; the words stand in ``config/texts``."""

from collections.abc import Callable
from email.message import EmailMessage

from ingest.language import spoken_by
from ingest.letters import (
    acknowledgement,
    answer,
    channel,
    parts,
    promise,
    reminder,
    restricted,
    returned,
    staff,
    team,
)
from ingest.letters.envelope import Case, Desk, Letter, envelope
from ingest.reply_token import ReplyTokens
from store import Store
from store.types import Notice, NoticeKind, Ticket

CASE_LETTERS: dict[NoticeKind, Callable[[Desk, Case], Letter]] = {
    NoticeKind.TEAM_NEW: team.new,
    NoticeKind.TEAM_REPLY: team.reply,
    NoticeKind.TEAM_UPDATE: team.update,
    NoticeKind.TEAM_RECLASSIFIED: team.reclassified,
    NoticeKind.TEAM_ASSIGNED: team.assigned,
    NoticeKind.TEAM_RESTRICTED: restricted.new,
    NoticeKind.ACKNOWLEDGEMENT: acknowledgement.write,
    NoticeKind.PROMISE: promise.write,
    NoticeKind.PARTS: parts.write,
    NoticeKind.ANSWER: answer.write,
    NoticeKind.ANSWER_RETURNED: returned.write,
    NoticeKind.STAFF_ECHO: staff.echo,
    NoticeKind.STAFF_QUESTION: staff.question,
    NoticeKind.STAFF_REFUSED: staff.refused,
    NoticeKind.REMINDER: reminder.write,
}
# They hold nothing but what their reader wrote, or see to it themselves.
FOR_STAFF = (NoticeKind.STAFF_ECHO, NoticeKind.STAFF_QUESTION, NoticeKind.REMINDER)
FOR_COMPLAINANT = (
    NoticeKind.ACKNOWLEDGEMENT, NoticeKind.PROMISE, NoticeKind.PARTS, NoticeKind.ANSWER,
)  # fmt: skip


class Letters:
    """Puts notices into words when they are sent, from the case as it is then."""

    def __init__(
        self, store: Store, desk: Desk, digest: Callable[[Notice], Letter] | None = None
    ) -> None:
        self._store = store
        self._desk = desk
        self._digest = digest
        self._tokens = ReplyTokens(store)

    def compose(self, notice: Notice) -> EmailMessage:
        """Return the mail for a notice. Raises LookupError when its case is gone."""
        mail = envelope(self._desk, notice, self._letter(notice))
        office = self._desk.office
        if office.staff_replies.tagged and notice.number and notice.kind not in FOR_COMPLAINANT:
            to = self._tokens.address(office.sender, notice.number, notice.recipient)
            mail["Reply-To"] = to
        return mail

    def _letter(self, notice: Notice) -> Letter:
        if notice.kind is NoticeKind.DIGEST and self._digest:
            return self._digest(notice)
        if notice.kind is NoticeKind.STAFF_UNPLACED:
            return staff.unplaced(self._desk, notice)
        write = CASE_LETTERS.get(notice.kind)
        if write is None:
            return channel.write(self._desk, notice)
        ticket = self._store.ticket(notice.number)
        if ticket is None:
            raise LookupError(f"no case {notice.number!r} for notice {notice.id}")
        if ticket.restricted and not self._may_read(notice):
            write = restricted.new
        desk = self._desk
        if notice.kind in FOR_COMPLAINANT:
            desk = desk.speaking(spoken_by(ticket))
        return write(desk, self._case(notice, ticket))

    def _case(self, notice: Notice, ticket: Ticket) -> Case:
        if notice.kind in FOR_COMPLAINANT:
            tag = self._tokens.tag(ticket.number, notice.recipient)
            files = tuple(self._store.answers.files_of_mail(notice.message_id))
            return Case(notice, ticket, tag, files=files)
        if notice.kind is NoticeKind.ANSWER_RETURNED:
            answers = tuple(self._store.answers.of(ticket.number))
            return Case(notice, ticket, ticket.number, answers=answers)
        if notice.kind in FOR_STAFF:
            return self._about_mail(notice, ticket)
        alike = tuple(self._store.duplicates.of(ticket.number))
        return Case(notice, ticket, ticket.number, alike, self._to_examiner(notice))

    def _about_mail(self, notice: Notice, ticket: Ticket) -> Case:
        which = notice.details.get("staff_mail")
        request = self._store.staff_mails.get(int(which)) if which else None
        return Case(
            notice,
            ticket,
            ticket.number,
            to_examiner=self._to_examiner(notice),
            request=request,
            language=spoken_by(ticket),
        )

    def _may_read(self, notice: Notice) -> bool:
        """Whether this recipient may see a restricted case, also one restricted since the notice was queued."""
        told = notice.kind in FOR_COMPLAINANT or notice.kind in FOR_STAFF
        return told or self._to_examiner(notice)

    def _to_examiner(self, notice: Notice) -> bool:
        examiners = {address.casefold() for address in self._desk.office.examiners()}
        return notice.recipient.casefold() in examiners
