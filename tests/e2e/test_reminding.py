"""A real daemon reminds through a real mail server, and after a restart says nothing twice."""

import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from testing.daemon import Daemon, eventually
from tests.e2e.office import Office
from tests.store.samples import arrival, intake, message

ALWAYS_OPEN = """
[calendar]
dispensation_stops_clock = false
balinese_days = false

[[calendar.hours]]
since = 2020-01-01
""" + "\n".join(
    f'{day} = "00:00-23:59"'
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)
HEAD = "kabag@kantor.test"


def noon_zone() -> str:
    """A zone in which it is about noon: no test runs over midnight."""
    return f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


def open_today(now: datetime) -> str:
    """Whatever holiday it is, the office works."""
    days = (now + timedelta(days=n) for n in (-1, 0, 1))
    return "\n".join(
        f'[[calendar.days]]\ndate = {day.date()}\nstate = "open"\nname = "uji"\nsource = "uji"'
        for day in days
    )


@pytest.fixture
def busy(office: Office) -> Office:
    """An office that is open now, with a case that is due in a few seconds and one of days."""
    office.site.escalation = f'head = "{HEAD}"\ndigest_at = "00:01"'
    office.site.extra = f"{ALWAYS_OPEN}\n{open_today(datetime.now(UTC))}"
    office.site.write()
    text = office.site.config.read_text("utf-8")
    zone = f'language = "id"\ntimezone = "{noon_zone()}"'
    office.site.config.write_text(text.replace('language = "id"', zone, 1), "utf-8")
    (office.site.folder / "data").mkdir()
    return office


def enter(office: Office, received: datetime, due: datetime, limit: str) -> None:
    """A case as it would have come in: the daemon reckons deadlines anew by its own calendar."""
    told = message(received_at=received)
    made = intake(arrival=arrival(item=limit), message=told, due_at=due, limit=limit, notices=())
    with office.site.store() as store:
        store.upgrade()
        store.commit([made], cursor=None, now=datetime.now(UTC))


def let_it_pass(office: Office) -> None:
    """Make the case of an hour, and with it its deadline, some minutes older."""
    with closing(sqlite3.connect(office.site.database)) as db, db:
        for column in ("received_at", "due_at"):
            ((was,),) = db.execute(f"SELECT {column} FROM cases WHERE promise = '1 h'").fetchall()
            earlier = datetime.fromisoformat(was) - timedelta(minutes=11)
            changed = f"UPDATE cases SET {column} = ? WHERE promise = '1 h'"
            db.execute(changed, (earlier.isoformat(" ", "microseconds"),))


def test_reminders_and_a_digest_land_once_over_a_restart(busy: Office) -> None:
    now = datetime.now(UTC)
    enter(busy, now - timedelta(minutes=50), now + timedelta(minutes=10), "1 h")
    enter(busy, now, now + timedelta(days=30), "30 wd")
    with Daemon(busy.site.config) as daemon:
        daemon.hear("digests.made", timeout=60)
        eventually(lambda: kinds(busy)["reminder"] == 1, 60)
        daemon.kill()
    let_it_pass(busy)
    with Daemon(busy.site.config) as daemon:
        eventually(lambda: kinds(busy)["reminder"] == 3, 60)
        time.sleep(3)
        assert daemon.stop()[0] == 0
    assert kinds(busy) == {"digest": 1, "reminder": 3}
    subjects = [str(one.message["Subject"]).strip() for one in busy.sink.received]
    assert sum("SEGERA" in subject for subject in subjects) == 1
    assert sum("TENGGAT LEWAT" in subject for subject in subjects) == 2
    assert [one.recipients[0] for one in busy.sink.received].count(HEAD) == 1
    assert busy.count("events", "what = 'deadline.passed'") == 1
    assert "LEWAT" in busy.site.command("list").stdout


def kinds(office: Office) -> Counter[str]:
    return office.sent()
