"""What was not answered in time, case by case: no names, no content."""

from collections.abc import Sequence

from report.cells import columns, moment
from report.document import Cell, Section, Table
from report.naming import Naming
from report.values import LateCase, MonthlyReport

ON_PAPER = 100  # rows; the workbook has all of them
_WORTH_SAYING = 0.05  # hours; less would read 0,0
_COLUMNS = ("number", "tier", "channel", "received_at", "due_at", "done_at", "late_by", "team")
_WEIGHTS = {
    "tier": 1.4,
    "channel": 1.1,
    "received_at": 1.1,
    "due_at": 1.1,
    "done_at": 1.2,
    "late_by": 1.1,
    "team": 1.6,
}


def late_cases(report: MonthlyReport, naming: Naming) -> Section:
    """Those of the month, and what still waits from before."""
    words = naming.words
    lists = (("late", report.late), ("backlog", report.backlog))
    none = tuple(words(f"report.{name}_none") for name, cases in lists if not cases)
    tables = tuple(_table(naming, name, cases) for name, cases in lists if cases)
    return Section(words("report.late"), (words("report.late_text"), *none), tables=tables)


def _table(naming: Naming, name: str, cases: Sequence[LateCase]) -> Table:
    words = naming.words
    left_out = len(cases) - ON_PAPER
    return Table(
        name=words(f"report.sheet_{name}"),
        caption=words(f"report.{name}_caption", count=words.number(len(cases))),
        columns=columns(words, *_COLUMNS, first=1.3, texts=_WEIGHTS),
        rows=tuple(_row(naming, case) for case in cases),
        shown=ON_PAPER,
        more=words("report.more", count=words.number(left_out)) if left_out > 0 else "",
    )


def _row(naming: Naming, case: LateCase) -> tuple[Cell, ...]:
    words = naming.words
    return (
        Cell(case.number),
        Cell(naming.tier(case.tier)),
        Cell(naming.channel(case.channel)),
        moment(words, case.received_at),
        moment(words, case.due_at),
        _done(naming, case),
        _late_by(naming, case),
        Cell(naming.team(case.team)),
    )


def _done(naming: Naming, case: LateCase) -> Cell:
    words = naming.words
    if case.done_at is None:
        return Cell(words("report.still_open"))
    when = moment(words, case.done_at)
    return when if case.answered else Cell(words("report.closed_at", at=when.text))


def _late_by(naming: Naming, case: LateCase) -> Cell:
    words = naming.words
    if case.late_days:
        return Cell(words("report.days_late", days=words.number(case.late_days)))
    if case.late_hours < _WORTH_SAYING:
        return Cell(words("report.under_an_hour"))
    return Cell(words("report.hours_late", hours=words.number(case.late_hours, 1)))
