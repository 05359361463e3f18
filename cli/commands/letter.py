"""``muara letter``: the answer as the office's letter, or as text that is ready to be pasted."""

from pathlib import Path

import click

from cli import office_letter
from cli.access import read_by, reader_of
from cli.context import App
from cli.opening import configured, known_number
from cli.output import printable
from cli.printed import keep, pdf
from config.texts import Texts
from ingest.answer import Way
from ingest.letters.parts import headed
from store import Store
from store.types import Answer, Ticket


def command(words: Texts) -> click.Command:
    """Build the command."""
    path = click.Path(path_type=Path)

    @click.command("letter", help=words("answers.letter_help"))
    @click.argument("number")
    @click.option("--pdf", "file", type=path, help=words("answers.pdf_help"))
    @click.option("--files", "folder", type=path, help=words("answers.save_files_help"))
    @click.pass_obj
    def letter(app: App, number: str, file: Path | None, folder: Path | None) -> None:
        with configured(app) as (settings, store):
            ticket = known_number(words, store, number)
            read_by(words, store, ticket, reader_of(settings))
            answer = _answer(words, store, ticket)
            files = store.answers.files(answer.id) if folder else []
        spoken = office_letter.words_for(words, ticket)
        page = office_letter.Page(
            spoken, settings.office, settings.smtp.sender_address, ticket, answer
        )
        if file:
            pdf(words, file, "letter", page.data())
        else:
            pasted = headed(spoken, ticket, answer.text)
            click.echo(printable(pasted if answer.way == Way.PASTE else page.text()))
            click.echo(words("answers.letter_hint", number=ticket.number), err=True)
        for one in files:
            keep(words, Path(folder or ".") / Path(one.name).name, one.data)
            click.echo(words("answers.written", file=Path(folder or ".") / one.name), err=True)

    return letter


def _answer(words: Texts, store: Store, ticket: Ticket) -> Answer:
    """The answer that waits to be brought across, else the last one."""
    found = store.answers.waiting_for_a_person(ticket.number) or store.answers.of(ticket.number)
    if not found:
        raise click.ClickException(words("answers.no_answer", number=ticket.number))
    return found[-1]
