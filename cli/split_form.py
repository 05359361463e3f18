"""Asking somebody which sentences make a part, what tier it has and whose it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import click

from classify.types import Tier
from cli.pieces import FEWEST, Page, known_team
from cli.tickets import tier_label
from config.texts import Texts
from ingest.office import Office
from ingest.sentences import told
from ingest.splitting import Piece
from store.types import NewPart

T = TypeVar("T")


def ask(page: Page, office: Office, plan: Callable[[Piece], NewPart]) -> list[Piece]:
    """Ask for parts until there are enough and nothing more is given. Raises click.Abort when they leave."""
    words, pieces = page.words, list[Piece]()
    while True:
        given = _line(words("parts.ask_part", number=len(pieces) + 1))
        if not given and len(pieces) >= FEWEST:
            return pieces
        try:
            piece = page.piece(given)
        except ValueError as error:
            click.echo(str(error) if given else words("parts.too_few"), err=True)
            continue
        pieces.append(_decided(words, office, piece, plan(piece)))


def ask_why(words: Texts) -> str:
    """Ask for the reason until there is one."""
    while not (why := _line(words("parts.ask_why"))):
        pass
    return why


def sure(page: Page, pieces: list[Piece]) -> bool:
    """Say what was left out, and ask whether that is right."""
    words = page.words
    if left := page.left_out(pieces):
        click.echo(words("parts.left_out", numbers=told(left)))
    answer = _line(words("parts.ask_sure", count=len(pieces)))
    return answer.casefold() in words("form.yes").split()


def _decided(words: Texts, office: Office, piece: Piece, plan: NewPart) -> Piece:
    """What the rules and routes make of it, unless somebody says otherwise."""
    label = tier_label(words, plan.verdict)
    tier = _read(words("parts.ask_tier", suggested=label), lambda given: Tier(given.casefold()))
    piece = replace(piece, tier=tier)
    team = _read(
        words("parts.ask_team", team=plan.team), lambda given: known_team(words, office, given)
    )
    return replace(piece, team=team or "")


def _read(question: str, read: Callable[[str], T]) -> T | None:
    """Ask until what is given can be read; None where nothing is given."""
    while given := _line(question):
        try:
            return read(given)
        except click.ClickException as error:
            click.echo(error.format_message(), err=True)
        except ValueError:
            click.echo(", ".join(Tier), err=True)
    return None


def _line(question: str) -> str:
    answer: str = click.prompt(question, default="", show_default=False)
    return answer.strip()
