"""The command ``muara``: finds the language, loads one command's module, turns errors into one sentence."""

import importlib
import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from cli.catalogue import COMMANDS, GROUPS
from cli.context import App, language
from cli.native import dress, speak
from config.texts import Texts


class Lazy(click.Group):
    """Imports a command's module when it is asked for: ``muara classify`` needs no database code."""

    words: Texts

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command, in the order an operator meets them."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click's signature
        cmd_name: str,
    ) -> click.Command | None:
        """Build one command with its help in the chosen language."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(module).command(self.words)
        _take_config(command, self.words)
        dress(command, self.words)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands under headings: there are too many for one list."""
        widest = max(map(len, COMMANDS))
        room = formatter.width - widest - 4
        for group, names in GROUPS.items():
            found = [(name, self.get_command(ctx, name)) for name in names]
            rows = [(name.ljust(widest), c.get_short_help_str(room)) for name, c in found if c]
            with formatter.section(self.words(f"cli.group_{group}")):
                formatter.write_dl(rows)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for a misspelt one name those that look like it."""
        close = [] if args[0] in COMMANDS else get_close_matches(args[0], COMMANDS)
        if close:
            ctx.fail(self.words("cli.no_command", given=args[0], close=", ".join(close)))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong is one sentence, its details with MUARA_DEBUG=1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("MUARA_DEBUG"):
                raise
            # Only now: the errors' module knows the database, whose import takes longer than to classify.
            errors = importlib.import_module("cli.errors")
            raise click.ClickException(errors.sentence(self.words, error)) from error


def _take_config(command: click.Command, words: Texts) -> None:
    """Accept --config after a command's name as well as before it: people type it in either place."""

    def take(ctx: click.Context, _: click.Parameter, path: Path | None) -> None:
        if path is not None:
            ctx.obj = App(words, path)

    command.params.append(
        click.Option(
            ["-c", "--config"],
            type=click.Path(path_type=Path),
            expose_value=False,
            callback=take,
            help=words("cli.config"),
        )
    )
    if isinstance(command, click.Group):
        for part in command.commands.values():
            _take_config(part, words)


def build(words: Texts) -> click.Group:
    """Return the whole command line in one language. click's own words are the process's: `speak`."""

    @click.group(
        "muara",
        cls=Lazy,
        help=words("cli.help"),
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    @click.option("-c", "--config", type=click.Path(path_type=Path), help=words("cli.config"))
    @click.version_option(package_name="muara", help=words("cli.version"))
    @click.pass_context
    def muara(ctx: click.Context, config: Path | None) -> None:
        ctx.obj = App(words, config)

    assert isinstance(muara, Lazy)  # noqa: S101 - tells mypy what cls= made
    muara.words = words
    dress(muara, words)
    return muara


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line of this process."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    words = Texts(language(given))
    speak(words.language)
    build(words).main(given, prog_name="muara")
