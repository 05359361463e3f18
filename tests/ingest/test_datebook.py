"""The calendar in force while the daemon runs, and the deadlines that follow what people decide."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from classify.calendar import Calendar, ClosedDay, OfficeHours, WorkDay
from classify.types import Tier
from config.settings import load
from ingest.datebook import DateBook
from ingest.reclassify import reclassify
from ingest.redate import changes, snapshot
from store.errors import Conflict
from store.types import OfficeDay, Ticket
from tests.ingest.workshop import PLAIN, Workshop
from wiring.office import datebook_of

WEDNESDAY = date(2026, 11, 25)


def decided(shop: Workshop, day: date, state: str = "closed", why: str = "SE 12") -> OfficeDay:
    return OfficeDay(day, state, "HUT kota", why, "ani", shop.clock())


def settled(shop: Workshop, tier: Tier, text: str = PLAIN) -> Ticket:
    ticket = shop.opened(text)
    reclassify(
        shop.store, shop.parts.office, ticket, tier=tier, kind=None, who="ani", why="jelas",
        clock=shop.clock,
    )  # fmt: skip
    return shop.ticket(ticket.number)


def moves(ticket: Ticket) -> list[dict[str, str]]:
    return [event.details for event in ticket.events if event.what == "deadline.moved"]


def calendar_with(days: dict[date, str]) -> Calendar:
    day = WorkDay(time(8), time(16))
    known = {date(2026, 1, 1): "Tahun Baru", date(2026, 12, 25): "Natal", **days}
    rows = tuple(ClosedDay(at, name, "pustaka") for at, name in known.items())
    return Calendar((OfficeHours(date(2026, 1, 1), (day,) * 5 + (None, None)),), rows)


def another_process(shop: Workshop) -> DateBook:
    """What a command has: the same database, read anew."""
    return datebook_of(load(shop.site.config), shop.store, shop.clock)


def test_what_a_command_decides_holds_in_the_running_daemon(shop: Workshop) -> None:
    before = shop.parts.office.calendar
    case = settled(shop, Tier.NORMATIF)
    (moved,) = another_process(shop).decide(decided(shop, WEDNESDAY))
    assert shop.parts.office.calendar is before
    shop.parts.dates.refresh()
    assert shop.parts.office.calendar.closing_row(WEDNESDAY)
    assert (moved.number, moved.was_due) == (case.number, case.due_at)
    assert shop.ticket(case.number).due_at == moved.due_at == datetime(2026, 12, 2, 8, tzinfo=UTC)


def test_the_event_says_which_day_and_why(shop: Workshop) -> None:
    case = settled(shop, Tier.NORMATIF)
    shop.parts.dates.decide(decided(shop, WEDNESDAY))
    (told,) = moves(shop.ticket(case.number))
    assert case.due_at
    assert (told["days"], told["why"]) == ("2026-11-25", "SE 12")
    assert (told["was_due"], told["limit"]) == (case.due_at.isoformat(), "5 wd")
    assert told["calendar"] == shop.parts.office.calendar.version


def test_a_day_beyond_the_deadline_moves_nothing(shop: Workshop) -> None:
    case = settled(shop, Tier.NORMATIF)
    assert shop.parts.dates.decide(decided(shop, date(2027, 3, 1))) == []
    after = shop.ticket(case.number)
    assert (after.due_at, moves(after)) == (case.due_at, [])


def test_an_uncertain_case_keeps_to_its_shortest_promise(shop: Workshop) -> None:
    case = shop.opened("halo")
    assert (case.certain, case.limit) == (False, "3 h")
    shop.parts.dates.decide(decided(shop, date(2026, 11, 24)))
    after = shop.ticket(case.number)
    assert after.limit == "3 h"
    assert after.due_at == datetime(2026, 11, 25, 2, 30, tzinfo=UTC)


def test_a_promise_that_was_made_is_kept_where_the_limits_changed_since(shop: Workshop) -> None:
    case = settled(shop, Tier.NORMATIF)
    shop.site.extra += '[limits]\nnormatif = "10 wd"\n'
    shop.reopen()
    shop.parts.dates.decide(decided(shop, WEDNESDAY))
    after = shop.ticket(case.number)
    assert (after.limit, after.due_at) == ("5 wd", datetime(2026, 12, 2, 8, tzinfo=UTC))


def test_taking_a_decision_back_brings_the_deadline_back(shop: Workshop) -> None:
    case = settled(shop, Tier.NORMATIF)
    shop.parts.dates.decide(decided(shop, WEDNESDAY))
    shop.parts.dates.decide(decided(shop, WEDNESDAY, state="", why="batal"))
    after = shop.ticket(case.number)
    assert after.due_at == case.due_at
    assert [told["why"] for told in moves(after)] == ["SE 12", "batal"]


def test_the_offices_table_stands_over_the_configuration(shop: Workshop) -> None:
    shop.site.extra += (
        '[[calendar.days]]\ndate = 2026-11-25\nstate = "closed"\nname = "HUT"\nsource = "SE 1"\n'
    )
    shop.reopen()
    assert shop.parts.office.calendar.closing_row(WEDNESDAY)
    shop.parts.dates.decide(decided(shop, WEDNESDAY, state="open"))
    assert shop.parts.office.calendar.closing_row(WEDNESDAY) is None
    assert shop.parts.office.calendar.work_day(WEDNESDAY)


def test_a_changed_configuration_moves_open_deadlines_at_the_next_start(shop: Workshop) -> None:
    shop.parts.dates.refresh()
    case = settled(shop, Tier.NORMATIF)
    shop.parts.dates.refresh()
    shop.site.extra += (
        '[[calendar.days]]\ndate = 2026-11-25\nstate = "closed"\nname = "HUT"\nsource = "SE 9"\n'
    )
    shop.clock.pass_(minutes=2)
    shop.reopen()
    shop.parts.dates.refresh()
    after = shop.ticket(case.number)
    assert after.due_at == datetime(2026, 12, 2, 8, tzinfo=UTC)
    (told,) = moves(after)
    assert (told["days"], told["why"]) == ("2026-11-25", "HUT (SE 9)")
    assert after.events[-1].who == "muara"
    shop.clock.pass_(minutes=2)
    shop.reopen()
    shop.parts.dates.refresh()
    assert shop.ticket(case.number) == after


def test_holidays_a_newer_library_knows_are_told_by_name() -> None:
    """What the library says stands in the days of the calendar: the last one's are kept as a snapshot."""
    first = calendar_with({})
    later = calendar_with({date(2026, 12, 31): "Cuti Bersama"})
    assert changes(snapshot(first), later) == {
        date(2026, 12, 31): ("why", "Cuti Bersama (pustaka)")
    }
    assert changes(snapshot(later), first) == {
        date(2026, 12, 31): ("gone", "Cuti Bersama (pustaka)")
    }
    assert changes("", first) == {}


def test_changed_office_hours_are_told_as_the_cause(shop: Workshop) -> None:
    case = settled(shop, Tier.NORMATIF)
    shop.parts.dates.refresh()
    shop.site.extra += '[[calendar.hours]]\nsince = 2026-03-01\ntuesday = "08:00-12:00"\n'
    shop.clock.pass_(minutes=2)
    shop.reopen()
    shop.parts.dates.refresh()
    (told,) = moves(shop.ticket(case.number))
    assert told["cause"] == "settings"
    assert "days" not in told


def test_a_case_entered_by_the_calendar_of_before_is_put_right(shop: Workshop) -> None:
    stale = shop.parts.office.calendar
    another_process(shop).decide(decided(shop, WEDNESDAY))
    assert shop.parts.office.calendar is stale
    case = settled(shop, Tier.NORMATIF)
    shop.parts.dates.refresh()
    assert shop.ticket(case.number).due_at == datetime(2026, 12, 2, 8, tzinfo=UTC)
    (told,) = moves(shop.ticket(case.number))
    assert told["why"] == "SE 12"


def test_what_another_process_enters_late_is_put_right_within_a_minute(shop: Workshop) -> None:
    shop.parts.dates.refresh()
    stale = replace(shop.parts.office.calendar, lunch_stops_clock=True)
    case = shop.opened("halo")
    office = replace(shop.parts.office, dates=lambda: stale)
    reclassify(
        shop.store, office, case, tier=Tier.NORMATIF, kind=None, who="ani", why="jelas",
        clock=shop.clock,
    )  # fmt: skip
    shop.parts.dates.refresh()
    assert shop.parts.dates.behind() == 1
    shop.clock.pass_(seconds=61)
    shop.parts.dates.refresh()
    assert shop.parts.dates.behind() == 0


def test_a_new_year_makes_a_new_calendar_and_moves_nothing(shop: Workshop) -> None:
    case = settled(shop, Tier.BERKADAR)
    shop.parts.dates.refresh()
    version = shop.parts.office.calendar.version
    shop.clock.pass_(days=60)
    shop.parts.dates.refresh()
    assert shop.parts.office.calendar.version != version
    after = shop.ticket(case.number)
    assert (after.due_at, moves(after)) == (case.due_at, [])


def test_of_two_people_who_decide_at_once_the_second_is_told(shop: Workshop) -> None:
    mine = another_process(shop)
    seen, _ = shop.store.office_days.decided()
    shop.parts.dates.decide(decided(shop, WEDNESDAY))
    redating = mine._with(decided(shop, WEDNESDAY, state="open"))
    with pytest.raises(Conflict):
        shop.store.office_days.decide(decided(shop, WEDNESDAY, state="open"), redating, seen=seen)
