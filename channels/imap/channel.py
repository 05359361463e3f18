"""The IMAP channel: Gmail and any other mail server. The ledger decides what is new, never a flag."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from threading import Event
from time import monotonic
from typing import TypeVar

import structlog

from channels.errors import ChannelError
from channels.imap.errors import FolderError
from channels.imap.mailbox import Fetched, Mailbox, Suspects
from channels.imap.oauth import Tokens
from channels.imap.session import Folder, Session
from channels.imap.settings import ImapSettings, OAuthAuth
from channels.mail import read_mail
from channels.types import Arrival, Message, Position, Seen, Shelf
from classify.types import Medium

_RENEW = (
    4 * 60.0
)  # seconds of IDLE at a time: routers forget silent connections long before 29 minutes
_PAUSE = 1.0  # seconds before looking again after a connection was lost in IDLE
_BRIEF = 10.0  # an IDLE that ends by itself sooner than this counts as failed
_PATIENCE = 3  # failed IDLEs in a row before the channel is only polled for a while
_WHILE = 3600.0  # seconds
_FLAGS = {"seen": "\\Seen", "keyword": "$Muara"}

T = TypeVar("T")

log = structlog.get_logger()


def _nothing_kept() -> None:
    return None


def _keep_nowhere(_token: str) -> None:
    return None


class ImapChannel:
    """One mailbox, one held connection, one or more folders. See ImapSettings.

    ``kept_token`` and ``keep_token`` remember a rotated OAuth refresh token over a restart.
    """

    medium = Medium.EMAIL

    def __init__(
        self,
        name: str,
        settings: ImapSettings,
        *,
        kept_token: Callable[[], str | None] = _nothing_kept,
        keep_token: Callable[[str], None] = _keep_nowhere,
    ) -> None:
        self.name = name
        self.settings = settings
        self._tokens: Tokens | None = None
        if isinstance(settings.auth, OAuthAuth):
            self._tokens = Tokens(
                settings.auth,
                timeout=settings.timeout,
                kept_token=kept_token,
                keep_token=keep_token,
            )
        self._session: Session | None = None
        self._suspects = Suspects()
        self._fetched: Folder | None = (
            None  # the first folder, as it was when last fetched to the end
        )
        self._failed_idles = 0
        self._idle_again = 0.0  # when IDLE may be tried again, by the monotonic clock

    def fetch(self, seen: Seen) -> Iterator[Arrival]:
        """Yield every mail on the server that the ledger does not hold, folder by folder, oldest first.

        Raises Temporary or Permanent; a folder that cannot be opened is reported after the others.
        """
        self._fetched = None
        yield from self._each_folder(self._fetch_folder, seen)

    def inventory(self, seen: Seen) -> Iterator[Shelf]:
        """Yield what lies in every folder since the start date. Raises Temporary or Permanent, as `fetch`."""
        yield from self._each_folder(self._shelf, seen)

    def read(self, arrival: Arrival) -> Message:
        """Parse a mail. Raises Unreadable."""
        return read_mail(
            arrival.raw,
            received_at=arrival.received_at,
            own_addresses=self.settings.own_addresses,
            authserv_id=self.settings.authserv_id,
            truncated=arrival.truncated,
        )

    def acknowledge(self, positions: Sequence[Position]) -> None:
        """Mark stored mail as the settings say. Trouble is logged, never raised."""
        flag = _FLAGS.get(self.settings.mark)
        if flag is None or self._session is None:
            return
        uids: dict[tuple[str, str], list[int]] = defaultdict(list)
        for position in positions:
            uids[position.folder, position.generation].append(int(position.item))
        try:
            for (folder, generation), items in uids.items():
                self._session.mark(folder, generation, items, flag)
        except FolderError as error:
            log.info("mail.mark_refused", channel=self.name, error=str(error))
        except ChannelError as error:
            log.info("mail.mark_failed", channel=self.name, error=str(error))
            self._drop()

    def wait(self, timeout: float, stop: Event) -> bool:
        """Wait in IDLE, on the first folder, where a connection is held and the server can; else by the clock."""
        began = monotonic()
        may_idle = self.settings.idle and began >= self._idle_again
        if self._session is None or self._fetched is None or not may_idle:
            stop.wait(timeout)
            return False
        try:
            return self._idle(self._session, self._fetched, began + timeout, stop)
        except ChannelError as error:
            log.info("imap.idle_ended", channel=self.name, error=str(error))
            self._drop()
            self._count_failed_idle(monotonic() - began)
            stop.wait(min(_PAUSE, max(0.0, began + timeout - monotonic())))
            return not stop.is_set()

    def check(self) -> None:
        """Connect, sign in, open every folder and leave. Raises Temporary or Permanent."""
        self._drop()
        try:
            session = self._connected()
            for name in self.settings.folders:
                session.open(name)
        finally:
            self.close()

    def close(self) -> None:
        """Sign out and let go of the connection."""
        if self._session is not None:
            self._session.close()
        self._session = None

    def _drop(self) -> None:
        if self._session is not None:
            self._session.hang_up()
        self._session = None

    def _connected(self) -> Session:
        """The held connection, if the server still knows it, else a new one."""
        if self._session is not None and not self._session.alive():
            self._drop()
        if self._session is None:
            self._session = Session(self.settings, self._tokens)
        return self._session

    def _each_folder(
        self, visit: Callable[[Session, str, Seen], Iterator[T]], seen: Seen
    ) -> Iterator[T]:
        refused: FolderError | None = None
        try:
            session = self._connected()
            for name in self.settings.folders:
                try:
                    yield from visit(session, name, seen)
                except FolderError as error:
                    refused = refused or error
        except ChannelError:
            self._drop()
            raise
        if refused is not None:
            raise refused

    def _shelf(self, session: Session, name: str, seen: Seen) -> Iterator[Shelf]:
        folder = session.open(name)
        known = seen.items(name, folder.generation)
        mailbox = Mailbox(session, folder, self.settings, self._suspects)
        uids = mailbox.uids()
        unknown = mailbox.received([uid for uid in uids if str(uid) not in known])
        there = frozenset(str(uid) for uid in uids if str(uid) in known or uid in unknown)
        yield Shelf(name, folder.generation, there, {str(u): at for u, at in unknown.items()})

    def _fetch_folder(self, session: Session, name: str, seen: Seen) -> Iterator[Arrival]:
        folder = session.open(name)
        known = seen.items(name, folder.generation)
        mailbox = Mailbox(session, folder, self.settings, self._suspects)
        for mail in mailbox.fetch(known):
            yield self._arrival(folder, mail)
        if name == self.settings.folders[0]:
            self._fetched = folder

    def _arrival(self, folder: Folder, mail: Fetched) -> Arrival:
        return Arrival(
            channel=self.name,
            position=Position(folder.name, folder.generation, str(mail.listed.uid)),
            raw=mail.raw,
            received_at=mail.listed.received_at,
            size=max(mail.listed.size, len(mail.raw)),
            truncated=mail.truncated,
        )

    def _count_failed_idle(self, lasted: float) -> None:
        """A server that closes every IDLE at once would otherwise be signed in to without end."""
        self._failed_idles = self._failed_idles + 1 if lasted < _BRIEF else 0
        if self._failed_idles >= _PATIENCE:
            self._failed_idles, self._idle_again = 0, monotonic() + _WHILE

    def _idle(self, session: Session, fetched: Folder, until: float, stop: Event) -> bool:
        while not stop.is_set() and (left := until - monotonic()) > 0:
            if not session.can_idle():
                stop.wait(left)
                continue
            if _grew(fetched, session.open(fetched.name)):
                return True
            news = session.idle(min(left, _RENEW), stop)
            self._failed_idles = 0
            if news:
                return True
        if stop.is_set():
            self._drop()
        return False


def _grew(before: Folder, now: Folder) -> bool:
    """Whether mail came since ``before``: a server tells of it once only, and any command may swallow that."""
    if before.generation != now.generation:
        return True
    return (now.next_uid or now.count) > (before.next_uid or before.count)
