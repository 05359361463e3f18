"""``muara answer``: write the team's answer; it goes back the way the complaint came."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from cli.access import look_who, reader_of
from cli.commands.deliveries import TO_LENGTH, closed
from cli.context import App, operator, standard_input
from cli.named import Named
from cli.opening import configured, known_number
from cli.output import json_line, printable, shortened
from config.settings import Settings
from config.texts import Texts
from ingest.answer import Answered, Way, WayClosed, check_way, way_of
from ingest.answer import answer as record_answer
from ingest.files import Unsendable, check_size, file_to_send
from store.types import FileToSend, Ticket
from wiring.channels import posting_channel
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""
    ways, path = Named(words, "ways_short", Way), click.Path(path_type=Path)

    @click.command("answer", help=words("cli.answer_help"))
    @click.argument("number")
    @click.option("--text", help=words("cli.answer_text"))
    @click.option("--attach", type=path, multiple=True, help=words("answers.attach_help"))
    @click.option("--way", type=ways, help=words("answers.way_help"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def answer(
        app: App, /, *, number: str, text: str | None, attach: tuple[Path, ...], way: str | None,
        who: str, json_wanted: bool,
    ) -> None:  # fmt: skip
        with configured(app) as (settings, store):
            ticket = known_number(words, store, number)
            files = _files(words, settings, attach)
            through = posting_channel(settings, ticket)
            chosen = _way(words, ticket, way, through, files)
            said = (_typed(words, ticket) if text is None else text).strip()
            if not said:
                raise click.ClickException(words("cli.answer_empty"))
            done = record_answer(
                store, ticket, said, who, now, through=through, way=chosen, files=files
            )
            reader = reader_of(settings)
            if not reader.may_read(ticket):
                done = replace(done, to="")
            elif done.to:
                look_who(store, ticket, reader)
        if json_wanted:
            json_line(done)
        else:
            _say(words, done, files)

    return answer


def _say(words: Texts, done: Answered, files: Sequence[FileToSend]) -> None:
    unknown = "answers.no_address" if done.way is Way.POST else "cli.the_complainant"
    to = shortened(done.to, TO_LENGTH) or words(unknown)
    click.echo(words(f"cli.answered_{done.way}", number=done.number, to=to))
    if files:
        click.echo(words("answers.files_kept", names=", ".join(file.name for file in files)))


def _files(words: Texts, settings: Settings, paths: Sequence[Path]) -> list[FileToSend]:
    """The files to attach, looked at before anybody writes a word. Raises OSError."""
    try:
        files = [file_to_send(path.name, path.read_bytes()) for path in paths]
        check_size(files, settings.answers.attachments_megabytes * 2**20)
    except Unsendable as error:
        raise click.ClickException(words(f"answers.{error.code}", **error.values)) from error
    return files


def _way(
    words: Texts, ticket: Ticket, given: str | None, through: str, files: Sequence[FileToSend]
) -> Way:
    way = Way(given) if given else way_of(ticket, through)
    try:
        check_way(ticket, way, through, with_files=bool(files))
    except WayClosed as error:
        raise click.ClickException(closed(words, error)) from error
    return way


def _typed(words: Texts, ticket: Ticket) -> str:
    """The answer from a pipe, or from the editor a person is used to, above the complaint's own words."""
    if not sys.stdin.isatty():
        return standard_input()
    line = words("cli.answer_line")
    asked = "" if ticket.restricted else f"{ticket.subject}\n\n{ticket.reply_text or ticket.text}"
    written = click.edit(f"\n\n{line}\n{ticket.number}\n{printable(asked)}\n") or ""
    return written.partition(line)[0]
