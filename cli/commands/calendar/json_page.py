"""A month of the calendar for programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from cli.commands.calendar.sheet import Page
from store.types import OfficeDay


def page_json(
    page: Page,
    own: Mapping[date, OfficeDay],
    history: Sequence[OfficeDay],
    crossed: Mapping[int, int],
) -> dict[str, Any]:
    """Return the month; ``crossed`` are the years without cuti bersama that open deadlines reach."""
    return {
        "month": page.first.strftime("%Y-%m"),
        "calendar": page.calendar.version,
        "working_days": sum(map(page.working, page.days)),
        "days": [dict(_day(page, day, own.get(day))) for day in page.days],
        "decisions": [asdict(one) | {"date": one.date.isoformat()} for one in history],
        "complete": page.first.year in page.calendar.complete_years,
        "open_deadlines_into_incomplete_years": {str(year): n for year, n in crossed.items()},
    }


def _day(page: Page, day: date, decided: OfficeDay | None) -> Iterator[tuple[str, Any]]:
    yield "date", day.isoformat()
    yield "working", page.working(day)
    hours = page.calendar.work_day(day)
    if hours:
        yield "opens", hours.opens.isoformat("minutes")
        yield "closes", hours.closes.isoformat("minutes")
    if row := page.rows.get(day):
        yield from (("state", row.state), ("layer", row.layer), ("name", row.name))
        yield "source", row.source
    if decided:
        yield from (("who", decided.who), ("at", decided.at))
