"""Which rules a command works with: a folder named on the command line, the office's, or the shipped ones."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from classify.engine import RuleSet, compile_rules
from cli.context import App
from config.rules import sources
from config.settings import load
from config.texts import Texts

F = TypeVar("F", bound=Callable[..., Any])


def rules_option(words: Texts, text: str) -> Callable[[F], F]:
    """The option --rules FOLDER; ``text`` names its help."""
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option(
        "--rules", "folder", type=folder, metavar=words("cli.meta_folder"), help=words(text)
    )


def rule_set(app: App, folder: Path | None) -> RuleSet:
    """Return the rules of a folder laid over the shipped ones, by default those in force.

    Without any configuration the shipped rules are in force. Raises RulesError, ConfigError.
    """
    if folder is None and app.has_config():
        folder = load(app.config_path(), secrets=False).rules.folder
    return compile_rules(sources(folder))
