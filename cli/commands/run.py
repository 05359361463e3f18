"""``muara run``: the daemon, in the foreground, as systemd wants it."""

import click

import service
from cli.building import built
from cli.context import App
from cli.logs import set_up
from config.texts import Texts


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("run", help=words("cli.run_help"))
    @click.pass_obj
    def run(app: App) -> None:
        with built(app, secrets=True) as parts:
            set_up(parts.settings.log.format, parts.settings.log.level)
            service.run(parts)

    return run
