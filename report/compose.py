"""From figures to words: the one place that decides what a report says, whatever it is written as."""

from collections.abc import Iterator
from dataclasses import dataclass

from report.cells import percent
from report.document import Document, Highlight, Letterhead
from report.naming import Naming
from report.sections.course import open_by_age, twelve_months
from report.sections.groups import by_channel, by_kind, by_tier, times
from report.sections.late import late_cases
from report.sections.quality import channel_troubles, corrected_rules
from report.values import MonthlyReport
from report.words import Words
from store.types.statistics import Tally

DEFINED = (
    "month",
    "counted",
    "in_time",
    "late",
    "pending",
    "closed",
    "share",
    "tiers",
    "information",
    "work_time",
    "plain_time",
    "percentiles",
    "age",
    "restricted",
    "rules",
    "downtime",
    "as_of",
)


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who hands the report in, and in which ``city``. ``rules`` is the digest of the rules in force."""

    letterhead: Letterhead
    naming: Naming
    rules: str
    city: str = ""


def compose(report: MonthlyReport, issuer: Issuer) -> Document:
    """Return the report in words."""
    naming, words = issuer.naming, issuer.naming.words
    month = words.month(report.month)
    return Document(
        language=words.language,
        letterhead=issuer.letterhead,
        title=words("report.title"),
        period=words("report.period", month=month),
        facts=tuple(_facts(report, issuer)),
        summary=tuple(_summary(report, words)),
        highlights=tuple(_highlights(report, words)),
        sections=(
            by_tier(report, naming),
            by_channel(report, naming),
            by_kind(report, naming),
            times(report, naming),
            twelve_months(report, words),
            open_by_age(report, words),
            late_cases(report, naming),
            corrected_rules(report, naming),
            channel_troubles(report, naming),
        ),
        definitions_heading=words("report.definitions"),
        definitions=tuple(
            (words(f"report.term_{name}"), words(f"report.means_{name}")) for name in DEFINED
        ),
        signature=(
            _place_and_date(report, issuer),
            words("report.signed_by", section=issuer.letterhead.section),
        ),
        made_at=report.now,
        provisional=words("report.provisional", month=month) if report.unfinished else "",
    )


def _place_and_date(report: MonthlyReport, issuer: Issuer) -> str:
    words = issuer.naming.words
    return ", ".join(
        filter(None, (issuer.city, words.day(report.now.astimezone(words.zone).date())))
    )


def _facts(report: MonthlyReport, issuer: Issuer) -> Iterator[tuple[str, str]]:
    words = issuer.naming.words
    yield words("report.fact_month"), words.month(report.month)
    yield words("report.fact_as_of"), words.moment(report.now)
    yield words("report.fact_rules"), issuer.rules
    used = [
        words("report.digest", digest=d, count=words.number(n)) for d, n in report.digests.items()
    ]
    if used:
        yield words("report.fact_digests"), ", ".join(used)


def _summary(report: MonthlyReport, words: Words) -> Iterator[str]:
    tally = report.total.tally
    if not tally.received:
        yield words("report.summary_nothing", month=words.month(report.month))
        return
    yield words(
        "report.summary",
        month=words.month(report.month),
        received=words.number(tally.received),
        answered=words.number(tally.answered),
    )
    if tally.in_time + tally.late:
        yield words(
            "report.summary_share",
            share=percent(words, tally.in_time, tally.in_time + tally.late).text,
            settled=words.number(tally.in_time + tally.late),
            late=words.number(tally.late),
        )
    if report.backlog:
        yield words("report.summary_backlog", count=words.number(len(report.backlog)))


def _highlights(report: MonthlyReport, words: Words) -> Iterator[Highlight]:
    now, before = report.total.tally, report.before.tally
    for name in ("received", "answered", "in_time", "late"):
        was = words.number(getattr(before, name))
        yield _highlight(words, name, words.number(getattr(now, name)), was)
    yield _highlight(words, "share", _share(words, now), _share(words, before))
    work, earlier = report.total.work, report.before.work
    yield _highlight(
        words,
        "median_work",
        words.number(work.median, 1) if work else "-",
        words.number(earlier.median, 1) if earlier else "-",
    )


def _highlight(words: Words, name: str, figure: str, was: str) -> Highlight:
    return Highlight(words(f"report.top_{name}"), figure, words("report.month_before", figure=was))


def _share(words: Words, tally: Tally) -> str:
    return percent(words, tally.in_time, tally.in_time + tally.late).text
