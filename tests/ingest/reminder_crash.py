"""Run as a program: a day of reminders over a database that is there; may be killed at any commit."""

import sys
from pathlib import Path
from typing import cast

from testing.daemon import OWN, Site
from testing.smtp_sink import SmtpSink
from tests.ingest.clockwork import Clockwork

DAY = [f"24 Nov 2026 {clock}" for clock in ("08:00", "10:24", "11:00")]
START = "24 Nov 2026 07:00"


class Elsewhere:
    """The sink of another process."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[object] = []


def opened(folder: Path, sink: SmtpSink) -> Clockwork:
    """The office in a folder."""
    site = Site(folder, sink.port)
    site.imap("gmail", ("localhost", 1), OWN, "x")
    return Clockwork(site, sink, START)


def finish(clock: Clockwork) -> None:
    """What the daemon does that day."""
    for moment in DAY:
        clock.at(moment)


if __name__ == "__main__":
    office = opened(Path(sys.argv[1]), cast("SmtpSink", Elsewhere(int(sys.argv[2]))))
    finish(office)
    office.close()
