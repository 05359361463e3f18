"""What commands that take in or send need: all parts, as the daemon has them. Closed again at the end."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from classify.engine import RulesError
from cli.context import App
from cli.errors import sentence
from cli.opening import ready, settings_of
from wiring.parts import Parts, build


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
        ready(app.words, parts.settings, parts.store)
        yield parts
    finally:
        parts.store.close()
