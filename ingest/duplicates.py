"""Suggest that a complaint was told before: compared after it is stored, so that taking in waits for nothing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

import structlog

from ingest.likeness import likeness, person_keys, phone, text_keys
from ingest.people import same_mailbox
from store import Store, StoreError
from store.types import Comparable, Suggestion

RECENT = timedelta(days=90)
ROUND = 100  # cases compared at once: after importing history, mail must still go out in between
BY_PERSON, BY_TEXT = 20, 30  # of so many candidates the likeliest are taken
MOST = 3  # suggestions for one case: more would not be read
ALIKE = 70  # percent; of 6,105 pairs of complaints about two matters, none was above 60
PERSON = 50  # what the same telephone or address is worth by itself

log = structlog.get_logger()


class Suggester:
    """Compares every case once with those of the 90 days before it."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def catch_up(self) -> int:
        """Compare cases that were not compared yet, at most `ROUND`; return how many. Raises StoreError."""
        now = self._clock()
        cases = self._store.duplicates.uncompared(now - RECENT, ROUND)
        for case in cases:
            self._compare_anyhow(case, now)
        return len(cases)

    def _compare_anyhow(self, case: Comparable, now: datetime) -> None:
        """Compare a case; what makes the comparison fail must not keep all later ones from it."""
        try:
            self._compare(case, now)
        except StoreError:
            raise
        except Exception:
            log.exception("duplicate.failed", number=case.number)
            self._store.duplicates.compared(case, (), ())

    def _compare(self, case: Comparable, now: datetime) -> None:
        person, text = person_keys(case), text_keys(case)
        since = case.received_at - RECENT
        desk = self._store.duplicates
        alike = (
            *(desk.sharing(person, case, since, BY_PERSON) if person else ()),
            *(desk.sharing(text, case, since, BY_TEXT) if text else ()),
        )
        found = best(case, alike, now)
        desk.compared(case, [*person, *text], found)
        if found:
            log.info("duplicate.suggested", number=case.number, others=[s.other for s in found])


def best(case: Comparable, others: Iterable[Comparable], now: datetime) -> list[Suggestion]:
    """Return the likeliest of those that are alike at all, each once."""
    found = {one.other: one for one in _alike(case, others, now)}
    return sorted(found.values(), key=lambda one: one.score, reverse=True)[:MOST]


def _alike(case: Comparable, others: Iterable[Comparable], now: datetime) -> Iterator[Suggestion]:
    for other in others:
        same_phone = phone(case.phone) != "" and phone(case.phone) == phone(other.phone)
        same_email = same_mailbox(case.email, other.email)
        percent = likeness(case.words, other.words)
        person = same_phone or same_email
        if other.related(case) or not (person or percent >= ALIKE):
            continue
        yield Suggestion(
            number=case.number,
            other=other.number,
            score=PERSON + percent // 2 if person else percent,
            likeness=percent,
            same_phone=same_phone,
            same_email=same_email,
            at=now,
        )
