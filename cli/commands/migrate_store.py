"""``muara migrate-store``: a whole installation into another database, verified before it counts."""

from pathlib import Path

import click

from cli.commands.backup import progress
from cli.context import App
from cli.logs import quiet
from cli.opening import settings_of
from cli.output import json_line, table
from config.sections import database_url
from config.texts import Texts
from store import Store
from store.keyring import Keyring
from wiring.store import keyring_of


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("migrate-store", help=words("moving.help"))
    @click.argument("source", metavar=words("moving.source"))
    @click.argument("target", metavar=words("moving.target"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def migrate_store(app: App, source: str, target: str, *, json_wanted: bool) -> None:
        quiet()
        keyring = keyring_of(settings_of(app, secrets=False))
        old, new = _url(words, source), _url(words, target)
        if old == new:
            raise click.ClickException(words("moving.same"))
        sizes = _moved(words, old, new, keyring)
        if json_wanted:
            json_line({"target": target, "rows": sizes})
            return
        table(
            (words("moving.table"), words("moving.rows")),
            ((name, f"{size}") for name, size in sizes.items() if size),
        )
        click.echo(words("moving.done", target=target, config=app.config_path()))

    return migrate_store


def _url(words: Texts, given: str) -> str:
    """The URL as the configuration would have it. A password in it would stay in the shell's history."""
    url = database_url(given, Path())
    if url is None:
        raise click.ClickException(words("moving.wrong_url", url=given))
    return url


def _moved(words: Texts, source: str, target: str, keyring: Keyring | None) -> dict[str, int]:
    old, new = Store(source, keyring=keyring), Store(target, keyring=keyring)
    try:
        return old.move_into(new, progress(words))
    finally:
        old.close()
        new.close()
