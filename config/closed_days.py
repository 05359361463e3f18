"""The closed days of a span of years in layers, each row with its source; a later layer wins."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Literal

import holidays

from config.office_calendar import OwnDay
from config.texts import Texts

Layer = Literal["national", "joint_leave", "balinese", "office", "decided"]
State = Literal["closed", "open", "dispensation"]

# One date of each ceremony; all come back every 210 days, a round of the pawukon.
_PAWUKON = timedelta(days=210)
_CEREMONIES = {
    "Galungan": date(2027, 1, 13),
    "Kuningan": date(2027, 1, 23),
    "Pagerwesi": date(2027, 6, 2),
}


@dataclass(frozen=True, slots=True)
class Day:
    """What the calendar says about a date. ``open`` opens what an earlier layer closed.

    The layer ``office`` is the configuration's, ``decided`` the table that people edit by command.
    """

    date: date
    name: str
    source: str
    layer: Layer
    state: State


@dataclass(frozen=True)
class ClosedDays:
    """The days of whole years, one row a date, oldest first.

    ``complete_years`` are those whose *cuti bersama* are known.
    """

    first_year: int
    last_year: int
    days: tuple[Day, ...]
    complete_years: frozenset[int]

    @property
    def incomplete_years(self) -> tuple[int, ...]:
        """Years in which deadlines may still move, because no *cuti bersama* is known yet."""
        years = range(self.first_year, self.last_year + 1)
        return tuple(year for year in years if year not in self.complete_years)

    @cached_property
    def version(self) -> str:
        """Digest of the whole table."""
        return sha256(repr(self).encode()).hexdigest()[:12]


def closed_days(
    first_year: int,
    last_year: int,
    own: Iterable[OwnDay] = (),
    *,
    decided: Iterable[Day] = (),
    balinese: bool = True,
    complete_years: Iterable[int] = (),
    language: str = "id",
) -> ClosedDays:
    """Put the layers together for these years: national days, Bali's, the office's own, and the decided ones.

    ``complete_years`` are those whose *cuti bersama* the office has entered itself. ``language`` is
    that of the sources; names of days are Indonesian.
    """
    years = range(first_year, last_year + 1)
    texts = Texts(language)
    leave = list(_national(years, "government", "joint_leave", texts))
    rows = {day.date: day for day in leave}
    rows.update((day.date, day) for day in _national(years, "public", "national", texts))
    if balinese:
        # A ceremony does not make a working day of one that the nation has off.
        rows = {day.date: day for day in _balinese(years, texts)} | rows
    rows.update((day.date, day) for day in _own(years, own))
    rows.update((day.date, day) for day in decided if day.date.year in years)
    return ClosedDays(
        first_year,
        last_year,
        tuple(rows[day] for day in sorted(rows)),
        frozenset(day.date.year for day in leave) | frozenset(complete_years),
    )


def _national(years: range, category: str, layer: Layer, texts: Texts) -> Iterator[Day]:
    table = holidays.country_holidays("ID", years=years, categories=(category,), language="id")
    source = texts(f"config.source_{layer}")
    for day, name in sorted(table.items()):
        yield Day(day, name, source, layer, "closed")


def _balinese(years: range, texts: Texts) -> Iterator[Day]:
    source = texts("config.source_balinese")
    for name, known in _CEREMONIES.items():
        rounds = (date(years[0], 1, 1) - known) // _PAWUKON
        day = known + rounds * _PAWUKON
        while day.year <= years[-1]:
            if day.year >= years[0]:
                yield Day(day, name, source, "balinese", "dispensation")
            day += _PAWUKON


def _own(years: range, own: Iterable[OwnDay]) -> Iterator[Day]:
    for day in own:
        if day.date.year in years:
            yield Day(day.date, day.name, day.source, "office", day.state)
