"""click's own words (Usage, Error, Missing option ...) in the language of the run.

click asks the process's gettext domain for them. Ours lies in ``config/locale``, Indonesian only:
what gettext does not find stays as click wrote it, in English.
"""

import gettext
import os
from importlib.resources import files

import click

from config.texts import Texts

DOMAIN = "click"


def speak(language: str) -> None:
    """Let click use a language from now on. It holds for the whole process."""
    os.environ["LANGUAGE"] = language  # where gettext looks first, before LANG
    gettext.bindtextdomain(DOMAIN, str(files("config") / "locale"))
    gettext.textdomain(DOMAIN)


def dress(command: click.Command, words: Texts) -> None:
    """Put the words that click does not translate into a command: TEXT, PATH, [OPTIONS] and the like."""
    command.options_metavar = words("cli.meta_options")
    for param in command.params:
        _dress(param, words)
    if isinstance(command, click.Group):
        command.subcommand_metavar = words("cli.meta_command")
        for part in command.commands.values():
            dress(part, words)


def _dress(param: click.Parameter, words: Texts) -> None:
    if isinstance(param.type, click.IntRange):
        param.type.name = words("cli.a_number")
    takes_a_value = not (isinstance(param, click.Option) and param.is_flag)
    if param.metavar is None and takes_a_value and not isinstance(param.type, click.Choice):
        param.metavar = _metavar(param, words.part("cli"))


def _metavar(param: click.Parameter, sentences: dict[str, str]) -> str:
    """The placeholder in the help: the parameter's own where it has one, else its type's."""
    name = sentences.get(f"meta_{param.name}") or sentences[f"meta_type_{_kind(param.type)}"]
    if isinstance(param, click.Option):
        return name
    name = name if param.required else f"[{name}]"
    return f"{name}..." if param.nargs != 1 else name


def _kind(kind: object) -> str:
    if isinstance(kind, click.Path):
        return "path"
    return "number" if isinstance(kind, click.IntRange) else "text"
