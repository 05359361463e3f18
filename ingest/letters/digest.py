"""The morning's digest, to be read on a phone: what is late or due on top, two or three short lines a case."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ingest.board import Section
from ingest.digest import Digest, Digests
from ingest.escalation import worker
from ingest.late import late
from ingest.letters.envelope import Desk, Letter, one_line
from ingest.people import same_mailbox
from store import Store
from store.types import Notice
from store.types.reminders import OpenCase

SHOWN = 15  # cases a section; the list on the screen has them all
SUBJECT_SHOWN = 60
NUMBERS_SHOWN = 5
_COUNTED = (Section.LATE, Section.TODAY, Section.SOON)  # in the mail's subject


class DigestLetters:
    """Writes digests from what stands in the database when they are sent."""

    def __init__(self, store: Store, desk: Desk, digests: Digests) -> None:
        self._store = store
        self._desk = desk
        self._digests = digests

    def write(self, notice: Notice) -> Letter:
        """The digest for a notice's recipient."""
        now = self._desk.clock()
        since = datetime.fromisoformat(notice.details["since"])
        digest = self._digests.content(notice.recipient, since, now)
        office, words = self._desk.office, self._desk.words
        person = office.person_at(notice.recipient)
        named = person is not None and person.name != person.email
        page = _Page(self._desk, self._store, digest, notice.recipient, now)
        return Letter(
            words("digest.subject", day=words.day(digest.day), counts=page.headline()),
            words(
                "digest.body",
                name=person.name if person and named else words("letters.dear_unnamed"),
                day=words.day(digest.day),
                counts=page.counts(),
                sections="\n".join(page.sections()),
            ),
        )


class _Page:
    """One digest in words."""

    def __init__(
        self, desk: Desk, store: Store, digest: Digest, recipient: str, now: datetime
    ) -> None:
        self._office = desk.office
        self._words = desk.words
        self._digest = digest
        self._now = now
        self._examiner = any(same_mailbox(recipient, one) for one in desk.office.examiners())
        shown = [case for cases in digest.cases.values() for case in cases[:SHOWN]]
        self._subjects = store.reminding.subjects(
            [case.number for case in shown if not self._hides(case)]
        )

    def headline(self) -> str:
        """What the mail's subject says: how many are late, due today, and due soon."""
        told = [self._count(section) for section in _COUNTED if self._digest.cases[section]]
        return ", ".join(told) or self._words("digest.nothing_urgent")

    def counts(self) -> str:
        """How many of each section, a line each."""
        told = [self._count(section) for section, cases in self._digest.cases.items() if cases]
        nothing = "nothing" if self._digest.empty else "nothing_urgent"
        return "\n".join(f"  {one}" for one in told) or f"  {self._words(f'digest.{nothing}')}"

    def sections(self) -> Iterator[str]:
        """Every section that has something to say, the most urgent first."""
        for section, cases in self._digest.cases.items():
            if cases:
                yield self._section(section, cases)
        if beside := list(self._beside()):
            yield "\n".join([self._words("digest.beside_title"), "", *beside, ""])

    def _count(self, section: Section) -> str:
        count = len(self._digest.cases[section])
        return self._words(f"digest.{section}_count", count=count)

    def _section(self, section: Section, cases: Sequence[OpenCase]) -> str:
        title = self._words(f"digest.{section}_title", count=len(cases))
        rows = [self._row(section, place, case) for place, case in enumerate(cases[:SHOWN], 1)]
        if more := len(cases) - SHOWN:
            rows += [self._words("digest.more", count=more)] if more > 0 else []
        return "\n".join([title, "", *rows, ""])

    def _row(self, section: Section, place: int, case: OpenCase) -> str:
        lines = [f"{place}. {case.number} | {self._tier(case)}", f"   {self._clock(section, case)}"]
        if self._hides(case):
            return "\n".join([*lines, f"   {self._words('reminders.restricted')}"])
        subject = one_line(self._subjects.get(case.number, ""))[:SUBJECT_SHOWN]
        lines.append(f"   {subject or self._words('letters.no_subject')}")
        lines.append(f"   {self._who(case)}")
        return "\n".join(lines)

    def _hides(self, case: OpenCase) -> bool:
        return case.restricted and not self._examiner

    def _tier(self, case: OpenCase) -> str:
        tier = case.tier or case.suggested
        label = self._words(f"tiers_short.{tier}") if tier else self._words("digest.no_tier")
        return label if case.certain or not tier else self._words("digest.tier_open", tier=label)

    def _clock(self, section: Section, case: OpenCase) -> str:
        due = self._words.short_moment(case.due_at)
        if section is not Section.LATE:
            return self._words("digest.due", due=due)
        by = late(self._words, case.due_at, self._now, self._office.calendar)
        return self._words("digest.late_by", by=by, due=due)

    def _who(self, case: OpenCase) -> str:
        team = self._office.teams.get(case.team)
        label = team.label if team else case.team
        person = worker(self._office, case)
        name = person.name if person else case.taken_by
        return self._words("digest.worker", team=label, worker=name) if name else label

    def _beside(self) -> Iterator[str]:
        """What is not about time: answers to bring, channels, lost mails, what could not be read."""
        words, troubled = self._words, self._digest.troubled
        digest = self._digest
        yield from self._numbered("held", digest.held)
        yield from self._numbered("calls", digest.calls)
        yield from self._numbered("deliveries", digest.deliveries)
        yield from (f"- {trouble.sentence(words)}" for trouble in self._digest.troubles)
        yield from self._numbered("undelivered", troubled.undelivered)
        if troubled.quarantined:
            yield "- " + words("digest.quarantined", count=troubled.quarantined)

    def _numbered(self, key: str, numbers: Sequence[str]) -> Iterator[str]:
        """A line with how many there are and the first of their numbers; nothing where there is none."""
        if numbers:
            shown = ", ".join(numbers[:NUMBERS_SHOWN]) + (
                ", ..." if numbers[NUMBERS_SHOWN:] else ""
            )
            yield "- " + self._words(f"digest.{key}", count=len(numbers), numbers=shown)
