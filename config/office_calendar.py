"""The table `[calendar]`: when the office is open, and the days it decides about itself."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from config.fields import DayHours, Hours, NotEmpty, Section, Text

_LONG = "07:30-12:00, 12:45-16:00"


class WeekHours(Section):
    """Opening hours from ``since`` on; a weekday that is not given is closed."""

    since: date
    monday: Hours | None = None
    tuesday: Hours | None = None
    wednesday: Hours | None = None
    thursday: Hours | None = None
    friday: Hours | None = None
    saturday: Hours | None = None
    sunday: Hours | None = None

    @property
    def week(self) -> tuple[DayHours | None, ...]:
        """Seven days, Monday first."""
        workweek = (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)
        return (*workweek, self.saturday, self.sunday)

    @model_validator(mode="after")
    def _opens_some_day(self) -> Self:
        if not any(self.week):
            raise PydanticCustomError("never_open", "no day is open")
        return self


# Perbup Buleleng 56/2025.
SHIPPED_HOURS = WeekHours.model_validate(
    {
        "since": date(2026, 3, 1),
        "monday": _LONG,
        "tuesday": _LONG,
        "wednesday": _LONG,
        "thursday": _LONG,
        "friday": "07:00-11:00, 11:30-14:00",
    }
)


class OwnDay(Section):
    """A day the office decides about; ``source`` is its decree or who set it."""

    date: date
    state: Literal["closed", "open", "dispensation"]
    name: Text
    source: Text


class Calendar(Section):
    """Legal time. ``balinese_days`` adds Galungan, Kuningan and Pagerwesi as dispensation days.

    ``complete_years`` are those whose *cuti bersama* the office has entered in ``days`` itself.
    """

    lunch_stops_clock: bool = False
    office_hours_only: bool = True
    dispensation_stops_clock: bool = False
    balinese_days: bool = True
    hours: Annotated[tuple[WeekHours, ...], NotEmpty] = (SHIPPED_HOURS,)
    days: tuple[OwnDay, ...] = ()
    complete_years: tuple[int, ...] = ()
