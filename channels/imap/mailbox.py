"""What is on the server and not in the ledger, and how it is fetched: in order, in bounded batches."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from io import BytesIO

import structlog

from channels.errors import ChannelError
from channels.imap.session import Folder, Session
from channels.imap.settings import ImapSettings

_WINDOW = 50_000  # UIDs in one SEARCH reply: imaplib refuses lines over 1 MB
_LISTING = 500  # UIDs in one command line
_BATCH_COUNT = 100
_BATCH_BYTES = 8 * 1024 * 1024
_PIECE = 1024 * 1024  # bytes of a large mail fetched at once
_SAMPLE = 512 * 1024  # bytes of an oversize mail: its header and first part

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail on the server, not yet fetched. ``size`` is RFC822.SIZE, ``received_at`` INTERNALDATE."""

    uid: int
    size: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail's bytes; ``truncated`` where only its beginning was fetched."""

    listed: Listed
    raw: bytes
    truncated: bool


class Suspects:
    """Mail that was being fetched when a connection broke: it may be what breaks the server.

    It is fetched last and one by one from then on, so that one such mail keeps no other back.
    """

    def __init__(self) -> None:
        self._breaks: Counter[tuple[str, str, int]] = Counter()

    def count(self, folder: Folder, uid: int) -> int:
        """How many connections broke over this mail."""
        return self._breaks[folder.name, folder.generation, uid]

    @contextmanager
    def watch(self, folder: Folder, uids: Sequence[int], *, clears: bool) -> Iterator[None]:
        """Suspect these when the block raises a ChannelError; with ``clears`` trust them when it does not."""
        keys = [(folder.name, folder.generation, uid) for uid in uids]
        try:
            yield
        except ChannelError:
            self._breaks.update(keys)
            raise
        if clears:
            for key in keys:
                self._breaks.pop(key, None)


class Mailbox:
    """The mail of one folder, in the generation it had when it was opened."""

    def __init__(
        self, session: Session, folder: Folder, settings: ImapSettings, suspects: Suspects
    ) -> None:
        self._session = session
        self._folder = folder
        self._settings = settings
        self._suspects = suspects

    def uids(self) -> list[int]:
        """All UIDs, ascending, that may be of the start date or later. Flags do not count.

        A large mailbox is listed in windows of sequence numbers, from the top: numbers shift down when
        mail is expunged meanwhile, so windows may overlap but leave nothing out.
        """
        if self._folder.count == 0:
            return []
        if self._folder.count <= _WINDOW:
            return self._session.search(self._folder, ["ALL", *self._since()])
        found: set[int] = set()
        for top in range(self._folder.count, 0, -_WINDOW):
            window = f"{max(1, top - _WINDOW + 1)}:{top}"
            found.update(self._session.search(self._folder, [window, *self._since()]))
        return sorted(found)

    def fetch(self, known: Container[str]) -> Iterator[Fetched]:
        """Yield every mail whose UID is not known, oldest first, suspects last.

        What was expunged meanwhile is left out.
        """
        missing = [uid for uid in self.uids() if str(uid) not in known]
        trusted = [uid for uid in missing if not self._breaks(uid)]
        for start in range(0, len(trusted), _LISTING):
            yield from self._fetch_some(trusted[start : start + _LISTING])
        for uid in sorted(filter(self._breaks, missing), key=self._breaks):
            yield from self._fetch_some([uid])

    def received(self, uids: Sequence[int]) -> dict[int, datetime | None]:
        """When each mail was received; those from before the start date and those gone are left out.

        None for a mail that is there but of which the server will not say anything.
        """
        described = [
            mail
            for start in range(0, len(uids), _LISTING)
            for mail in self._described(uids[start : start + _LISTING])
        ]
        silent = set(uids) - {mail.uid for mail in described}
        there = silent.intersection(self.uids()) if silent else ()
        dates = {m.uid: m.received_at for m in described if not self._too_old(m.received_at)}
        return {**dates, **dict.fromkeys(sorted(there))}

    def _breaks(self, uid: int) -> int:
        return self._suspects.count(self._folder, uid)

    def _fetch_some(self, uids: Sequence[int]) -> Iterator[Fetched]:
        with self._suspects.watch(self._folder, uids, clears=False):
            listed = self._listed(uids)
        for batch in _batches(listed, self._settings):
            fetching = [mail.uid for mail in batch]
            with self._suspects.watch(self._folder, fetching, clears=True):
                yield from self._fetched(batch)

    def _since(self) -> list[object]:
        """One day more than asked for: SINCE goes by the date in the server's own zone (RFC 3501, 6.4.4)."""
        if self._settings.since is None:
            return []
        return ["SINCE", self._settings.since - timedelta(days=1)]

    def _too_old(self, received_at: datetime) -> bool:
        since, zone = self._settings.since, self._settings.zone
        return since is not None and received_at < datetime.combine(since, time(), zone)

    def _listed(self, uids: Sequence[int]) -> list[Listed]:
        listed = self._described(uids)
        if gone := len(uids) - len(listed):
            log.info("mail.gone", folder=self._folder.name, count=gone)
        return [mail for mail in listed if not self._too_old(mail.received_at)]

    def _described(self, uids: Sequence[int]) -> list[Listed]:
        answers = self._session.fetch(self._folder, uids, ["RFC822.SIZE", "INTERNALDATE"])
        return [
            Listed(uid, int(answer[b"RFC822.SIZE"]), _aware(answer.get(b"INTERNALDATE")))
            for uid, answer in sorted(answers.items())
            if b"RFC822.SIZE" in answer
        ]

    def _fetched(self, batch: Sequence[Listed]) -> Iterator[Fetched]:
        if _goes_alone(batch[0], self._settings):
            yield from self._in_pieces(batch[0])
            return
        size = sum(mail.size for mail in batch)
        uids = [mail.uid for mail in batch]
        answers = self._session.fetch(self._folder, uids, ["BODY.PEEK[]"], size)
        for mail in batch:
            raw = answers.pop(mail.uid, {}).get(b"BODY[]", _ABSENT)
            if raw is _ABSENT or (raw is None and mail.size > 0):
                log.info("mail.gone", folder=self._folder.name, uid=mail.uid)
            else:
                yield Fetched(mail, raw or b"", truncated=False)

    def _in_pieces(self, mail: Listed) -> Iterator[Fetched]:
        """Fetch up to the limit. Only a short piece is the end: RFC822.SIZE is a guess on some servers."""
        limit = self._settings.size_limit
        wanted = min(_SAMPLE, limit) if mail.size > limit else limit
        buffer, ended = BytesIO(), False
        while not ended and (missing := wanted - buffer.tell()) > 0:
            asked = min(_PIECE, missing)
            piece = self._piece(mail, buffer.tell(), asked)
            if piece is None:
                log.info("mail.gone", folder=self._folder.name, uid=mail.uid)
                return
            buffer.write(piece)
            ended = len(piece) < asked
        raw = buffer.getvalue()
        yield Fetched(mail, raw, truncated=not ended and len(raw) != mail.size)

    def _piece(self, mail: Listed, start: int, size: int) -> bytes | None:
        """Some bytes of a mail; fewer than asked for at its end, None when it is gone."""
        item = f"BODY.PEEK[]<{start}.{size}>"
        answer = self._session.fetch(self._folder, [mail.uid], [item], size).get(mail.uid, {})
        key = b"BODY[]<%d>" % start
        return (answer[key] or b"") if key in answer else None


_ABSENT = object()


def _aware(internal_date: datetime | None) -> datetime:
    """INTERNALDATE in UTC; a server that does not tell has just received it."""
    if internal_date is None:
        return datetime.now(UTC)
    if internal_date.tzinfo is None:
        return internal_date.replace(tzinfo=UTC)
    return internal_date.astimezone(UTC)


def _goes_alone(mail: Listed, settings: ImapSettings) -> bool:
    return mail.size > min(_PIECE, settings.size_limit)


def _batches(mails: Sequence[Listed], settings: ImapSettings) -> Iterator[list[Listed]]:
    """Group by count and size; a large mail goes alone, so that it can be fetched in pieces."""
    batch: list[Listed] = []
    size = 0
    for mail in mails:
        alone = _goes_alone(mail, settings)
        if batch and (alone or len(batch) == _BATCH_COUNT or size + mail.size > _BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(mail)
        size += mail.size
        if alone:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
