"""The course of time: twelve months, and how old what is still open is."""

from report.cells import columns, count
from report.charts import IN_TIME, LATE, PENDING, REOPENED
from report.document import Cell, Chart, Section, Series, Shape, Table
from report.sections.groups import COUNTED, counted_cells, standing_series
from report.values import Age, MonthlyReport
from report.words import Words
from store.types.statistics import Tally


def twelve_months(report: MonthlyReport, words: Words) -> Section:
    """What was received in each month, and how it stands now."""
    return Section(
        heading=words("report.months"),
        text=(words("report.months_text"),),
        charts=_course(report, words),
        tables=(_months(report, words),),
    )


def open_by_age(report: MonthlyReport, words: Words) -> Section:
    """How long people have been waiting whose case is open."""
    rows = [(_age(words, age), *_counts(words, age)) for age in report.ages]
    table = Table(
        name=words("report.sheet_ages"),
        caption=words("report.ages_caption"),
        columns=columns(words, "age", "not_due", "overdue", "reopened", "all"),
        rows=tuple(rows),
        total=(Cell(words("report.total")), *_counts(words, _all(report))),
    )
    text = words("report.ages_text", now=words.moment(report.now))
    return Section(words("report.ages"), (text,), _old(report, words), (table,))


def _course(report: MonthlyReport, words: Words) -> tuple[Chart, ...]:
    tallies = [tally for _, tally in report.months]
    labels = tuple(words.month(month, short=True) for month, _ in report.months)
    if not any(tally.received for tally in tallies):
        return ()
    stand = Chart(
        title=words("report.months_chart"),
        description=words("report.chart_text", title=words("report.months_chart")),
        labels=labels,
        series=standing_series(words, tallies),
        shape=Shape.COLUMNS,
    )
    share = Chart(
        title=words("report.share_chart"),
        description=words("report.chart_text", title=words("report.share_chart")),
        labels=labels,
        series=(Series(words("report.column_share"), tuple(map(_share, tallies)), IN_TIME),),
        shape=Shape.LINE,
        unit="%",
    )
    return (stand, share)


def _share(tally: Tally) -> float | None:
    settled = tally.in_time + tally.late
    return round(tally.in_time / settled * 100, 1) if settled else None


def _months(report: MonthlyReport, words: Words) -> Table:
    rows = ((Cell(words.month(m)), *counted_cells(words, tally)) for m, tally in report.months)
    return Table(
        name=words("report.sheet_months"),
        caption=words("report.months_caption"),
        columns=columns(words, "month", *COUNTED),
        rows=tuple(rows),
    )


def _old(report: MonthlyReport, words: Words) -> tuple[Chart, ...]:
    if not _all(report).total:
        return ()
    states = (
        ("not_due", "pending", PENDING),
        ("overdue", "overdue", LATE),
        ("reopened",) * 2 + (REOPENED,),
    )
    chart = Chart(
        title=words("report.ages_chart"),
        description=words("report.chart_text", title=words("report.ages_chart")),
        labels=tuple(_age(words, age).text for age in report.ages),
        series=tuple(
            Series(
                words(f"report.column_{name}"),
                tuple(getattr(a, state) for a in report.ages),
                colour,
            )
            for name, state, colour in states
        ),
        shape=Shape.BARS,
    )
    return (chart,)


def _age(words: Words, age: Age) -> Cell:
    if age.until is None:
        return Cell(words("report.age_over", days=age.since - 1))
    return Cell(words("report.age", since=age.since, until=age.until))


def _counts(words: Words, age: Age) -> tuple[Cell, ...]:
    numbers = (age.pending, age.overdue, age.reopened, age.total)
    return tuple(count(words, number) for number in numbers)


def _all(report: MonthlyReport) -> Age:
    names = ("pending", "overdue", "reopened")
    return Age(0, None, *(sum(getattr(age, name) for age in report.ages) for name in names))
