"""What `muara init` writes: this office's configuration, a systemd unit, folders for secrets and exports."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path

from config.problems import ConfigError, Problem
from config.secrets import SECRETS_FOLDER
from config.texts import Texts

CONFIG_NAME = "muara.toml"
UNIT_NAME = "muara.service"
KEY_NAME = "muara.key"
EXPORTS_FOLDER = "ekspor-lapor"

_SYSTEM_FOLDER = Path("/etc/muara")
_SYSTEM_DATA = Path("/var/lib/muara")
_HOMES = tuple(map(Path, ("/home", "/root", "/run/user")))


@dataclass(frozen=True, slots=True)
class Written:
    """The files that were made."""

    config: Path
    unit: Path
    secrets: Path
    exports: Path


def write(
    folder: Path,
    *,
    today: date | None = None,
    command: Path | None = None,
    language: str = "id",
    login: str = "kesra1",
) -> Written:
    """Write both files and make the folders for secrets and for LAPOR's exports, closed to others.

    Nothing that exists is overwritten, and then nothing is written at all: raises ConfigError. What
    the files say is described at ``files_for``.
    """
    folder = folder.absolute()
    contents = files_for(folder, today=today, command=command, login=login)
    _refuse_to_overwrite(contents, language)
    written = Written(
        folder / CONFIG_NAME, folder / UNIT_NAME, folder / SECRETS_FOLDER, folder / EXPORTS_FOLDER
    )
    try:
        written.secrets.mkdir(mode=0o700, parents=True, exist_ok=True)
        written.exports.mkdir(mode=0o750, exist_ok=True)
        for path, text in contents.items():
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        place = Path(error.filename or folder)
        raise ConfigError(
            (_problem(place, "cannot_write", language, str(error.strerror)),)
        ) from None
    return written


def files_for(
    folder: Path,
    *,
    today: date | None = None,
    command: Path | None = None,
    login: str = "kesra1",
) -> dict[Path, str]:
    """Return what to write where.

    ``today`` becomes the mailboxes' start date, by default the machine's own; ``command`` is the
    installed `muara`, by default the one beside the running Python. ``login`` is the account in the
    example of a person.
    """
    folder = folder.absolute()
    start = today or datetime.now().astimezone().date()
    program = command or Path(sys.executable).with_name("muara")
    return {
        folder / CONFIG_NAME: configuration(folder, start, login),
        folder / UNIT_NAME: unit(folder, program),
    }


def configuration(folder: Path, today: date, login: str) -> str:
    """Return the commented configuration of this office."""
    data = str(_SYSTEM_DATA) if folder == _SYSTEM_FOLDER else "data"
    exports = str(folder / EXPORTS_FOLDER) if folder == _SYSTEM_FOLDER else EXPORTS_FOLDER
    values = {"DATA": data, "TODAY": today.isoformat(), "EXPORTS": exports, "LOGIN": login}
    return _filled(CONFIG_NAME, values)


def unit(folder: Path, program: Path) -> str:
    """Return the hardened systemd unit that runs ``program`` with the configuration in ``folder``."""
    data = _SYSTEM_DATA if folder == _SYSTEM_FOLDER else folder / "data"
    at_home = any(path.is_relative_to(home) for path in (folder, program) for home in _HOMES)
    values = {
        "COMMAND": _quoted(program),
        "CONFIG": _quoted(folder / CONFIG_NAME),
        "DATA": _quoted(data, "-"),
        "KEY": str(folder / KEY_NAME),
        "SECRETS": _escaped(folder / SECRETS_FOLDER),
        "PROTECT_HOME": "read-only" if at_home else "yes",
    }
    return _filled(UNIT_NAME, values)


def _refuse_to_overwrite(paths: Iterable[Path], language: str) -> None:
    problems = tuple(_problem(path, "already_there", language) for path in paths if path.exists())
    if problems:
        raise ConfigError(problems)


def _problem(path: Path, code: str, language: str, why: str = "") -> Problem:
    texts = Texts(language)
    return Problem(path, None, "", texts(f"config.{code}", why=texts.reason(why)))


def _filled(name: str, values: dict[str, str]) -> str:
    text = files(__package__).joinpath("templates", name).read_text("utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def _escaped(path: Path) -> str:
    return str(path).replace("%", "%%")


def _quoted(path: Path, prefix: str = "") -> str:
    text = prefix + _escaped(path)
    return f'"{text}"' if " " in text else text
