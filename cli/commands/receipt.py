"""``muara receipt``: what a complainant takes home, as text or PDF; the code only while it is made."""

from pathlib import Path

import click

from cli import receipts
from cli.access import read_by, reader_of
from cli.context import App, operator
from cli.office_letter import words_for
from cli.opening import configured, known_number
from cli.output import printable
from cli.printed import pdf
from config.texts import Texts
from store import Store
from store.types import Ticket
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""
    width = click.IntRange(24, 132)

    @click.command("receipt", help=words("answers.receipt_help"))
    @click.argument("number")
    @click.option("--new-code", is_flag=True, help=words("answers.new_code_help"))
    @click.option("--width", type=width, default=receipts.WIDTH, help=words("answers.width_help"))
    @click.option("--pdf", "file", type=click.Path(path_type=Path), help=words("answers.pdf_help"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.pass_obj
    def receipt(
        app: App, /, *, number: str, new_code: bool, width: int, file: Path | None, who: str
    ) -> None:
        with configured(app) as (settings, store):
            ticket = known_number(words, store, number)
            code = ""
            if new_code:
                # Whoever holds a code reads the answer.
                read_by(words, store, ticket, reader_of(settings))
                code = store.receipts.make(ticket.number, who=who, now=now())
            kept = "" if code else _kept(words, store, ticket)
        theirs = words_for(words, ticket)
        if file is None:
            for line in receipts.lines(theirs, settings.office, ticket, code, width):
                click.echo(printable(line))
        else:
            pdf(words, file, "receipt", receipts.page(theirs, settings.office, ticket, code))
        if kept:
            click.echo(kept, err=True)

    return receipt


def _kept(words: Texts, store: Store, ticket: Ticket) -> str:
    """What to know about a code that was made before; "" where there is none."""
    made = store.receipts.of(ticket.number)
    if made is None:
        return ""
    at = words.short_moment(made.made_at)
    return words("answers.receipt_code_kept", at=at, number=ticket.number)
