"""``muara check``: build everything, touch nothing, list every problem at once."""

import click

from cli.context import App
from cli.output import json_line
from config.problems import ConfigError, Problem
from config.settings import load
from config.texts import Texts
from wiring import build, rule_problems


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("check", help=words("cli.check_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def check(app: App, json_wanted: bool) -> None:
        path = app.config_path()
        problems = _problems(app)
        if json_wanted:
            for problem in problems:
                json_line(problem)
        else:
            for problem in problems:
                click.echo(str(problem), err=True)
            if not problems:
                click.echo(words("cli.check_fine", file=path))
        if problems:
            raise SystemExit(1)

    return check
