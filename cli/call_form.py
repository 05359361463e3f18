"""What somebody notes about a telephone call: given as options, or asked for while they hold the receiver."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import click

from cli.moments import parse_coming
from cli.office_letter import words_for
from cli.output import printable
from config.texts import Texts
from ingest.letters.parts import headed
from store.types import Answer, Call, Reached, Ticket

T = TypeVar("T")
_RESULTS = (Reached.REACHED, Reached.NOT_REACHED, Reached.LATER)


@dataclass(frozen=True, slots=True)
class Given:
    """The options of the command line; None is not given."""

    reached: str | None
    spoken_to: str | None
    said: str | None
    next_at: str | None


def noted(words: Texts, given: Given, who: str, at: datetime) -> Call:
    """Return the call from options alone. Raises UsageError for a time that is none or over."""
    try:
        next_at = parse_coming(given.next_at, at, words.zone) if given.next_at else None
    except ValueError as error:
        raise click.UsageError(words("answers.bad_next", given=given.next_at)) from error
    reached = Reached(given.reached or Reached.REACHED)
    return Call(reached, who, (given.spoken_to or "").strip(), (given.said or "").strip(), next_at)


def asked(words: Texts, answers: list[Answer], who: str, at: datetime) -> Call:
    """Ask for everything, one by one. Raises click.Abort when they leave."""
    reached = _until_right(words, "answers.ask_reached", lambda said: _result(words, said))
    if reached is not Reached.REACHED:
        next_at = _until_right(words, "answers.ask_next", lambda said: _coming(words, said, at))
        return Call(reached, who, next_at=next_at)
    spoken_to = _line(words, "answers.ask_with")
    said = _line(words, "answers.ask_said" if answers else "answers.ask_said_new")
    return Call(reached, who, spoken_to, said)


def show(words: Texts, ticket: Ticket, answers: list[Answer]) -> None:
    """Show the number to dial and what to say."""
    who = ticket.complainant
    name = who.name or words("letters.unnamed")
    click.secho(words("answers.dial", phone=who.phone or "-", name=printable(name)), bold=True)
    for answer in answers:
        click.echo(words("answers.to_say"))
        click.echo(printable(headed(words_for(words, ticket), ticket, answer.text)))
    if not answers:
        click.echo(words("answers.no_answer_yet"))


def _until_right(words: Texts, question: str, read: Callable[[str], T]) -> T:
    while True:
        try:
            return read(_line(words, question))
        except ValueError as error:
            click.echo(str(error), err=True)


def _line(words: Texts, question: str) -> str:
    answer: str = click.prompt(words(question), default="", show_default=False)
    return answer.strip()


def _result(words: Texts, said: str) -> Reached:
    if said.isdecimal() and 1 <= int(said) <= len(_RESULTS):
        return _RESULTS[int(said) - 1]
    raise ValueError(words("answers.bad_reached", given=said))


def _coming(words: Texts, said: str, at: datetime) -> datetime | None:
    try:
        return parse_coming(said, at, words.zone) if said else None
    except ValueError as error:
        raise ValueError(words("answers.bad_next", given=said)) from error
