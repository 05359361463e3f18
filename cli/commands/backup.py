"""``muara backup``: a verified copy of the database, also while the daemon runs."""

import shlex
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import click

from cli.context import App
from cli.opening import opened, settings_of
from cli.output import json_line, size
from config.texts import Texts
from store.backup import no_progress
from store.types import Copy

STEP = 10  # per cent between two signs of life


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("backup", help=words("doctor.backup_help"))
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def backup(app: App, file: Path, *, json_wanted: bool) -> None:
        if (url := server_url(app)) is not None:
            dump = f"--format=custom --file={shlex.quote(str(file))} --dbname={shlex.quote(url)}"
            advise(words, "backup", f"(umask 077; pg_dump {dump})", json_wanted=json_wanted)
        with opened(app) as store:
            copy = store.back_up(file, progress(words))
        if json_wanted:
            json_line({"file": str(file), **holds(copy)})
        else:
            click.echo(_done(words, file, copy))
        if copy.damage:
            raise click.ClickException(words("doctor.backup_changed", count=len(copy.damage)))

    return backup


def _done(words: Texts, file: Path, copy: Copy) -> str:
    return words(
        "doctor.backup_done",
        file=file,
        size=size(copy.size),
        cases=copy.cases,
        until=until(words, copy.until),
    )


def holds(copy: Copy) -> dict[str, Any]:
    """What a copy holds, for programs."""
    return {
        "size": copy.size,
        "cases": copy.cases,
        "until": copy.until,
        "damage": len(copy.damage),
    }


def advise(words: Texts, what: str, line: str, *, json_wanted: bool) -> NoReturn:
    """Show the command of PostgreSQL's own that does it, and end: nothing was done."""
    click.echo(words(f"doctor.{what}_postgresql"), err=True)
    if json_wanted:
        json_line({"command": line})
    else:
        click.echo(line)
    raise SystemExit(1)


def server_url(app: App) -> str | None:
    """The address of a PostgreSQL database as its own tools want it, without password; None for SQLite."""
    scheme, _, rest = settings_of(app, secrets=False).store.url.partition("://")
    return None if scheme == "sqlite" else f"postgresql://{rest}"


def progress(words: Texts) -> Callable[[int, int], None]:
    """Say from time to time how far a copy is, to people only."""
    if not sys.stderr.isatty():
        return no_progress
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        percent = 100 * done // max(1, total)
        if percent >= told + STEP:
            told = percent
            click.echo(words("doctor.backup_progress", percent=percent), err=True)

    return tell


def until(words: Texts, at: datetime | None) -> str:
    """The moment a copy reaches to."""
    return words.moment(at) if at else words("doctor.backup_empty")
