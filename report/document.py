"""A report in words, before it becomes a page, a PDF or a workbook. Plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Value = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class Cell:
    """What people read, and the value a workbook reckons with; times are aware."""

    text: str
    value: Value = None

    @property
    def raw(self) -> Value:
        """The value, the text where there is none."""
        return self.text if self.value is None else self.value


@dataclass(frozen=True, slots=True)
class Column:
    """A heading. ``weight`` is its share of the width; ``whole``: its text is not broken into lines."""

    heading: str
    number: bool = False
    weight: float = 1
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings; the first cell of a row says what it is about, ``total`` is the last row.

    ``name`` is short and its own in the document. ``shown`` limits the rows on paper; ``more`` then says
    how many are left out and where they are.
    """

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] = ()
    shown: int | None = None
    more: str = ""

    @property
    def on_paper(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows a page shows."""
        return self.rows[: self.shown]


class Shape(StrEnum):
    """How a chart is drawn."""

    BARS = "bars"  # lying, one for each label
    COLUMNS = "columns"  # standing, for time that runs to the right
    LINE = "line"


@dataclass(frozen=True, slots=True)
class Series:
    """Values in the order of the chart's labels. ``colour`` is a role, see charts.py."""

    name: str
    values: tuple[float | None, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures that a table beside it gives too. ``description`` is for who cannot see it."""

    title: str
    description: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    shape: Shape
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part under a heading. ``text`` comes before the charts and tables, ``notes`` after."""

    heading: str
    text: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Highlight:
    """A figure that stands at the top, and what it was the month before."""

    label: str
    figure: str
    detail: str


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who the office is; empty lines are left out."""

    name: str
    section: str
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """The whole report. ``facts`` and ``definitions`` are names with what is said of them."""

    language: str
    letterhead: Letterhead
    title: str
    period: str
    facts: tuple[tuple[str, str], ...]
    summary: tuple[str, ...]
    highlights: tuple[Highlight, ...]
    sections: tuple[Section, ...]
    definitions_heading: str
    definitions: tuple[tuple[str, str], ...]
    signature: tuple[str, ...]
    made_at: datetime
    provisional: str = ""

    @property
    def tables(self) -> Sequence[Table]:
        """All tables in order."""
        return [table for section in self.sections for table in section.tables]
