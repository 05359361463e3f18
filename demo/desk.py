"""muara as its users have it: the daemon as a process, and the command line with ``--json``."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from demo.office import Office

MUARA = Path(sys.executable).with_name("muara")
_COMMAND_LIMIT = 60.0  # seconds
_STOP_LIMIT = 20.0

Json = dict[str, Any]


class DeskError(Exception):
    """Something of muara's did not work; its own words."""


class DaemonEndedError(DeskError):
    """The daemon ended by itself; the end of its log."""


@dataclass(frozen=True)
class Ended:
    """How the daemon ended; ``abandoned`` when it gave up on a channel that hung."""

    code: int
    seconds: float
    abandoned: bool

    @property
    def cleanly(self) -> bool:
        return self.code == 0 and not self.abandoned


class Desk:
    """One office's muara. As a context manager it makes sure that no daemon is left behind."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._daemon: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._daemon is not None:
            self.stop()

    def start(self) -> int:
        """Start the daemon and return its process id. It gets no Ctrl-C of the terminal's."""
        with self._office.log.open("ab") as log:
            self._daemon = subprocess.Popen(
                self._command("run"),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self._daemon.pid

    def stop(self) -> Ended:
        """Ask the daemon to end (SIGTERM) and wait; one that does not is killed."""
        assert self._daemon is not None
        began = monotonic()
        self._daemon.send_signal(signal.SIGTERM)
        try:
            code = self._daemon.wait(_STOP_LIMIT)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
            code = self._daemon.wait()
        self._daemon = None
        told = self._log("daemon.stopped")
        return Ended(code, monotonic() - began, not told or bool(told[-1]["abandoned"]))

    def check_daemon(self) -> None:
        """Raise DaemonEndedError when it has ended by itself."""
        if self._daemon is not None and self._daemon.poll() is not None:
            lines = self._office.log.read_text("utf-8", "replace").splitlines()
            raise DaemonEndedError("\n".join(lines[-8:]))

    def ask(self, *arguments: str) -> list[Json]:
        """Run a command with ``--json`` and return what it printed. Raises DeskError."""
        done = subprocess.run(
            self._command(*arguments, "--json"),
            capture_output=True,
            text=True,
            timeout=_COMMAND_LIMIT,
            check=False,
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        )
        if done.returncode != 0:
            raise DeskError(done.stderr.strip() or f"muara {arguments[0]}: {done.returncode}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.strip()]

    def arrivals(self) -> list[Json]:
        """What the daemon's log says became of each arrival, in order."""
        return self._log("arrival.stored", "arrival.quarantined")

    def _log(self, *names: str) -> list[Json]:
        found: list[Json] = []
        for line in self._office.log.read_text("utf-8", "replace").splitlines():
            entry = json.loads(line) if line.startswith("{") and line.endswith("}") else {}
            if entry.get("event") in names:
                found.append(entry)
        return found

    def _command(self, *arguments: str) -> list[str]:
        return [str(MUARA), "--config", str(self._office.config), *arguments]
