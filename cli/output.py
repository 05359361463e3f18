"""How results look: tables for people, one JSON value a line for programs."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDE = 132  # columns, where nobody looks at a terminal of a certain width
GRID_COLUMN = 9


@dataclass(frozen=True, slots=True)
class Cell:
    """A table's cell with a style of rich's. What strangers wrote is never read as markup."""

    text: str
    style: str = ""


def console() -> "Console":
    """A console as wide as the terminal; wide enough for our tables where there is none."""
    from rich.console import Console  # noqa: PLC0415 - 60 ms that programs reading JSON need not wait

    width = None if sys.stdout.isatty() else WIDE
    return Console(width=width, highlight=False, soft_wrap=False, file=sys.stdout)


def table(
    headings: Sequence[str], rows: Iterable[Sequence[str | Cell]], *, title: str = ""
) -> None:
    """Print rows under headings. The last column takes what width is left and may fold."""
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    grid = Table(
        title=title or None,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
    )
    for heading in headings:
        grid.add_column(heading, overflow="fold")
    for row in rows:
        cells = (cell if isinstance(cell, Cell) else Cell(cell) for cell in row)
        grid.add_row(*(Text(printable(cell.text), cell.style) for cell in cells))
    _print(grid)


def grid(headings: Sequence[str], rows: Sequence[Sequence[Cell]], *, title: str) -> None:
    """Print cells of several lines in a ruled grid. Columns are alike, and as wide as the longest word."""
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    words = (word for row in rows for cell in row for word in cell.text.split())
    width = max(GRID_COLUMN, *map(len, (*headings, *words)))
    ruled = Table(title=title, title_style="bold", header_style="bold", box=box.SQUARE)
    ruled.show_lines, ruled.padding = True, 0
    for heading in headings:
        ruled.add_column(heading, width=width)
    for row in rows:
        ruled.add_row(*(Text(printable(cell.text), cell.style) for cell in row))
    _print(ruled)


def facts(pairs: Iterable[tuple[str, str]]) -> None:
    """Print names and values under each other."""
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415 - as above

    grid = Table(show_header=False, box=None, pad_edge=False)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in pairs:
        grid.add_row(name, Text(printable(value)))
    _print(grid)


def _print(grid: "Table") -> None:
    """Print a table without the spaces that fill its last column."""
    screen = console()
    with screen.capture() as drawn:
        screen.print(grid)
    click.echo("\n".join(line.rstrip() for line in drawn.get().splitlines()))


def marked(text: str, spans: Iterable[tuple[int, int]]) -> None:
    """Print text with the spans (start, end) in brackets, and bold where the terminal can."""
    from rich.text import Text  # noqa: PLC0415 - as above

    shown, place = Text(), 0
    for start, end in _joined(spans):
        shown.append(printable(text[place:start]))
        shown.append(f"[{printable(text[start:end])}]", "bold underline")
        place = end
    shown.append(printable(text[place:]))
    console().print(shown)


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def paragraph(text: str) -> None:
    """Print a sentence, wrapped between words."""
    from rich.text import Text  # noqa: PLC0415 - as above

    console().print(Text(printable(text)))


def heading(text: str) -> None:
    """Print a line with a name on it, above a part of its own."""
    console().rule(text, align="left", style="dim")


def json_line(value: Any) -> None:
    """Print one value as one line of JSON, at once. Always UTF-8, whatever the terminal speaks."""
    line = json.dumps(value, ensure_ascii=False, default=_plain)
    # What is no character (a lone surrogate) stays as JSON's own escape: backslash, u, four digits.
    click.echo(line.encode("utf-8", "backslashreplace"))


def printable(text: str) -> str:
    """Return text without control characters: a complaint must not be able to drive the terminal."""
    return "".join(char if char.isprintable() or char in "\n\t" else "\ufffd" for char in text)


def shortened(text: str, length: int) -> str:
    """Return text on one line, cut with an ellipsis where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def size(count: int) -> str:
    """Return a number of bytes as people say it."""
    for unit in ("B", "KB"):
        if count < 1024:  # noqa: PLR2004 - what a kilobyte has
            return f"{count} {unit}"
        count = -(-count // 1024)
    return f"{count} MB"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"no JSON for {type(value).__name__}")
