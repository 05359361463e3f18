"""PDFs for people: written for their owner only, and never over another file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from config.texts import Texts
from store import private
from wiring.clock import now


def pdf(words: Texts, file: Path, template: str, data: Mapping[str, Any]) -> None:
    """Write what a template makes of ``data``, and say where. Raises ClickException, OSError."""
    from printing.typst import render  # noqa: PLC0415 - 40 ms that other commands need not wait

    keep(words, file, render(template, data, at=now()))
    click.echo(words("answers.written", file=file), err=True)


def keep(words: Texts, file: Path, data: bytes) -> None:
    """Write a new file. Raises ClickException where there is one of this name, and OSError."""
    try:
        private.create(file)
    except FileExistsError as error:
        raise click.ClickException(words("answers.file_exists", file=file)) from error
    file.write_bytes(data)
