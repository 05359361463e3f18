"""What commands that look at cases need: the settings and the store. They start fast without the rest."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import click

from cli.context import App
from cli.logs import quiet
from config.settings import Settings, load
from config.texts import Texts
from store import Store, private
from store.numbers import normalise
from store.types import Ticket
from wiring.store import open_store


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
        ready(settings, store)
        yield settings, store
    finally:
        store.close()


def ready(settings: Settings, store: Store) -> None:
    """Make the database usable at this version."""
    quiet()
    private.ensure_folder(settings.store.folder)
    store.upgrade()


def known_number(words: Texts, store: Store, given: str) -> Ticket:
    """Return the ticket somebody means, however they wrote its number."""
    number = normalise(given)
    if number is None:
        raise click.ClickException(words("cli.not_a_number", number=given))
    ticket = store.ticket(number)
    if ticket is None:
        raise click.ClickException(words("cli.no_ticket", number=number))
    return ticket
