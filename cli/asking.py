"""Yes or no, in the language of the screen."""

import click

from config.texts import Texts


def agreed(words: Texts, question: str) -> bool:
    """Ask until it is yes or no; nothing means no. Raises click.Abort when they leave."""
    while True:
        answer = click.prompt(question, default="", show_default=False).strip().casefold()
        if answer in words("form.yes").split():
            return True
        if not answer or answer in words("form.no").split():
            return False
        click.echo(words("form.yes_or_no"), err=True)
