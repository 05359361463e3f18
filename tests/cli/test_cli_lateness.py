"""What was not answered in time stands on top in red, and shows for ever after."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from cli.lateness import lateness_of
from config.settings import load
from config.texts import Texts
from store import Store
from tests.cli.conftest import Office
from tests.store.samples import intake, put


def monday() -> datetime:
    """Noon, local, of a Monday some weeks ago, far from the holidays of the year's end."""
    day = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
    return day if day < datetime.now(UTC) else day - timedelta(days=364)


def late_case(store: Store, due: datetime, answered: datetime | None = None) -> str:
    number = put(store, intake(due_at=due))[0].number
    if answered:
        store.answer(number, "Sudah.", who="sari", way="phone", recipient="", now=answered)
    return number


@pytest.fixture
def store(office: Office) -> Store:
    return office.store()


def test_an_open_case_says_how_late_it_is(office: Office, store: Store) -> None:
    late_case(store, monday() + timedelta(days=900))
    number = late_case(store, monday())
    store.close()
    rows = [line for line in office.run("list").stdout.splitlines() if "MR-" in line]
    assert number in rows[0]
    assert "LEWAT" in rows[0]
    assert "hari kerja" in rows[0]
    shown = office.run("show", number).stdout
    assert "Ketepatan" in shown
    assert "lewat" in shown


@pytest.mark.parametrize(
    ("days", "listed", "shown"),
    [
        (2, "terlambat 2 hari kerja", "dijawab terlambat 2 hari kerja"),
        (-1, "", "dijawab tepat waktu"),
        (0.01, "terlambat 15 menit", "dijawab terlambat 15 menit"),
    ],
)
def test_an_answer_that_came_late_is_called_that_for_ever(
    office: Office, store: Store, days: float, listed: str, shown: str
) -> None:
    number = late_case(store, monday(), monday() + timedelta(days=days))
    store.working.close(number, who="sari", why="selesai", now=datetime.now(UTC))
    store.close()
    (row,) = [line for line in office.run("list").stdout.splitlines() if "MR-" in line]
    assert listed in row
    assert ("terlambat" in row) is bool(listed)
    assert shown in office.run("show", number).stdout


def test_a_case_that_was_closed_late_without_an_answer_is_called_that(
    office: Office, store: Store
) -> None:
    number = late_case(store, monday())
    store.working.close(number, who="sari", why="salah", now=monday() + timedelta(days=3))
    store.close()
    assert "diselesaikan terlambat 3 hari kerja" in office.run("show", number).stdout


def test_programs_get_numbers(office: Office, store: Store) -> None:
    late_case(store, monday(), monday() + timedelta(days=2))
    late_case(store, monday() + timedelta(days=900))
    store.close()
    found = [json.loads(line)["late"] for line in office.run("list", "--json").stdout.splitlines()]
    assert found == [None, {"working_days": 2, "minutes": 0}]


def test_no_calendar_is_made_where_nothing_is_late(office: Office, store: Store) -> None:
    number = late_case(store, monday() + timedelta(days=900))
    ticket = store.ticket(number)
    assert ticket
    ways = store.journeys.of([number])
    settings = load(office.config, secrets=False)
    late = lateness_of(settings, store, [ticket], ways, datetime.now(UTC))
    assert late.calendar is None
    assert late.facts(Texts("id"), ticket, ways[number]) == []
    store.close()
