"""The demo as a command: options, exit code, and every trouble as one sentence."""

import os
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from demo.desk import DaemonEndedError, DeskError
from demo.office import FolderError, fresh
from demo.reading import read_samples
from demo.show import Screen
from demo.steps import PATIENCE, Demo, NotDone
from demo.words import Words, chosen_language

INTERRUPTED = 130  # the shell's own code for Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo and return its exit code: 0 when every sample is accounted for."""
    words = Words(chosen_language())
    options = _options(words, arguments)
    screen = Screen(words)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _as_interrupt)
    try:
        return _run(words, screen, options)
    except KeyboardInterrupt:
        screen.problem(words("interrupted"))
        return INTERRUPTED
    except Exception as error:
        if os.environ.get("MUARA_DEBUG"):
            raise
        screen.problem(*_sentence(words, options.folder, error))
        return 1


def _run(words: Words, screen: Screen, options: Namespace) -> int:
    screen.title()
    demo = Demo(words, screen, fresh(options.folder))
    if not demo.run(read_samples(), keep=options.keep):
        return 1
    screen.next_steps()
    return 0


def _options(words: Words, arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="make demo", description=words("help"))
    parser.add_argument("--keep", action="store_true", help=words("help_keep"))
    parser.add_argument("--folder", type=Path, default=Path(".demo"), help=words("help_folder"))
    return parser.parse_args(arguments)


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _sentence(words: Words, folder: Path, error: Exception) -> tuple[str, str]:
    """What a person should read about an error: a sentence, and what some program said."""
    match error:
        case NotDone(found=found, wanted=wanted):
            values = {"seconds": int(PATIENCE), "found": found, "wanted": wanted}
            return words("timeout", log=folder / "daemon.log", **values), ""
        case DaemonEndedError():
            return words("daemon_ended"), str(error)
        case DeskError():
            return words("muara_failed"), str(error)
        case FolderError():
            return words("foreign_folder", folder=folder), ""
        case OSError() if error.filename:
            return words("os_error", file=error.filename, reason=error.strerror), ""
        case _:
            return words("unforeseen", kind=type(error).__name__, reason=error), ""
