"""``muara init``: this office's configuration, commented, a systemd unit, and a key. Nothing is overwritten."""

from dataclasses import asdict
from pathlib import Path

import click

from cli.commands.key import make
from cli.context import operator
from cli.output import json_line
from config.init import KEY_NAME, write
from config.problems import ConfigError
from config.texts import Texts


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("init", help=words("cli.init_help"))
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    def init(folder: Path, json_wanted: bool) -> None:
        try:
            written = write(folder, language=words.language, login=operator())
        except ConfigError as error:
            raise click.ClickException(str(error)) from error
        key = written.config.with_name(KEY_NAME)
        made = _key(words, key)
        if json_wanted:
            files = {name: str(path) for name, path in asdict(written).items()}
            json_line(files | {"key": str(key)})
            return
        for path in (written.config, written.unit, written.secrets, written.exports):
            click.echo(words("cli.init_written", file=path))
        click.echo(words("key.made" if made else "key.kept", file=key))
        click.echo(words("key.copy_it"))
        click.echo(words("cli.init_next", file=written.config))

    return init


def _key(words: Texts, file: Path) -> bool:
    """Make a key, unless there is one: a configuration may be written anew beside an old database."""
    if file.exists():
        return False
    make(words, file, file.parent)
    return True
