"""Months to report on."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from classify.calendar import Calendar, ClosedDay, OfficeHours, WorkDay
from classify.deadline import Limit
from classify.types import Kind, Medium, Tier
from config.texts import Texts
from report.compose import Issuer
from report.document import Letterhead
from report.figures import report
from report.files import Written
from report.months import back, begins, past_year
from report.naming import Naming
from report.values import MonthlyReport, Period, RuleRecord
from report.worktime import WorkTime
from store.types import Status
from store.types.statistics import CaseFacts, Correction, Outage, OutageKind, Statistics, Tally

WITA = ZoneInfo("Asia/Makassar")
MONTH = date(2026, 11, 1)
MONTHS = past_year(MONTH)
START, END = begins(MONTH, WITA), begins(back(MONTH, -1), WITA)
NOW = datetime(2026, 12, 2, 1, tzinfo=UTC)
LONG = WorkDay(time(7, 30), time(16), time(12), time(12, 45))
FRIDAY = WorkDay(time(7), time(14), time(11), time(11, 30))
CALENDAR = Calendar(
    (OfficeHours(date(2026, 3, 1), (LONG, LONG, LONG, LONG, FRIDAY, None, None)),),
    (ClosedDay(date(2026, 11, 11), "Cuti", "SKB"),),
)
TIME = WorkTime(CALENDAR, date(2025, 1, 1), date(2027, 12, 31))
PERIOD = Period(
    months=MONTHS,
    start=START,
    end=END,
    now=NOW,
    hourly=frozenset({"ringan"}),
    information=Limit(working_days=3),
    channels=["gmail", "ekspor-lapor"],
)
PROMISES = {
    "ringan": "3 h",
    "normatif": "5 wd",
    "tidak_berkadar": "14 wd",
    "berkadar": "60 wd",
    "permintaan_informasi": "3 wd",
}
LETTERHEAD = Letterhead(
    "Sekretariat Daerah Kabupaten Buleleng", "Bagian Kesejahteraan Rakyat", "", "0362 21985"
)


def case(**values: Any) -> CaseFacts:
    received = values.pop("received_at", START + timedelta(days=3, hours=2))
    made = CaseFacts(
        number="MR-7K3F-9Q3",
        channel="gmail",
        medium=Medium.EMAIL,
        kind=Kind.PENGADUAN,
        tier=Tier.NORMATIF,
        certain=True,
        status=Status.ROUTED,
        team="kesra",
        received_at=received,
        due_at=received + timedelta(days=7),
        due_again_at=None,
        limit="5 wd",
        answered_at=None,
        closed_at=None,
        rules_digest="d1d1d1",
    )
    return replace(made, **values)


def found(cases: Sequence[CaseFacts] = (), **values: Any) -> Statistics:
    empty = {begins(month, WITA): Tally() for month in MONTHS}
    made = Statistics(
        cases=tuple(cases),
        answers_before=(),
        tallies=empty | {START: Tally.of(cases, NOW)},
        open=tuple(one for one in cases if one.status.open and one.kind.wants_answer),
        corrections=(),
        channels=("ekspor-lapor", "gmail"),
        outages=(),
        outages_since=None,
    )
    return replace(made, **values)


def figures(cases: Sequence[CaseFacts] = (), **values: Any) -> MonthlyReport:
    return report(PERIOD, found(cases, **values), (), TIME)


def full() -> MonthlyReport:
    """A month with something in every part of the report."""
    late, done = START + timedelta(days=20), {"status": Status.ANSWERED}
    cases = [
        case(number="MR-1111-111", answered_at=START + timedelta(days=5), **done),
        case(number="MR-2222-222", tier=Tier.BERKADAR, due_at=END + timedelta(days=50)),
        case(number="MR-3333-333", tier=None, certain=False, medium=Medium.PHONE, channel="phone"),
        case(number="MR-4444-444", kind=Kind.PERMINTAAN_INFORMASI, answered_at=late, **done),
        case(number="MR-5555-555", tier=Tier.RINGAN, status=Status.CLOSED, closed_at=late),
        case(number="MR-6666-666", kind=Kind.SPAM, due_at=None),
    ]
    old = case(number="MR-7777-777", received_at=START - timedelta(days=40))
    begun = START + timedelta(days=2)
    facts = found(
        cases,
        open=(*(one for one in cases if one.status.open and one.due_at), old),
        corrections=(Correction(Tier.NORMATIF, True, Tier.RINGAN, 2),),
        outages=(Outage("gmail", OutageKind.DOWN, begun, begun + timedelta(hours=3)),),
        outages_since=START,
    )
    rules = [RuleRecord("2-tanya-syarat", "Menanyakan syarat.", 2, 1)]
    return report(PERIOD, facts, rules, TIME)


def written(report_: MonthlyReport, language: str = "id") -> Written:
    words = Texts(language)
    naming = Naming(words, PROMISES, {"kesra": "Tim Pengelola Pengaduan"})
    return Written(report_, Issuer(LETTERHEAD, naming, "r1r1r1"))
