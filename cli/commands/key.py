"""``muara key``: the key that stands outside the database, made, exchanged, and counted."""

from pathlib import Path

import click

from cli.context import App
from cli.opening import counting, opened, settings_of
from cli.output import json_line, table
from config.settings import Settings
from config.texts import Texts
from store import keyfile
from store.keyring import Keyring
from store.resealing import Use
from wiring.store import keyring_of, open_store


def command(words: Texts) -> click.Command:
    """Build the group."""

    @click.group("key", help=words("key.help"))
    def key() -> None:
        pass

    for part in (_new(words), _rotate(words), _status(words)):
        key.add_command(part)
    return key


def make(words: Texts, file: Path, owner_of: Path) -> None:
    """Write a first key. Raises FileExistsError."""
    keyfile.create(file, Keyring.fresh(), heading=words("key.heading"), owner_of=owner_of)


def _new(words: Texts) -> click.Command:
    @click.command("new", help=words("key.new_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def new(app: App, json_wanted: bool) -> None:
        settings = settings_of(app, secrets=False)
        file = _file(words, settings, "no_file")
        if file.exists():
            raise click.ClickException(words("key.exists", file=file))
        _refuse_if_sealed(settings)
        make(words, file, settings.store.folder)
        with opened(app) as store:
            current = store.seals.current
        if json_wanted:
            json_line({"file": str(file), "key": current})
        else:
            click.echo(words("key.made", file=file))
            click.echo(words("key.copy_it"))

    return new


def _refuse_if_sealed(settings: Settings) -> None:
    """A new key would open nothing of what is there: KeyMissing says what to do."""
    store = open_store(settings)
    try:
        store.seals.admit()
    finally:
        store.close()


def _rotate(words: Texts) -> click.Command:
    @click.command("rotate", help=words("key.rotate_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def rotate(app: App, json_wanted: bool) -> None:
        file = _file(words, settings_of(app, secrets=False), "not_file")
        with opened(app) as store, store.exclusive():  # the daemon must not seal with the old key
            if _begin(app, file):
                click.echo(words("key.resumed"), err=True)
            with opened(app) as exchanged:
                checking = counting(words, "key.checking")
                newest = exchanged.seals.drop_older_keys(file, checking)
        if json_wanted:
            json_line({"file": str(file), "key": newest.current})
        else:
            click.echo(words("key.rotated", file=file, name=newest.current))
            click.echo(words("key.rotated_copy"))

    return rotate


def _begin(app: App, file: Path) -> bool:
    """Put a new key beside the old one; whether an earlier exchange was broken off after that."""
    keyring = keyring_of(settings_of(app, secrets=False))
    if keyring is None or len(keyring.ids) > 1:
        return keyring is not None
    keyfile.replace(file, keyring.rotated())
    return False


def _status(words: Texts) -> click.Command:
    @click.command("status", help=words("key.status_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def status(app: App, json_wanted: bool) -> None:
        settings = settings_of(app, secrets=False)
        with opened(app) as store:
            uses, current = store.seals.uses(), store.seals.current
        keyring = keyring_of(settings)
        known = keyring.ids if keyring else ()
        roles = {one.key: _role(one, current, known) for one in uses}
        if json_wanted:
            json_line({"file": str(settings.privacy.key), "current": current, "values": dict(uses)})
            return
        heads = [words(f"key.{name}") for name in ("id", "values", "role")]
        rows = [(one.key or "-", f"{one.values}", words(f"key.{roles[one.key]}")) for one in uses]
        table(heads, rows, title=f"{words('key.file')}: {settings.privacy.key}")
        if len(known) > 1 or any(one.key != current for one in uses):
            click.echo(words("key.finish"))

    return status


def _role(one: Use, current: str, known: tuple[str, ...]) -> str:
    if not one.key:
        return "role_none"
    if one.key == current:
        return "role_current"
    return "role_old" if one.key in known else "role_unknown"


def _file(words: Texts, settings: Settings, refusal: str) -> Path:
    file = settings.privacy.key.file
    if file is None:
        raise click.ClickException(words(f"key.{refusal}", reference=settings.privacy.key))
    return file
