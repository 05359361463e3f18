"""A signed-in session: the few commands muara needs, each bounded in time."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from time import monotonic
from typing import Any

import structlog
from imapclient.exceptions import CapabilityError, IMAPClientError, IMAPClientReadOnlyError

from channels.errors import ChannelError, Temporary
from channels.imap.client import Client, is_news
from channels.imap.errors import folder_error, is_busy, is_fatal, said, translated
from channels.imap.oauth import Tokens
from channels.imap.settings import ImapSettings
from channels.imap.signin import sign_in

_SLOWEST = 16 * 1024  # bytes a second; a slower server counts as hanging
_GLANCE = 0.4  # seconds between two looks at ``stop`` during IDLE
_GOODBYE = 1.0  # seconds to wait for the answer to LOGOUT

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as it was when opened. ``generation`` is its UIDVALIDITY."""

    name: str
    generation: str
    next_uid: int
    count: int


class Session:
    """One connection to one mailbox. Methods raise Temporary or Permanent.

    After any of them but FolderError the session is of no use: close it.
    """

    def __init__(self, settings: ImapSettings, tokens: Tokens | None) -> None:
        self._settings = settings
        self._folder: Folder | None = None
        self._open = True
        self._idle_refused = False
        if tokens is not None:
            tokens.access_token()  # before connecting: the mail server need not wait for it
        with translated(settings):
            self._client = Client(settings)
        try:
            with self._exchange():
                sign_in(self._client, settings, tokens)
        except BaseException:
            self.hang_up()
            raise

    def open(self, name: str) -> Folder:
        """Select a folder, afresh even when it is selected already. Raises FolderError too."""
        self._folder = None
        with self._exchange():
            try:
                self._folder = _folder(name, self._select(name))
            except IMAPClientError as error:
                if is_fatal(error):
                    raise
                raise folder_error(error, self._settings, name) from error
        self._client.renumbered(self._folder.generation)
        return self._folder

    def search(self, folder: Folder, criteria: Sequence[object]) -> list[int]:
        """UIDs that meet the criteria, ascending."""
        self._enter(folder)
        with self._exchange():
            return sorted(int(uid) for uid in self._client.search(list(criteria)))

    def fetch(
        self, folder: Folder, uids: Sequence[int], items: Sequence[str], size: int = 0
    ) -> dict[int, dict[bytes, Any]]:
        """Items of each mail that is still there; ``size`` is about how many bytes will come.

        A mail the server refuses does not keep the others back: the rest is fetched without it.
        """
        self._enter(folder)
        with self._exchange(size):
            try:
                answers: dict[int, dict[bytes, Any]] = self._client.fetch(uids, items)
            except IMAPClientError as error:
                if is_fatal(error) or is_busy(error):
                    raise
                refusal = said(error)
            else:
                self._check_generation(folder)
                return answers
        if len(uids) == 1:
            log.warning("mail.refused", folder=folder.name, uid=uids[0], reply=refusal)
            return {}
        half = len(uids) // 2
        first = self.fetch(folder, uids[:half], items, size)
        return first | self.fetch(folder, uids[half:], items, size)

    def mark(self, name: str, generation: str, uids: Sequence[int], flag: str) -> None:
        """Set a flag. What was renumbered since, or may not be marked, is left alone."""
        folder = self._folder
        if folder is None or folder.name != name:
            folder = self.open(name)
        if folder.generation != generation:
            return
        with self._exchange():
            try:
                self._client.add_flags(uids, [flag], silent=True)
            except IMAPClientError as error:
                if is_fatal(error):
                    raise
                log.info("mail.mark_refused", folder=name, reply=said(error))

    def can_idle(self) -> bool:
        """Whether the server offers IDLE and has not refused it."""
        with self._exchange():
            return not self._idle_refused and self._client.has_capability("IDLE")

    def idle(self, seconds: float, stop: Event) -> bool:
        """Wait in the open folder until the server tells of new mail (True), time is up or it refuses.

        When ``stop`` is set it returns at the next glance and leaves the connection in IDLE: hang up.
        """
        until = monotonic() + seconds
        with self._exchange():
            try:
                news = self._client.start_idle()
            except CapabilityError as error:
                log.info("imap.idle_refused", host=self._settings.host, reply=said(error))
                self._idle_refused = True
                return False
        with translated(self._settings):
            while not news and (left := until - monotonic()) > 0:
                if stop.is_set():
                    return False
                news = any(map(is_news, self._client.listen(min(_GLANCE, left))))
        with self._exchange():
            _, answers = self._client.idle_done()
        return news or any(b"EXISTS" in answer for answer in answers)

    def alive(self) -> bool:
        """Ask the server whether it still knows us."""
        try:
            with self._exchange():
                self._client.noop()
        except ChannelError:
            return False
        return True

    def close(self) -> None:
        """Say goodbye, if the server listens, and hang up. Never raises."""
        try:
            with translated(self._settings), self._client.deadline(_GOODBYE):
                self._client.logout()
        except ChannelError as error:
            log.debug("imap.goodbye_failed", host=self._settings.host, error=str(error))
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection without a word. Never raises."""
        self._open = False
        self._client.hang_up()

    def _select(self, name: str) -> dict[bytes, Any]:
        """EXAMINE where no flag will be set: it cannot change anything on the server."""
        answer: dict[bytes, Any]
        try:
            answer = self._client.select_folder(name, readonly=self._settings.mark == "none")
        except IMAPClientReadOnlyError:
            answer = self._client.select_folder(name, readonly=True)
        return answer

    def _enter(self, folder: Folder) -> None:
        """Be in ``folder``; another may have been opened meanwhile to mark mail in it."""
        if self._folder is None or self._folder.name != folder.name:
            again = self.open(folder.name)
            if again.generation != folder.generation:
                raise Temporary("imap_renumbered", host=self._settings.host, folder=folder.name)

    def _check_generation(self, folder: Folder) -> None:
        if self._client.renumbered(folder.generation):
            raise Temporary("imap_renumbered", host=self._settings.host, folder=folder.name)

    @contextmanager
    def _exchange(self, size: int = 0) -> Iterator[None]:
        if not self._open:
            raise Temporary("imap_closed", host=self._settings.host, reason="closed before")
        seconds = self._settings.timeout + size / _SLOWEST
        with translated(self._settings), self._client.deadline(seconds):
            yield


def _folder(name: str, answer: dict[bytes, Any]) -> Folder:
    if b"EXISTS" not in answer:
        raise ValueError("no EXISTS in the answer to SELECT")
    generation, next_uid = answer.get(b"UIDVALIDITY", 0), answer.get(b"UIDNEXT", 0)
    return Folder(name, str(generation), int(next_uid), int(answer[b"EXISTS"]))
