"""Tell a person by a second way: a command of the office's own, for when the mails may not go out either."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from time import monotonic

import structlog

from channels.errors import ChannelError
from ingest.backoff import delay
from ingest.office import Words
from ingest.troubles import Trouble
from store import Store

CALLED = "called"  # the kept value: subject to the code that was told last
FIRST, CAP = timedelta(minutes=1), timedelta(minutes=30)

log = structlog.get_logger()


class Caller:
    """Hands each trouble's sentence to ``call`` once, and one more when it is over; also over restarts."""

    def __init__(self, store: Store, words: Words, call: Callable[[str], None]) -> None:
        self._store = store
        self._words = words
        self._call = call
        self._failures = 0
        self._rest_until = 0.0  # by the monotonic clock

    def tell(self, now: Iterable[Trouble]) -> None:
        """Tell what changed since the last time. What could not be told is tried again later."""
        told: dict[str, str] = json.loads(self._store.value(CALLED) or "{}")
        current = {trouble.subject: trouble for trouble in now}
        for subject in sorted({*told, *current}):
            trouble = current.get(subject)
            code = trouble.code if trouble else ""
            if code == told.get(subject, "") or monotonic() < self._rest_until:
                continue
            over = "" if trouble else self._words(f"health.{told[subject]}_over", channel=subject)
            if not self._succeeds(trouble.sentence(self._words) if trouble else over):
                return
            told = {**told, subject: code} if code else _without(told, subject)
            self._store.set_value(CALLED, json.dumps(told))
            log.info("call.made", subject=subject)

    def _succeeds(self, sentence: str) -> bool:
        try:
            self._call(sentence)
        except ChannelError as error:
            self._failures += 1
            rest = delay(self._failures, FIRST, CAP)
            self._rest_until = monotonic() + rest.total_seconds()
            log.warning("call.failed", error=str(error))
            return False
        self._failures = 0
        return True


def _without(told: dict[str, str], subject: str) -> dict[str, str]:
    return {name: code for name, code in told.items() if name != subject}
