"""A part of the daemon as a process of its own, which ends itself at a commit."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from testing.daemon import ROOT


def killed(module: str, folder: Path, port: int, fault: str) -> int:
    """Run a module of this folder until it is done, or until the fault; return how it ended."""
    environment = {**os.environ, "MUARA_FAULT": fault, "PYTHONPATH": str(ROOT)}
    call = [sys.executable, "-m", f"tests.ingest.{module}", str(folder), str(port)]
    done = subprocess.run(
        call, env=environment, cwd=ROOT, timeout=120, check=False, capture_output=True, text=True
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode
