"""What commands that look at cases need: the settings and the store. They start fast without the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from zoneinfo import ZoneInfo

import click

from cli.context import App
from cli.logs import quiet
from config.settings import Settings, load
from config.texts import Texts
from store import Store, private
from store.backup import Progress
from store.numbers import normalise
from store.types import Ticket
from wiring.store import open_store

EVERY = 3.0  # seconds between two signs of life


def settings_of(app: App, *, secrets: bool = True) -> Settings:
    """Load the configuration. Raises ConfigError with every problem; warnings go to standard error."""
    settings = load(app.config_path(), secrets=secrets)
    app.words.zone = ZoneInfo(settings.general.timezone)
    for warning in settings.warnings:
        click.echo(str(warning), err=True)
    return settings


@contextmanager
def opened(app: App) -> Iterator[Store]:
    """The store alone, at the newest schema."""
    with configured(app) as (_, store):
        yield store


@contextmanager
def configured(app: App) -> Iterator[tuple[Settings, Store]]:
    """The settings, and the store at the newest schema."""
    settings = settings_of(app, secrets=False)
    store = open_store(settings)
    try:
        ready(app.words, settings, store)
        yield settings, store
    finally:
        store.close()


def ready(words: Texts, settings: Settings, store: Store) -> None:
    """Make the database usable at this version, and see everything in it encrypted."""
    quiet()
    private.ensure_folder(settings.store.folder)
    if store.upgrade(counting(words, "key.sealing")):
        click.echo(words("key.sealed"), err=True)
        if files := store.seals.plain_copies(settings.store.backup_folder):
            click.echo(words("key.old_copies", files=", ".join(map(str, files))), err=True)


def counting(words: Texts, sentence: str) -> Progress:
    """Say every few seconds how far something is that takes long; nothing where it does not."""
    last = monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last >= EVERY:
            last = monotonic()
            click.echo(words(sentence, done=done, total=total), err=True)

    return tell


def known_number(words: Texts, store: Store, given: str) -> Ticket:
    """Return the ticket somebody means, however they wrote its number."""
    number = normalise(given)
    if number is None:
        raise click.ClickException(words("cli.not_a_number", number=given))
    ticket = store.ticket(number)
    if ticket is None:
        raise click.ClickException(words("cli.no_ticket", number=number))
    return ticket
