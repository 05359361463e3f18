"""How results look: tables for people, one JSON value a line for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDE = 132  # columns, where nobody looks at a terminal of a certain width


def console() -> Console:
    """A console as wide as the terminal; wide enough for our tables where there is none."""
    return Console(width=None if sys.stdout.isatty() else WIDE, highlight=False, soft_wrap=False)


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str | Text]], *, title: str = ""
) -> None:
    """Print rows under headings. What strangers wrote is printed as it is, never as markup."""
    grid = Table(title=title or None, title_justify="left", header_style="bold", expand=False)
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        grid.add_row(*(cell if isinstance(cell, Text) else Text(printable(cell)) for cell in row))
    console().print(grid)


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and values under each other."""
    grid = Table(show_header=False, box=None, pad_edge=False)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in pairs:
        grid.add_row(name, Text(printable(value)))
    console().print(grid)


def json_line(value: Any) -> None:
    """Print one value as one line of JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, default=_plain))


def printable(text: str) -> str:
    """Return text without control characters: a complaint must not be able to drive the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "�" for char in text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
