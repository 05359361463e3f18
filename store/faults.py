"""Dying on purpose, for ``bench/crash.py``: ``MUARA_FAULT=commit:before:17`` kills us at the 17th commit.

Off unless the variable is set; this is the one place that reads it.
"""

import os
import signal
from itertools import count

_point, _, _turn = os.environ.get("MUARA_FAULT", "").rpartition(":")
_passes = count(1)


def at(point: str) -> None:
    """Pass a place where dying must not matter; be killed if this is the chosen one."""
    if point == _point and next(_passes) == int(_turn):
        os.kill(os.getpid(), signal.SIGKILL)
