"""What commands share: which configuration, which language, and errors as one sentence."""

import os
import pwd
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import click

from config.texts import LANGUAGES, Texts

PLACES = (Path("muara.toml"), Path("/etc/muara/muara.toml"))


class App:
    """One invocation of the command line."""

    def __init__(self, words: Texts, config: Path | None) -> None:
        self.words = words
        self._config = config

    def has_config(self) -> bool:
        """Whether one was named or lies in a usual place."""
        return find_config(self._config) is not None

    def config_path(self) -> Path:
        """The configuration in force: --config, MUARA_CONFIG, ./muara.toml, /etc/muara/muara.toml."""
        path = find_config(self._config)
        if path is None or not path.exists():
            raise click.ClickException(
                self.words("cli.no_config", places=", ".join(map(str, [path] if path else PLACES)))
            )
        return path


def standard_input() -> str:
    """Everything on standard input; bytes that are no UTF-8 become U+FFFD, the words around them stay."""
    return sys.stdin.buffer.read().decode("utf-8-sig", "replace")


def operator() -> str:
    """Who is typing, as this computer knows them: behind sudo the account that used it.

    The account's own name comes from the system, never from a variable that anybody can set.
    """
    behind = os.environ.get("SUDO_USER")
    if behind and os.environ.get("SUDO_UID") != str(os.getuid()):
        return behind
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a user id without a name, as in containers
        return f"uid {os.getuid()}"


def find_config(given: Path | None) -> Path | None:
    """Return the configuration's path, whether or not a named one exists; None where none is found."""
    if given or "MUARA_CONFIG" in os.environ:
        return given or Path(os.environ["MUARA_CONFIG"])
    return next((place for place in PLACES if place.exists()), None)


def language(arguments: Sequence[str]) -> str:
    """The language of this run: MUARA_LANG, else the configuration's, else Indonesian.

    It is needed before the command line is parsed, because help and usage errors are texts too.
    """
    wanted = os.environ.get("MUARA_LANG") or _configured(arguments) or "id"
    return wanted if wanted in LANGUAGES else "id"


def _configured(arguments: Sequence[str]) -> str:
    path = find_config(_config_option(arguments))
    try:
        general = tomllib.loads(path.read_text("utf-8")).get("general", {}) if path else {}
    except (OSError, ValueError):
        return ""  # the command that needs the file says what is wrong with it
    return str(general.get("language", "")) if isinstance(general, dict) else ""


def _config_option(arguments: Sequence[str]) -> Path | None:
    for place, option in enumerate(arguments):
        if option in ("-c", "--config"):
            return Path(next(iter(arguments[place + 1 :]), ""))
        if option.startswith("--config="):
            return Path(option.partition("=")[2])
    return None
