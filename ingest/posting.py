"""Answers that wait for a channel are sent through it: at most once each, and on doubt a person is asked."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import structlog

from channels.base import Answering
from channels.errors import ChannelError, InDoubt, Temporary
from ingest.backoff import NOTICE_CAP, NOTICE_FIRST, delay
from ingest.letters import parts
from ingest.office import Office, Words
from store import Store
from store.types import Notice, NoticeKind

log = structlog.get_logger()


class Poster:
    """Works in the turn of its channel, which one thread uses at a time."""

    def __init__(
        self,
        name: str,
        channel: Answering,
        *,
        store: Store,
        office: Office,
        words: Words,
        clock: Callable[[], datetime],
    ) -> None:
        self._name = name
        self._channel = channel
        self._store = store
        self._office = office
        self._words = words
        self._clock = clock

    def post_due(self, stop: Event) -> None:
        """Send what waits. Trouble stays with the answer it met. Raises StoreError."""
        for notice in self._store.postings.due(self._name, self._clock()):
            if stop.is_set():
                return
            self._post(notice)

    def _post(self, notice: Notice) -> None:
        text = self._text(notice)
        if not self._store.postings.begin(notice.id, self._clock()):
            # The program ended between sending and writing down.
            self._give_up(notice, self._words("errors.posting_interrupted"))
            return
        try:
            self._channel.post(notice.details["external_id"], text)
        except Temporary as error:
            again = self._clock() + delay(notice.attempts + 1, NOTICE_FIRST, NOTICE_CAP)
            self._store.postings.again(notice.id, self._sentence(error), again)
            log.warning("posting.delayed", number=notice.number, error=str(error))
        except ChannelError as error:
            log.warning("posting.failed", number=notice.number, error=str(error))
            self._give_up(notice, self._sentence(error))
        except Exception as error:
            log.exception("posting.failed", number=notice.number)
            unknown = InDoubt("lapor_in_doubt", host=self._name, reason=type(error).__name__)
            self._give_up(notice, self._sentence(unknown))
        else:
            self._store.notice_sent(notice.id, self._clock())
            log.info("posting.sent", number=notice.number)

    def _text(self, notice: Notice) -> str:
        """The answer, headed by which part of the report it is about where that has several."""
        case = self._store.ticket(notice.number)
        said: str = notice.details["text"]
        return parts.headed(self._words, case, said) if case else said

    def _give_up(self, notice: Notice, why: str) -> None:
        """Tell those who work on the case; the answer itself stands in it."""
        now = self._clock()
        details = {
            "number": notice.number,
            "external_id": notice.details["external_id"],
            "error": why,
        }
        for reader in self._readers(notice.number):
            key = f"posting:{notice.id}"
            self._store.add_notice(NoticeKind.POSTING_FAILED, reader, details, key, now)
        self._store.notice_failed(notice.id, why, None, now)

    def _readers(self, number: str) -> tuple[str, ...]:
        case = self._store.ticket(number)
        if case is None:
            return self._office.members(self._office.default_team)
        return self._office.examiners() if case.restricted else self._office.members(case.team)

    def _sentence(self, error: ChannelError) -> str:
        return self._words(f"errors.{error.code}", **{"channel": self._name, **error.values})
