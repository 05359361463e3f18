"""An operator at a real terminal."""

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from tests.cli.conftest import Office


class Operator:
    """Types into `muara` on a real terminal and reads what it shows."""

    def __init__(self, office: Office, *arguments: str) -> None:
        mine, theirs = pty.openpty()
        root = Path(__file__).parents[2]
        code = f"import sys; sys.path.insert(0, {str(root)!r}); import cli; cli.main()"
        command = [sys.executable, "-c", code, "--config", str(office.config), *arguments]
        environment = {**os.environ, "TERM": "dumb", "MUARA_LANG": "id", "COLUMNS": "100"}
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)
        self.terminal = mine
        self.shown = ""

    def sees(self, text: str) -> None:
        """Wait until the screen shows a text that was not there at the last look."""
        until = monotonic() + 90
        while text not in self.shown:
            ready, _, _ = select.select([self.terminal], [], [], max(0, until - monotonic()))
            assert ready, f"waited for {text!r}, saw {self.shown!r}"
            try:
                self.shown += os.read(self.terminal, 4096).decode("utf-8", "replace")
            except OSError:  # Linux says so when the other end is gone
                pytest.fail(f"ended before {text!r}: {self.shown}")
        self.shown = self.shown.partition(text)[2]

    def types(self, line: str) -> None:
        os.write(self.terminal, f"{line}\n".encode())

    def fills_in(self, *dialogue: tuple[str, str]) -> None:
        for question, answer in dialogue:
            self.sees(question)
            self.types(answer)

    def leaves(self, *, interrupted: bool = False) -> int:
        """Read to the end. Python loses a Ctrl-C that comes just before it waits: people press it again."""
        while self.process.poll() is None:
            if interrupted:
                os.killpg(self.process.pid, signal.SIGINT)
            self.reads_on(3)
        self.reads_on(0)
        return self.process.wait()

    def reads_on(self, seconds: float) -> None:
        """Read what comes within some seconds, or until the other end is closed."""
        until = monotonic() + seconds
        with contextlib.suppress(OSError):  # Linux's way of telling that it is closed
            while select.select([self.terminal], [], [], max(0, until - monotonic()))[0]:
                self.shown += os.read(self.terminal, 4096).decode("utf-8", "replace")
