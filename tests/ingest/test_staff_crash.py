"""Killed at any commit between a reply and its answer: it is sent once, and nothing is lost."""

from itertools import count
from pathlib import Path

import pytest

from testing.smtp_sink import SmtpSink
from tests.ingest.killed import killed
from tests.ingest.staff_crash import REPLY, finish, opened
from tests.ingest.staff_shop import StaffShop
from tests.ingest.workshop import CITIZEN


def prepared(folder: Path, sink: SmtpSink) -> str:
    """A case whose notice was sent, and a reply to it that nobody read yet; the case's number."""
    folder.mkdir()
    staff = StaffShop(folder, sink)
    ticket = staff.opened()
    staff.send()
    (folder / REPLY).write_bytes(staff.reply(ticket, "Dana cair hari Senin."))
    staff.close()
    return ticket.number


@pytest.mark.slow
@pytest.mark.parametrize("point", ["before", "after"])
def test_killed_at_every_commit_the_answer_is_sent_once(
    tmp_path: Path, sink: SmtpSink, point: str
) -> None:
    for turn in count(1):
        folder = tmp_path / str(turn)
        number = prepared(folder, sink)
        sink.received.clear()
        code = killed("staff_crash", folder, sink.port, f"commit:{point}:{turn}")
        staff = opened(folder, sink)
        finish(staff)
        answers = [e for e in staff.ticket(number).events if e.what == "answer.recorded"]
        sound = staff.store.verify()
        staff.close()
        letters = [r.message["Message-ID"] for r in sink.received if r.recipients == (CITIZEN,)]
        assert (len(answers), sound) == (1, []), turn
        assert len(set(letters)) == 1, turn  # a mail may go out twice, under one Message-ID
        if code == 0:
            break
    assert turn > 5  # so many commits there are between a reply and its answer
