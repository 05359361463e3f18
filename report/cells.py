"""Cells of tables: figures as people write them, with the value behind."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from report.document import Cell, Column
from report.words import Words

NOTHING = Cell("-")
_WHOLE = ("number", "promise", "unit")  # columns whose text is not broken into lines


def count(words: Words, value: int) -> Cell:
    """A number of cases."""
    return Cell(words.number(value), value)


def decimal(words: Words, value: float) -> Cell:
    """A number with one decimal."""
    return Cell(words.number(value, 1), round(value, 2))


def percent(words: Words, part: float, whole: float) -> Cell:
    """How much of the whole a part is, a dash of nothing. Its value is a share of 1."""
    return NOTHING if not whole else share(words, part / whole)


def share(words: Words, value: float) -> Cell:
    """A share of 1 as a percentage."""
    return Cell(f"{words.number(_cut(value) * 100, 1)}%", round(value, 4))


def moment(words: Words, at: datetime | None) -> Cell:
    """A moment to the minute, in the office's zone."""
    if at is None:
        return NOTHING
    local = at.astimezone(words.zone)
    return Cell(local.strftime(words("report.moment_format")), local)


def duration(words: Words, time: timedelta) -> Cell:
    """A stretch of plain time in days, hours and minutes; its value is in hours."""
    minutes = round(time / timedelta(minutes=1))
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = {"days": days, "hours": hours, "minutes": minutes}
    told = [words(f"report.{name}", count=value) for name, value in parts.items() if value]
    hours_in_all = round(time / timedelta(hours=1), 2)
    return Cell(" ".join(told[:2]) or words("report.minutes", count=0), hours_in_all)


def columns(
    words: Words, *names: str, first: float = 2.2, texts: Mapping[str, float] | None = None
) -> tuple[Column, ...]:
    """Columns by their names: the first says what a row is about, the others hold numbers.

    ``texts`` are those that hold text instead, with their share of the width.
    """
    return tuple(
        Column(
            heading=words(f"report.column_{name}"),
            number=place > 0 and name not in (texts or {}),
            weight=(texts or {}).get(name, 1) if place else first,
            whole=name in _WHOLE,
        )
        for place, name in enumerate(names)
    )


def _cut(value: float) -> float:
    """To a tenth of a percent, downwards: 99.96 % is not 100 %."""
    return int(value * 1000 + 1e-9) / 1000
