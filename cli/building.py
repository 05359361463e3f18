"""What commands need built: the settings, the store alone, or all parts. Closed again at the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

import click

from classify.engine import RulesError
from cli.context import App
from cli.errors import sentence
from cli.logs import quiet
from config.settings import Settings, load
from config.texts import Texts
from store import Store
from store.numbers import normalise
from store.types import Ticket
from wiring import Parts, build, open_store


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
    settings = settings_of(app, secrets=False)
    store = open_store(settings)
    try:
        _ready(settings, store)
        yield store
    finally:
        store.close()


@contextmanager
def built(
    app: App, *, secrets: bool = False, shipped_rules_will_do: bool = False
) -> Iterator[Parts]:
    """Everything, as the daemon has it. ``secrets`` are checked where the network will be used.

    A broken rule file of the office stops a command, unless ``shipped_rules_will_do``: who calls in
    must not have to wait until the rules are mended.
    """
    settings = settings_of(app, secrets=secrets)
    try:
        parts = build(settings, app.words)
    except RulesError as error:
        if not shipped_rules_will_do or settings.rules.folder is None:
            raise
        click.echo(sentence(app.words, error), err=True)
        click.echo(app.words("cli.shipped_rules"), err=True)
        without = settings.rules.model_copy(update={"folder": None})
        parts = build(settings.model_copy(update={"rules": without}), app.words)
    try:
        _ready(parts.settings, parts.store)
        yield parts
    finally:
        parts.store.close()


def _ready(settings: Settings, store: Store) -> None:
    quiet()
    settings.store.folder.mkdir(parents=True, exist_ok=True)
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
