"""Send what waits in the outbox: one transaction a notice, the same Message-ID on every try."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from threading import Event
from time import monotonic

import structlog

from channels.errors import ChannelError
from channels.smtp import Mailer
from channels.smtp_errors import Refused
from ingest.backoff import NOTICE_CAP, NOTICE_FIRST, SERVER_CAP, delay
from ingest.duplicates import Suggester
from ingest.letters import Letters
from ingest.office import Words
from ingest.returned import Returned
from store import Store, StoreError
from store.addresses import without_addresses
from store.types import Notice

MINUTE = 60.0
GIVE_UP_ROUND = 3  # "try later" in a row: the server has enough, the rest waits for the next round
ONE_MAIL_ONLY = "smtp_busy"  # the server works, but wants this mail later; all else hits every mail

log = structlog.get_logger()


class Outbox:
    """Sends due notices. A dead server delays them; it never loses one.

    What ``is_moot`` when its turn comes is dropped: a reminder of a case that was answered meanwhile.
    """

    def __init__(
        self,
        store: Store,
        mailer: Mailer,
        *,
        letters: Letters,
        returned: Returned,
        words: Words,
        clock: Callable[[], datetime],
        per_minute: int,
        is_moot: Callable[[Notice, datetime], bool] = lambda _notice, _now: False,
    ) -> None:
        self._store = store
        self._mailer = mailer
        self._letters = letters
        self._returned = returned
        self._words = words
        self._is_moot = is_moot
        self._suggester = Suggester(store, clock)
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=per_minute)
        self._accepted: dict[int, datetime] = {}
        self._server_failures = 0
        self._rest_until = 0.0  # by the monotonic clock

    def send_due(self, stop: Event) -> int:
        """Try the notices that are due; return how many were sent. Raises StoreError.

        A round ends early when the server is out of order or counts more mails a minute than it likes;
        the rest waits for the next round.
        """
        self._write_down()
        self._compare()
        self._returned.tell()
        sent = failures = 0
        with self._mailer:
            for notice in self._due():
                if stop.is_set() or failures >= GIVE_UP_ROUND or self._too_many():
                    break
                delivered = self._send(notice)
                sent, failures = (sent + 1, 0) if delivered else (sent, failures + 1)
        return sent

    def _compare(self) -> None:
        """Look for cases told twice just before the team is told of them. Mail goes out all the same."""
        try:
            self._suggester.catch_up()
        except StoreError as error:
            log.warning("duplicates.postponed", error=str(error))

    def _due(self) -> Iterator[Notice]:
        while not self._resting() and (due := self._store.due_notices(self._clock())):
            for notice in due:
                if self._resting():
                    return
                if self._is_moot(notice, self._clock()):
                    self._store.reminding.drop(notice.id)
                    log.info("notice.dropped", notice=notice.id, kind=notice.kind.value)
                    continue
                yield notice

    def _too_many(self) -> bool:
        full = len(self._recent) == self._recent.maxlen
        return full and monotonic() - self._recent[0] < MINUTE

    def _resting(self) -> bool:
        return monotonic() < self._rest_until

    def _send(self, notice: Notice) -> bool:
        self._recent.append(monotonic())
        try:
            self._mailer.send(self._letters.compose(notice), notice.recipient)
        except StoreError:
            raise
        except ChannelError as error:
            self._failed(notice, error)
            return False
        except Exception as error:
            # A letter that cannot be put together must not block the others: a person has to look.
            log.exception("notice.failed", notice=notice.id, number=notice.number)
            self._store.notice_failed(
                notice.id, f"{type(error).__name__}: {error}"[:500], None, self._clock()
            )
            return False
        self._accepted[notice.id] = self._clock()
        self._server_failures = 0
        self._write_down()
        log.info("notice.sent", kind=notice.kind.value, number=notice.number or None)
        return True

    def _write_down(self) -> None:
        """Note what the server has taken. While that cannot be written, nothing more is sent.

        A full disk must not make the same mail go out every other second.
        """
        for which, at in tuple(self._accepted.items()):
            self._store.notice_sent(which, at)
            del self._accepted[which]

    def _failed(self, notice: Notice, error: ChannelError) -> None:
        """Try again later whatever the trouble, unless this mail itself can never be delivered.

        A wrong password or an expired certificate is mended by a person; the notices wait for that.
        """
        now = self._clock()
        sentence = self._words(f"errors.{error.code}", **{"channel": "SMTP", **error.values})
        again = None if isinstance(error, Refused) else now + self._wait(notice, error)
        self._store.notice_failed(notice.id, sentence, again, now)
        log.warning(
            "notice.failed",
            notice=notice.id,
            number=notice.number or None,
            error=without_addresses(sentence),
            again=again.isoformat() if again else None,
        )

    def _wait(self, notice: Notice, error: ChannelError) -> timedelta:
        if error.code == ONE_MAIL_ONLY:
            return delay(notice.attempts + 1, NOTICE_FIRST, NOTICE_CAP)
        self._server_failures += 1
        rest = delay(self._server_failures, NOTICE_FIRST, SERVER_CAP)
        self._rest_until = monotonic() + rest.total_seconds()
        return min(delay(notice.attempts + 1, NOTICE_FIRST, SERVER_CAP), SERVER_CAP)
