"""Killed at any commit of a day of reminders: each mail goes out under one Message-ID, none is missing."""

from collections import Counter
from itertools import count
from pathlib import Path

import pytest

from testing.daemon import TEAM
from testing.smtp_sink import SmtpSink
from tests.ingest.clockwork import HEAD, SARI
from tests.ingest.killed import killed
from tests.ingest.reminder_crash import finish, opened

DAY = {
    ("digest", TEAM): 1,
    ("digest", SARI): 1,
    ("reminder", SARI): 2,
    ("reminder", TEAM): 2,
    ("reminder", HEAD): 1,
}


def prepared(folder: Path, sink: SmtpSink) -> str:
    """A case of three hours that Sari took, before anybody looked at its clock."""
    folder.mkdir()
    clock = opened(folder, sink)
    number = clock.arrive("3 h")
    clock.take(number)
    clock.close()
    return number


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("point", ["before", "after"])
def test_killed_at_every_commit_nobody_is_told_twice_and_nobody_is_forgotten(
    tmp_path: Path, sink: SmtpSink, point: str
) -> None:
    for turn in count(1):
        folder = tmp_path / str(turn)
        number = prepared(folder, sink)
        sink.received.clear()
        code = killed("reminder_crash", folder, sink.port, f"commit:{point}:{turn}")
        clock = opened(folder, sink)
        finish(clock)
        passed = [e for e in clock.ticket(number).events if e.what == "deadline.passed"]
        sound = clock.at_work.verify()
        clock.close()
        assert (len(passed), sound) == (1, []), turn
        mails = {str(one.message["Message-ID"]): one for one in sink.received}
        told = Counter((str(m.message["X-Muara"]), m.recipients[0]) for m in mails.values())
        assert told == DAY, turn
        if code == 0:
            break
    assert turn > 6  # so many commits a day of reminders has
