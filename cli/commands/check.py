"""``muara check``: build everything, touch nothing, list every problem at once."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import click

from classify.engine import RulesError, compile_rules
from cli.context import App
from cli.errors import reason, rule_trouble, sentence
from cli.output import json_line
from cli.year_notes import crossing, crossing_notes
from config.rules import sources
from config.secrets import SecretError
from config.settings import ConfigError, Problem, Settings, examine
from config.texts import Texts
from store.errors import KeyFileWrong, StoreError
from wiring.parts import Parts, build
from wiring.store import keyring_of


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("check", help=words("cli.check_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def check(app: App, json_wanted: bool) -> None:
        path = app.config_path()
        problems = list(_problems(words, path))
        for problem in problems:
            _tell(problem, json_wanted=json_wanted)
        if any(not problem.warning for problem in problems):
            raise SystemExit(1)
        if not json_wanted:
            click.echo(words("cli.check_fine", file=path))

    return check


def _tell(problem: Problem, *, json_wanted: bool) -> None:
    if json_wanted:
        json_line({"problem": str(problem), "warning": problem.warning, "line": problem.line})
    else:
        click.echo(str(problem), err=True)


def _problems(words: Texts, path: Path) -> Iterator[Problem]:
    settings, problems = examine(path)
    yield from problems
    if settings is None:
        return
    yield from _key_problems(words, path, settings)
    broken = list(_rule_problems(words, path, settings))
    yield from broken
    if not broken and all(problem.warning for problem in problems):
        yield from _building_problems(words, path, settings)


def _key_problems(words: Texts, path: Path, settings: Settings) -> Iterator[Problem]:
    try:
        missing = keyring_of(settings) is None
    except KeyFileWrong as error:
        yield Problem(path, None, "privacy.key", sentence(words, error))
    except SecretError:
        return  # among the problems of the configuration already
    else:
        if missing:
            yield Problem(path, None, "privacy.key", words("key.absent"))


def _rule_problems(words: Texts, path: Path, settings: Settings) -> Iterator[Problem]:
    folder = settings.rules.folder or path.parent
    try:
        compile_rules(sources(settings.rules.folder))
    except RulesError as error:
        for detail in error.details:
            yield Problem(folder / detail.file, None, detail.rule, rule_trouble(words, detail))
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(folder, None, "", reason(words, error))


def _building_problems(words: Texts, path: Path, settings: Settings) -> Iterator[Problem]:
    """What only shows when the parts are put together, such as a feed's broken profile."""
    try:
        parts = build(settings, words)
    except ConfigError as error:
        yield from error.problems
    except (ValueError, OSError) as error:
        yield Problem(path, None, "channels", str(error))
    else:
        yield from _moving_deadlines(words, path, parts)


def _moving_deadlines(words: Texts, path: Path, parts: Parts) -> Iterator[Problem]:
    """Open deadlines that reach a year without cuti bersama.

    Whether there is a database of this version, and whether it can be asked, is for `muara doctor` to say.
    """
    file = parts.store.examination().file
    crossed: Mapping[int, int] = {}
    if file is None or file.exists():
        with suppress(StoreError):
            crossed = crossing(parts.store, parts.settings)
    parts.store.close()
    for note in crossing_notes(words, crossed):
        yield Problem(path, None, "calendar.complete_years", note, warning=True)
