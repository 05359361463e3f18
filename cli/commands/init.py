"""``muara init``: this office's configuration, commented, and a systemd unit. Nothing is overwritten."""

from pathlib import Path

import click

from cli.context import App
from cli.errors import plain_errors
from config.init import files_for
from config.texts import Texts


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("init", help=words("cli.init_help"))
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path())
    @click.pass_obj
    def init(app: App, folder: Path) -> None:
        with plain_errors(words):
            folder.mkdir(parents=True, exist_ok=True)
            for path, content in files_for(folder).items():
                _write(words, path, content)
        click.echo(words("cli.init_next", file=folder / "muara.toml"))

    return init


def _write(words: Texts, path: Path, content: str) -> None:
    if path.exists():
        click.echo(words("cli.init_exists", file=path))
        return
    path.write_text(content, "utf-8")
    click.echo(words("cli.init_written", file=path))
