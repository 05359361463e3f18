"""Whatever people, calendars, clocks and restarts do: one digest a day, each stage once, nothing outside hours."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classify.stages import is_open
from classify.types import Verdict
from testing.daemon import OWN, Site
from testing.smtp_sink import Received, SmtpSink
from tests.ingest.clockwork import UNCERTAIN, WITA, Clockwork
from tests.store.samples import GRAVE, VERDICT

START = (
    "08 Mar 2027 06:00"  # Nyepi is on the 8th, lebaran on the 10th and 11th, cuti bersama around
)
_ARRIVE = st.tuples(
    st.just("arrive"),
    st.sampled_from(["3 h", "3 wd", "5 wd", "14 wd"]),
    st.sampled_from([VERDICT, UNCERTAIN, GRAVE]),
)
_STEP = st.tuples(
    st.sampled_from(["take", "answer", "reopen", "restart", "close_day", "look"]),
    st.integers(0, 9),
)
_WAIT = st.tuples(st.just("wait"), st.sampled_from([5, 20, 45, 90, 300, 1440, 4 * 1440]))
_STORY = st.lists(st.one_of(_ARRIVE, _WAIT, _WAIT, _STEP), min_size=8, max_size=40)


@dataclass
class Story:
    """An office in which things happen; every mail with the local moment it landed."""

    clock: Clockwork
    numbers: list[str] = field(default_factory=list)
    lives: Counter[str] = field(default_factory=Counter)
    landed: list[tuple[date, Received]] = field(default_factory=list)
    late: set[str] = field(default_factory=set)

    def happen(self, what: str, *how: Any) -> None:
        getattr(self, f"_{what}")(*how)
        self._look(0)

    def _arrive(self, limit: str, verdict: Verdict) -> None:
        number = self.clock.arrive(limit, verdict)
        self.numbers.append(number)
        self.lives[number] = 1

    def _wait(self, minutes: int) -> None:
        self.clock.now += timedelta(minutes=minutes)

    def _case(self, which: int, *, is_open: bool) -> str | None:
        fitting = [n for n in self.numbers if self.clock.ticket(n).status.open is is_open]
        return fitting[which % len(fitting)] if fitting else None

    def _take(self, which: int) -> None:
        if number := self._case(which, is_open=True):
            self.clock.take(number, ("kesra1", "Budi", "root")[which % 3])

    def _answer(self, which: int) -> None:
        if number := self._case(which, is_open=True):
            self.clock.answer(number)

    def _reopen(self, which: int) -> None:
        if number := self._case(which, is_open=False):
            self.clock.reopen(number)
            self.lives[number] += 1

    def _restart(self, _which: int) -> None:
        self.clock.restart()

    def _close_day(self, which: int) -> None:
        self.clock.close_day(self.clock.now.astimezone(WITA).date() + timedelta(days=which + 1))

    def _look(self, _which: int) -> None:
        at = self.clock.now.astimezone(WITA)
        for mail in self.clock.tick():
            kind = mail.message["X-Muara"]
            assert kind in ("digest", "reminder")
            assert kind == "digest" or is_open(self.clock.now, self.clock.calendar)
            assert self.clock.calendar.work_day(at.date())
            self.landed.append((at.date(), mail))
        for case in self.clock.at_work.reminding.open_cases():
            if case.due_at <= self.clock.now:
                self.late.add(case.number)


@given(_STORY)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_is_told_too_much(happenings: list[tuple[Any, ...]]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with TemporaryDirectory() as folder, SmtpSink() as sink:
        site = Site(Path(folder), sink.port)
        site.imap("gmail", ("localhost", 1), OWN, "x")
        story = Story(Clockwork(site, sink, START))
        try:
            for what, *how in happenings:
                story.happen(what, *how)
            assert_laws(story)
        finally:
            story.clock.close()


def assert_laws(story: Story) -> None:
    digests: Counter[tuple[date, str]] = Counter()
    stages: Counter[tuple[str, str, str]] = Counter()
    for day, mail in story.landed:
        to, subject = mail.recipients[0], str(mail.message["Subject"]).strip()
        if mail.message["X-Muara"] == "digest":
            digests[day, to] += 1
        else:
            stages[subject[1:12], subject.split()[1], to] += 1
    assert set(digests.values()) <= {1}
    assert all(count <= story.lives[number] for (number, *_), count in stages.items())
    recorded = {
        number
        for number in story.numbers
        if any(event.what == "deadline.passed" for event in story.clock.ticket(number).events)
    }
    assert recorded == story.late
    assert story.clock.at_work.verify() == []
