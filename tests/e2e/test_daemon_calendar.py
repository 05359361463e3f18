"""What is decided about the calendar while the daemon runs, or between two runs, reaches open cases."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

from tests.e2e.office import Office, mail

WITA = ZoneInfo("Asia/Makassar")


def due_at(office: Office) -> datetime:
    (whole,) = map(json.loads, office.site.command("list", "--json").stdout.splitlines())
    return datetime.fromisoformat(whole["due_at"]).astimezone(WITA)


def moves(office: Office) -> int:
    return office.count("events", "what = 'deadline.moved'")


def test_a_command_and_a_changed_file_move_open_deadlines_once(office: Office) -> None:
    with office.start() as daemon:
        office.deliver(mail())
        daemon.hear("arrival.stored", fate="case")
        first = due_at(office)
        done = office.site.command(
            "calendar", "set", first.date().isoformat(), "tutup", "--why", "SE 12", "--yes"
        )
        assert done.returncode == 0, done
        second = due_at(office)
        assert second > first
        daemon.hear("calendar.changed")
        office.deliver(mail())
        daemon.hear("arrival.stored", count=2, fate="case")
        lines = office.site.command("list", "--json").stdout.splitlines()
        dues = [datetime.fromisoformat(json.loads(line)["due_at"]) for line in lines]
        assert all(due.astimezone(WITA).date() >= second.date() for due in dues)
        assert moves(office) == 1
        daemon.stop()
    office.site.extra = (
        f'[[calendar.days]]\ndate = {second.date().isoformat()}\nstate = "closed"\n'
        'name = "HUT"\nsource = "SE 13"\n'
    )
    with office.start() as daemon:
        daemon.hear("deadlines.moved")
        assert moves(office) == 3
        daemon.stop()
    with office.start() as daemon:
        office.deliver(mail())
        daemon.hear("arrival.stored", fate="case")
        daemon.stop()
    assert moves(office) == 3
