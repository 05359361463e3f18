"""The end of every form: what was given, shown line by line, and the one to mend pointed at."""

from collections.abc import Sequence

import click

from cli.output import facts
from config.texts import Texts


def line_to_mend(words: Texts, lines: Sequence[tuple[str, str]]) -> int | None:
    """Show labels and values numbered from 1; return which to mend, from 0, None when all is right.

    Raises click.Abort when they leave.
    """
    click.echo()
    facts((f"{number}  {label}", value) for number, (label, value) in enumerate(lines, 1))
    while True:
        answer = click.prompt(words("form.right"), default="", show_default=False).strip()
        if answer.casefold() == words("form.leave"):
            raise click.Abort
        if not answer:
            return None
        if answer.isdecimal() and 1 <= int(answer) <= len(lines):
            return int(answer) - 1
        click.echo(words("form.no_such_line", given=answer, count=len(lines)), err=True)
