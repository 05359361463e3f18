"""One row a case for the national statistics: no number, no name, no content.

The CSV is what Excel with Indonesian settings opens by a double click: semicolons, UTF-8 with a byte
order mark, and dates as 2026-11-24.
"""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO

from report.document import Cell, Column, Table
from report.figures import channel_of
from report.naming import Naming
from report.values import MonthlyReport
from store.types.statistics import CaseFacts

_COLUMNS = ("month", "channel", "kind", "tier", "received", "due", "answered", "standing", "status")
_BYTE_ORDER_MARK = "\ufeff"
_BEGINS_FORMULA = tuple("=+-@\t\r\n")


def case_table(report: MonthlyReport, naming: Naming) -> Table:
    """All cases received in the month, praise and spam too, by date of receipt."""
    words = naming.words
    cases = sorted(report.cases, key=lambda case: (case.received_at, case.channel, case.kind))
    return Table(
        name=words("report.sheet_cases"),
        caption=words("report.period", month=words.month(report.month)),
        columns=tuple(Column(words(f"report.csv_{name}")) for name in _COLUMNS),
        rows=tuple(tuple(map(Cell, _row(case, report, naming))) for case in cases),
    )


def national_csv(table: Table) -> bytes:
    """Return a table as CSV."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.heading for column in table.columns])
    for row in table.rows:
        writer.writerow([_harmless(cell.text) for cell in row])
    return (_BYTE_ORDER_MARK + text.getvalue()).encode()


def _row(case: CaseFacts, report: MonthlyReport, naming: Naming) -> Iterator[str]:
    words = naming.words
    tier = case.tier if case.certain else None
    standing = case.standing(report.now) if case.kind.wants_answer else "none"
    yield report.month.strftime("%Y-%m")
    yield naming.channel(channel_of(case))
    yield naming.kind(case.kind.value)
    yield naming.words(f"tiers.{tier}") if tier else _untiered(case, naming)
    yield from (_date(at, naming) for at in (case.received_at, case.due_at, case.answered_at))
    yield words(f"report.standing_{standing}")
    yield words(f"statuses.{case.status}")


def _untiered(case: CaseFacts, naming: Naming) -> str:
    return naming.words("report.uncertain") if case.kind.wants_answer else ""


def _date(at: datetime | None, naming: Naming) -> str:
    return at.astimezone(naming.words.zone).date().isoformat() if at else ""


def _harmless(text: str) -> str:
    """A spreadsheet would take what begins so for a formula."""
    return f"'{text}" if text.startswith(_BEGINS_FORMULA) else text
