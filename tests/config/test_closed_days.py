"""Three layers of days, each with its source; a later one wins."""

from datetime import date, time
from typing import Any

import pytest

from classify.deadline import Calendar as LegalCalendar
from classify.deadline import ClosedDay, DayState, Limit, OfficeHours, WorkDay, due_at
from config.closed_days import ClosedDays, Day, closed_days
from config.office_calendar import SHIPPED_HOURS, Calendar


def table_of(first: int, last: int, *days: dict[str, Any], **switches: Any) -> ClosedDays:
    section = Calendar.model_validate({"days": days, **switches})
    return closed_days(
        first,
        last,
        section.days,
        balinese=section.balinese_days,
        complete_years=section.complete_years,
    )


def own(day: date, state: str) -> dict[str, Any]:
    return {"date": day, "state": state, "name": "Ketetapan", "source": "SE Sekda 1/2027"}


def on(day: date, table: ClosedDays) -> Day | None:
    return next((row for row in table.days if row.date == day), None)


@pytest.mark.parametrize(
    ("year", "national", "leave"), [(2025, 17, 11), (2026, 17, 8), (2027, 18, 8)]
)
def test_national_days_and_joint_leave_are_complete(year: int, national: int, leave: int) -> None:
    layers = [day.layer for day in table_of(year, year).days]
    assert (layers.count("national"), layers.count("joint_leave")) == (national, leave)


def test_names_and_sources_are_indonesian_whatever_the_machine_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    christmas = on(date(2026, 12, 25), table_of(2026, 2026))
    assert christmas
    assert christmas.name == "Hari Raya Natal"
    assert "nasional" in christmas.source


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2027, 1, 13), "Galungan"),
        (date(2027, 8, 11), "Galungan"),
        (date(2027, 1, 23), "Kuningan"),
        (date(2027, 8, 21), "Kuningan"),
        (date(2027, 6, 2), "Pagerwesi"),
        (date(2027, 12, 29), "Pagerwesi"),
        (date(2025, 4, 23), "Galungan"),
    ],
)
def test_balinese_ceremonies_are_dispensation_days_and_called_estimates(
    day: date, name: str
) -> None:
    row = on(day, table_of(2024, 2028))
    assert row
    assert (row.name, row.state, row.layer) == (name, "dispensation", "balinese")
    assert "perkiraan" in row.source


def test_balinese_ceremonies_can_be_left_out() -> None:
    table = table_of(2027, 2027, balinese_days=False)
    assert not [day for day in table.days if day.layer == "balinese"]


def test_a_ceremony_does_not_open_a_national_holiday() -> None:
    everything = table_of(2000, 2100).days
    nation = {day.date for day in everything if day.layer in ("national", "joint_leave")}
    alone = table_of(2000, 2100, balinese_days=False).days
    assert {day.date for day in alone} == nation


def test_the_offices_own_row_wins_over_every_other() -> None:
    days = [date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 13), date(2027, 5, 4)]
    states = ["open", "dispensation", "closed", "closed"]
    rows = map(own, days, states)
    table = table_of(2026, 2027, *rows)
    found = [on(day, table) for day in days]
    assert [(row and row.layer, row and row.state) for row in found] == [
        ("office", state) for state in states
    ]


def test_own_rows_of_other_years_are_left_out() -> None:
    table = table_of(2026, 2026, own(date(2027, 5, 4), "closed"))
    assert on(date(2027, 5, 4), table) is None


def test_a_year_without_joint_leave_is_named_until_the_office_has_entered_it() -> None:
    assert table_of(2026, 2028).incomplete_years == (2028,)
    entered = table_of(2026, 2028, own(date(2028, 2, 29), "closed"), complete_years=(2028,))
    assert entered.incomplete_years == ()


def test_the_version_changes_with_the_table_only() -> None:
    one, same = table_of(2026, 2027), table_of(2026, 2027)
    other = table_of(2026, 2027, own(date(2027, 5, 4), "closed"))
    assert one.version == same.version != other.version


def test_the_shipped_calendar_keeps_the_promise_over_christmas() -> None:
    """As service.py puts it together: plain values in, legal time out."""
    table = table_of(2026, 2027)
    week = tuple(
        WorkDay(day.opens, day.closes, day.break_starts, day.break_ends) if day else None
        for day in SHIPPED_HOURS.week
    )
    legal = LegalCalendar(
        (OfficeHours(SHIPPED_HOURS.since, week),),
        tuple(ClosedDay(d.date, d.name, d.source, DayState(d.state)) for d in table.days),
        complete_years=table.complete_years,
    )
    received = legal.at(date(2026, 12, 21), time(8))
    due = legal.local(due_at(received, Limit(working_days=60), legal))
    assert (due.date(), due.hour) == (date(2027, 4, 1), 16)
