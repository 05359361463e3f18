"""The pieces somebody makes of a complaint, from options: which sentences, which file, what was decided."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from classify.types import Kind, Tier
from cli.context import standard_input
from cli.named import Named
from config.texts import Texts
from ingest.office import Office
from ingest.sentences import Span, numbers_of, picked, sentences, told
from ingest.splitting import Piece
from store.types import Ticket

T = TypeVar("T")
FEWEST = 2


class Page:
    """A complaint's text in numbered sentences."""

    def __init__(self, words: Texts, ticket: Ticket) -> None:
        self.words = words
        self.ticket = ticket
        self.text = ticket.reply_text or ticket.text
        self.spans: list[Span] = sentences(self.text)

    def sentence(self, number: int) -> str:
        """One of them, counted from 1."""
        span = self.spans[number - 1]
        return self.text[span.start : span.end]

    def piece(self, given: str) -> Piece:
        """The sentences somebody names. Raises ValueError with a sentence."""
        numbers = self.numbers(given)
        return Piece(picked(self.text, self.spans, numbers), told(numbers))

    def numbers(self, given: str) -> list[int]:
        """The numbers somebody names. Raises ValueError with a sentence."""
        last = len(self.spans)
        try:
            return numbers_of(given, last)
        except ValueError as error:
            raise ValueError(self.words("parts.bad_range", given=given, last=last)) from error

    def left_out(self, pieces: Sequence[Piece]) -> list[int]:
        """The sentences that are in no piece, as far as pieces were picked by number."""
        chosen = {n for piece in pieces if piece.extent for n in self.numbers(piece.extent)}
        return [n for n in range(1, len(self.spans) + 1) if chosen and n not in chosen]


def from_options(page: Page, office: Office, given: Mapping[str, Any]) -> list[Piece]:
    """Return the pieces that options name. Raises click's errors."""
    words = page.words
    try:
        pieces = [page.piece(one) for one in given["part"]]
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    pieces += [Piece(_read(path).strip()) for path in given["text"]]
    for number, piece in enumerate(pieces, 1):
        if not piece.text:
            raise click.UsageError(words("parts.empty_part", given=number))
    if len(pieces) < FEWEST:
        raise click.UsageError(words("parts.too_few"))
    return _decided(words, office, pieces, given)


def _decided(
    words: Texts, office: Office, pieces: list[Piece], given: Mapping[str, Any]
) -> list[Piece]:
    kinds = Named(words, "kinds", Kind)
    readers: dict[str, tuple[Sequence[str], str, Callable[[str], Any]]] = {
        "tier": (given["tier"], "normatif", lambda value: Tier(value.casefold())),
        "kind": (given["kind"], "saran", lambda value: Kind(kinds.convert(value, None, None))),
        "team": (
            given["team"],
            office.default_team,
            lambda value: known_team(words, office, value),
        ),
    }
    for name, (settings, example, read) in readers.items():
        for place, value in _assignments(words, settings, len(pieces), example, read):
            pieces[place] = replace(pieces[place], **{name: value})
    return pieces


def _assignments(
    words: Texts, given: Sequence[str], count: int, example: str, read: Callable[[str], T]
) -> Iterator[tuple[int, T]]:
    """Yield place and value of ``2=normatif`` and the like."""
    for one in given:
        number, sign, value = one.partition("=")
        try:
            place, wanted = int(number), read(value.strip())
        except (ValueError, click.BadParameter) as error:
            sentence = words("parts.bad_assignment", given=one, example=example)
            raise click.UsageError(sentence) from error
        if not (sign and 1 <= place <= count):
            raise click.UsageError(words("parts.no_such_part", given=number, count=count))
        yield place - 1, wanted


def known_team(words: Texts, office: Office, team: str) -> str:
    """Return a team's name as it is. Raises ClickException where there is none."""
    if team not in office.teams:
        teams = ", ".join(sorted(office.teams))
        raise click.ClickException(words("lifecycle.no_team", team=team, teams=teams))
    return team


def _read(path: str) -> str:
    return standard_input() if path == "-" else Path(path).read_text("utf-8", "replace")
