"""Run as a program: a reply comes in and becomes an answer, over a database that is there; may be killed.

The folder holds what the first part of the test left: a case, its notice, and the reply as a file.
"""

import sys
from pathlib import Path

from ingest.staff_mail import patience
from testing.smtp_sink import SmtpSink
from tests.ingest.staff_shop import StaffShop

REPLY = "balasan.eml"


class Elsewhere:
    """The sink of another process."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received: list[object] = []


def opened(folder: Path, sink: SmtpSink) -> StaffShop:
    """The office in a folder, with its clock; its mailbox holds the reply."""
    staff = StaffShop(folder, sink)
    patience.monotonic = staff.steady  # type: ignore[attr-defined]
    staff.mailbox.push(b"what is in the ledger already", staff.clock())
    staff.mailbox.push((folder / REPLY).read_bytes(), staff.clock())
    return staff


def finish(staff: StaffShop) -> None:
    """Everything the daemon would do."""
    staff.parts.poller.poll(staff.mailbox, staff.stop)
    for _ in range(2):
        staff.work()
        staff.parts.outbox.send_due(staff.stop)
        staff.wait(minutes=6)
        staff.work()
        staff.parts.outbox.send_due(staff.stop)


if __name__ == "__main__":
    office = opened(Path(sys.argv[1]), Elsewhere(int(sys.argv[2])))  # type: ignore[arg-type]
    finish(office)
    office.close()
