"""The log in a process of its own: setting it up is for the whole process."""

import subprocess
import sys

from testing.daemon import ROOT

READ = """
from datetime import UTC, datetime
from channels.mail import read_mail
from cli.logs import set_up
set_up("json", "info")
bounce = b"Return-Path: <>\\r\\nSubject: Undelivered Mail Returned to Sender\\r\\n\\r\\nx\\r\\n"
print(read_mail(bounce, received_at=datetime.now(UTC)).machine.value)
"""


def test_a_bounce_no_detector_can_read_leaves_no_traceback_in_the_log() -> None:
    done = subprocess.run(
        [sys.executable, "-c", READ], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("bounce", "")
