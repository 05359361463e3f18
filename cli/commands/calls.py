"""``muara calls``: the call-back list: whom to call, what to say, and how long they wait."""

from datetime import datetime

import click

from cli.access import look, reader_of
from cli.commands.deliveries import as_json
from cli.context import App
from cli.opening import configured
from cli.output import Cell, json_line, shortened, table
from cli.times import friendly
from config.texts import Texts
from ingest.answer import Way
from store.types import Answer, Undelivered
from wiring.clock import now

COLUMNS = ("number", "phone", "name", "waits", "tries", "text")
TEXT_LENGTH = 90


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("calls", help=words("answers.calls_help"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def calls(app: App, json_wanted: bool) -> None:
        with configured(app) as (settings, store):
            found = [one for one in store.answers.undelivered() if one.answer.way == Way.CALL]
            at, reader = now(), reader_of(settings)
            found.sort(key=lambda one: _turn(one, at))
            seen = [(one, reader.may_read(one.ticket)) for one in found]
            for one, visible in seen:
                if visible:
                    look(store, one.ticket, reader)
        if json_wanted:
            for one, visible in seen:
                json_line(as_json(one, visible=visible))
            return
        mark = settings.answers.calls_before_mark
        _show(words, [_row(words, one, at, mark, visible=visible) for one, visible in seen])
        if not all(visible for _, visible in seen):
            click.echo(words("answers.hidden_hint"))

    return calls


def _show(words: Texts, rows: list[list[str | Cell]]) -> None:
    if not rows:
        click.echo(words("answers.no_calls"))
        return
    table([words(f"answers.{name}") for name in COLUMNS], rows)
    click.echo(words("answers.call_hint"))


def _turn(one: Undelivered, at: datetime) -> tuple[bool, datetime]:
    """Those whose time has come first, the longest waiting on top; then the others as they come."""
    later = one.answer.next_at
    return (True, later) if later and later > at else (False, one.answer.at)


def _row(
    words: Texts, one: Undelivered, at: datetime, mark: int, *, visible: bool
) -> list[str | Cell]:
    who, hidden = one.ticket.complainant, words("answers.hidden")
    return [
        one.answer.number,
        who.phone or "-" if visible else hidden,
        who.name or "-" if visible else hidden,
        friendly(words, one.answer.at, at),
        _tries(words, one.answer, at, mark),
        shortened(one.answer.text, TEXT_LENGTH) if visible else hidden,
    ]


def _tries(words: Texts, answer: Answer, at: datetime, mark: int) -> Cell:
    if not answer.attempts:
        return Cell(words("answers.never_tried"))
    often = answer.attempts >= mark
    tries = words("answers.tried_often" if often else "answers.tried", count=answer.attempts)
    if answer.next_at:
        tries = words("answers.next_try", tries=tries, at=friendly(words, answer.next_at, at))
    return Cell(tries, "bold red" if often else "")
