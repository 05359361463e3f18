"""The monthly evaluation: from settings, database and rules to a report that can be written."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from classify.calendar import Calendar
from classify.deadline import Limit
from classify.engine import RuleSet
from classify.types import Tier
from config.settings import Settings
from config.texts import Texts
from ingest.monthly import MonthlyReport
from ingest.review import review
from report.compose import Issuer
from report.document import Letterhead
from report.figures import report
from report.files import FORMS, Written
from report.months import back, begins, past_year
from report.naming import Naming
from report.values import INFORMATION, Period, RuleRecord
from report.worktime import WorkTime
from store import Store, private
from store.types import Judged
from store.types.statistics import Span, Statistics
from wiring.office import datebook_of

_PAGE = 500
_FOLDER = "laporan"


@dataclass(frozen=True, slots=True)
class Reporting:
    """What a report needs."""

    settings: Settings
    words: Texts
    store: Store
    rules: RuleSet

    def of(self, month: date, now: datetime) -> Written:
        """Return the report of a month as the data stands. Raises StoreError."""
        zone = ZoneInfo(self.settings.general.timezone)
        starts = tuple(begins(one, zone) for one in past_year(month))
        end = begins(back(month, -1), zone)
        found = self.store.statistics.read(Span(starts, end, now))
        period = Period(
            months=past_year(month),
            start=starts[-1],
            end=end,
            now=now,
            hourly=frozenset(n for n, limit in self._promises().items() if limit.endswith("h")),
            information=Limit.parse(self.settings.limits.permintaan_informasi),
            channels=[one.name for one in self.settings.channels if one.enabled],
        )
        calendar = datebook_of(self.settings, self.store, lambda: now).current()
        time = WorkTime(calendar, *_days(found, period, calendar))
        return Written(report(period, found, self._corrected(period), time), self._issuer())

    def _corrected(self, period: Period) -> tuple[RuleRecord, ...]:
        found = review(self.rules, self._decided(period))
        return tuple(
            RuleRecord(one.rule, one.meaning, len(one.wrong), one.right) for one in found.rules
        )

    def _decided(self, period: Period) -> Iterator[Judged]:
        span, after = (period.start, period.end), 0
        while page := self.store.judged(by_people=True, decided=span, after=after, limit=_PAGE):
            yield from page
            after = page[-1].id

    def _issuer(self) -> Issuer:
        office, teams = self.settings.office, self.settings.teams
        contact = " · ".join(filter(None, (office.phone, *office.emails, office.web)))
        return Issuer(
            letterhead=Letterhead(office.name, office.section, office.address, contact),
            naming=Naming(self.words, self._promises(), {team.name: team.label for team in teams}),
            rules=self.rules.digest,
            city=office.city,
        )

    def _promises(self) -> dict[str, str]:
        limits = self.settings.limits
        tiers = {tier.value: getattr(limits, tier.value) for tier in Tier}
        return tiers | {INFORMATION: limits.permintaan_informasi}


def monthly_of(
    settings: Settings,
    words: Texts,
    store: Store,
    *,
    calendar: Callable[[], Calendar],
    rules: Callable[[], RuleSet],
    clock: Callable[[], datetime],
) -> MonthlyReport | None:
    """What writes the report of a month by itself, None where that is not wanted."""
    if not settings.report.automatic:
        return None

    def write(month: date, now: datetime) -> dict[str, str]:
        made = Reporting(settings, words, store, rules()).of(month, now)
        folder = settings.report.folder or settings.store.folder / _FOLDER
        private.ensure_folder(folder)
        for form in FORMS:
            made.save(form, folder)
        tally = made.report.total.tally
        return {
            "month": words.month(month),
            "code": month.strftime("%Y-%m"),
            "folder": str(folder / f"{made.name}.pdf"),
            "received": words.number(tally.received),
            "in_time": words.number(tally.in_time),
            "late": words.number(tally.late),
        }

    return MonthlyReport(store, calendar, write, settings.escalation.head, clock)


def _days(found: Statistics, period: Period, calendar: Calendar) -> tuple[date, date]:
    """The first and the last day that working days are counted on."""
    cases = (*found.cases, *found.open)
    moments = [period.now, period.end, *(start for start, _ in found.answers_before)]
    for case in cases:
        known = (case.received_at, case.due_at, case.due_again_at, case.answered_at, case.closed_at)
        moments += filter(None, known)
    moments += (end for _, end in found.answers_before)
    return calendar.local(min(moments)).date(), calendar.local(max(moments)).date()
