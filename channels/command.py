"""A command of the office's own that carries one sentence to a person, such as by SMS."""

import subprocess
from collections.abc import Sequence

from channels.errors import Temporary

_TIMEOUT = 30.0  # seconds


def say(command: Sequence[str], sentence: str) -> None:
    """Run ``command`` without a shell, the sentence on its standard input. Raises Temporary."""
    try:
        done = subprocess.run(  # noqa: S603 - the operator's own command; nothing of strangers is in it
            command,
            input=f"{sentence}\n".encode(),
            capture_output=True,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Temporary("command_failed", command=command[0], reason=error) from error
    if done.returncode != 0:
        reason = done.stderr.decode("utf-8", "replace").strip()[-200:] or done.returncode
        raise Temporary("command_failed", command=command[0], reason=reason)
