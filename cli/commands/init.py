"""``muara init``: this office's configuration, commented, and a systemd unit. Nothing is overwritten."""

from dataclasses import asdict
from pathlib import Path

import click

from cli.output import json_line
from config.init import write
from config.problems import ConfigError
from config.texts import Texts


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("init", help=words("cli.init_help"))
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    def init(folder: Path, json_wanted: bool) -> None:
        try:
            written = write(folder, language=words.language)
        except ConfigError as error:
            raise click.ClickException(str(error)) from error
        if json_wanted:
            json_line({name: str(path) for name, path in asdict(written).items()})
            return
        for path in (written.config, written.unit, written.secrets, written.exports):
            click.echo(words("cli.init_written", file=path))
        click.echo(words("cli.init_next", file=written.config))

    return init
