"""The mails we write. One file for each kind of notice; the words stand in ``config/texts``."""

from collections.abc import Callable
from email.message import EmailMessage

from ingest.letters import acknowledgement, answer, channel, restricted, team
from ingest.letters.envelope import Case, Desk, Letter, envelope
from store import Store
from store.types import Notice, NoticeKind

CASE_LETTERS: dict[NoticeKind, Callable[[Desk, Case], Letter]] = {
    NoticeKind.TEAM_NEW: team.new,
    NoticeKind.TEAM_REPLY: team.reply,
    NoticeKind.TEAM_UPDATE: team.update,
    NoticeKind.TEAM_RECLASSIFIED: team.reclassified,
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
        return write(self._desk, Case(notice, ticket))

    def _may_read(self, notice: Notice) -> bool:
        """Whether this recipient may see a restricted case, also one restricted since the notice was queued."""
        if notice.kind in FOR_COMPLAINANT:
            return True
        examiners = {address.casefold() for address in self._desk.office.examiners()}
        return notice.recipient.casefold() in examiners
