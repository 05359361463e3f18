"""The mails we write. One file for each kind of notice; the words stand in ``config/texts``."""

from collections.abc import Callable
from email.message import EmailMessage

from ingest.letters import acknowledgement, answer, channel, restricted, team
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
    NoticeKind.ANSWER: answer.write,
}
FOR_COMPLAINANT = (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.ANSWER)


class Letters:
    """Puts notices into words when they are sent, from the case as it is then."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self._store = store
        self._desk = desk
        self._tokens = ReplyTokens(store)

    def compose(self, notice: Notice) -> EmailMessage:
        """Return the mail for a notice. Raises LookupError when its case is gone."""
        return envelope(self._desk, notice, self._letter(notice))

    def _letter(self, notice: Notice) -> Letter:
        write = CASE_LETTERS.get(notice.kind)
        if write is None:
            return channel.write(self._desk, notice)
        ticket = self._store.ticket(notice.number)
        if ticket is None:
            raise LookupError(f"no case {notice.number!r} for notice {notice.id}")
        if ticket.restricted and not self._may_read(notice):
            write = restricted.new
        return write(self._desk, self._case(notice, ticket))

    def _case(self, notice: Notice, ticket: Ticket) -> Case:
        if notice.kind in FOR_COMPLAINANT:
            return Case(notice, ticket, self._tokens.tag(ticket.number, notice.recipient))
        alike = tuple(self._store.duplicates.of(ticket.number))
        return Case(notice, ticket, ticket.number, alike, self._to_examiner(notice))

    def _may_read(self, notice: Notice) -> bool:
        """Whether this recipient may see a restricted case, also one restricted since the notice was queued."""
        return notice.kind in FOR_COMPLAINANT or self._to_examiner(notice)

    def _to_examiner(self, notice: Notice) -> bool:
        examiners = {address.casefold() for address in self._desk.office.examiners()}
        return notice.recipient.casefold() in examiners
