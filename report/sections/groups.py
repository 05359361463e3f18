"""Received, answered, in time and late, and how long answers took: by tier, channel and kind."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from report.cells import NOTHING, columns, count, decimal, percent
from report.charts import CLOSED, IN_TIME, LATE, PENDING
from report.document import Cell, Chart, Section, Series, Shape, Table
from report.naming import Naming
from report.spread import Spread
from report.values import INFORMATION, Group, MonthlyReport
from report.words import Words
from store.types.statistics import Tally

COUNTED = ("received", "answered", "in_time", "late", "pending", "closed", "share")
STANDINGS = (("in_time", IN_TIME), ("late", LATE), ("pending", PENDING), ("closed", CLOSED))


def by_tier(report: MonthlyReport, naming: Naming) -> Section:
    """The tiers, the uncertain, and the requests for information."""
    return _section(naming.words, "tier", report.tiers, naming.tier, report.total)


def by_channel(report: MonthlyReport, naming: Naming) -> Section:
    """The ways people came by."""
    return _section(naming.words, "channel", report.channels, naming.channel, report.total)


def by_kind(report: MonthlyReport, naming: Naming) -> Section:
    """What people wanted; praise and spam are counted apart."""
    words = naming.words
    apart = ", ".join(
        words("report.apart_one", kind=naming.kind(kind), count=words.number(number))
        for kind, number in report.apart.items()
    )
    return Section(
        heading=words("report.by_kind"),
        tables=(_counts(words, "kind", report.kinds, naming.kind, report.total),),
        notes=(_information(report, naming), words("report.apart", kinds=apart)),
    )


def _information(report: MonthlyReport, naming: Naming) -> str:
    """How requests for information fare with the limit that the standard has for them."""
    words = naming.words
    asked = next(group.tally for group in report.kinds if group.name == INFORMATION)
    return words(
        "report.informed",
        received=words.number(asked.received),
        answered=words.number(asked.answered),
        within=words.number(report.informed),
        promise=naming.promise(INFORMATION),
    )


def times(report: MonthlyReport, naming: Naming) -> Section:
    """How long the first answer took."""
    words = naming.words
    names = (
        "group",
        "promise",
        "answered",
        "unit",
        "median",
        "ninetieth",
        "days",
        "days_ninetieth",
    )
    heads = columns(words, *names, texts={"promise": 1.3, "unit": 1.2})
    table = Table(
        name=words("report.sheet_times"),
        caption=words("report.times_caption"),
        columns=heads,
        rows=tuple(_timed(words, *row) for row in _timed_groups(report, naming)),
    )
    return Section(words("report.times"), (words("report.times_text"),), tables=(table,))


def counted_cells(words: Words, tally: Tally) -> Iterator[Cell]:
    """The cells under COUNTED."""
    yield from (count(words, getattr(tally, name)) for name in COUNTED[:-1])
    yield percent(words, tally.in_time, tally.in_time + tally.late)


def standing_series(words: Words, tallies: Sequence[Tally]) -> tuple[Series, ...]:
    """How cases stand, as the parts of a bar."""
    return tuple(
        Series(words(f"report.column_{name}"), tuple(getattr(t, name) for t in tallies), colour)
        for name, colour in STANDINGS
    )


def _section(
    words: Words, by: str, groups: Sequence[Group], label: Callable[[str], str], total: Group
) -> Section:
    table = _counts(words, by, groups, label, total)
    return Section(words(f"report.by_{by}"), (), _charts(words, by, groups, label), (table,))


def _counts(
    words: Words, by: str, groups: Iterable[Group], label: Callable[[str], str], total: Group
) -> Table:
    rows = ((Cell(label(group.name)), *counted_cells(words, group.tally)) for group in groups)
    return Table(
        name=words(f"report.sheet_{by}"),
        caption=words(f"report.{by}_caption"),
        columns=columns(words, by, *COUNTED),
        rows=tuple(rows),
        total=(Cell(words("report.total")), *counted_cells(words, total.tally)),
    )


def _charts(
    words: Words, by: str, groups: Sequence[Group], label: Callable[[str], str]
) -> tuple[Chart, ...]:
    if not any(group.tally.received for group in groups):
        return ()
    chart = Chart(
        title=words(f"report.{by}_chart"),
        description=words("report.chart_text", title=words(f"report.{by}_chart")),
        labels=tuple(label(group.name) for group in groups),
        series=standing_series(words, [group.tally for group in groups]),
        shape=Shape.BARS,
    )
    return (chart,)


def _timed_groups(report: MonthlyReport, naming: Naming) -> Iterator[tuple[str, str, Group]]:
    yield naming.words("report.total"), "-", report.total
    for group in report.tiers:
        yield naming.tier(group.name), naming.promise(group.name), group
    for group in (group for group in report.kinds if group.name != INFORMATION):
        yield naming.kind(group.name), "-", group
    for group in report.channels:
        yield naming.channel(group.name), "-", group


def _timed(words: Words, name: str, promise: str, group: Group) -> tuple[Cell, ...]:
    return (
        Cell(name),
        Cell(promise),
        count(words, group.tally.answered),
        Cell(words("report.office_hours" if group.in_hours else "report.working_days")),
        *_spread(words, group.work),
        *_spread(words, group.days),
    )


def _spread(words: Words, spread: Spread | None) -> tuple[Cell, Cell]:
    if spread is None:
        return NOTHING, NOTHING
    return decimal(words, spread.median), decimal(words, spread.ninetieth)
