"""A complainant's name and addresses, asked for one by one with what is known, and read back."""

from collections.abc import Mapping

import click

from cli.form import mail_address
from cli.output import facts, printable
from cli.read_back import line_to_mend
from config.texts import Texts
from store.types import Complainant

FIELDS = ("name", "email", "phone", "address")
_NONE = "-"


def corrected(words: Texts, given: Mapping[str, str]) -> dict[str, str]:
    """Return values as they are kept. Raises ValueError with a sentence that says what is wrong."""
    return {name: _kept(words, name, value) for name, value in given.items()}


def asked(words: Texts, known: Complainant) -> dict[str, str]:
    """Ask for every field, then read back and mend what they point at. Raises click.Abort when they leave."""
    values = {name: str(getattr(known, name)) for name in FIELDS}
    facts((words(f"contact.{name}").capitalize(), _shown(values[name])) for name in FIELDS)
    for name in FIELDS:
        values[name] = _ask(words, name, values[name])
    while name := _read_back(words, values):
        values[name] = _ask(words, name, values[name])
    return values


def _kept(words: Texts, name: str, given: str) -> str:
    return mail_address(words, given) if name == "email" else given.strip()


def _ask(words: Texts, name: str, known: str) -> str:
    while True:
        given: str = click.prompt(words(f"contact.ask_{name}"), default="", show_default=False)
        if not given.strip():
            return known
        try:
            return "" if given.strip() == _NONE else _kept(words, name, given)
        except ValueError as error:
            click.echo(str(error), err=True)


def _read_back(words: Texts, values: Mapping[str, str]) -> str:
    """Show all; return the field to mend, "" when it is right."""
    lines = [(words(f"contact.{name}").capitalize(), _shown(values[name])) for name in FIELDS]
    at = line_to_mend(words, lines)
    return "" if at is None else FIELDS[at]


def _shown(value: str) -> str:
    return printable(value) or "-"
