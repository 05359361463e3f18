"""``muara restore``: put a backup in the database's place, and say what that means."""

import shlex
from collections.abc import Iterator
from pathlib import Path

import click

from cli.building import built
from cli.commands.backup import advise, holds, progress, server_url, until
from cli.commands.doctor import as_json, database, show
from cli.context import App
from cli.logs import quiet
from cli.opening import settings_of
from cli.output import json_line
from config.texts import Texts
from ingest.findings import Grade
from store import private
from store.types import Later, Restored
from wiring.clock import now
from wiring.store import open_store


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("restore", help=words("doctor.restore_help"))
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--anyway", is_flag=True, help=words("doctor.restore_anyway"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def restore(app: App, file: Path, *, anyway: bool, json_wanted: bool) -> None:
        if (url := server_url(app)) is not None:
            how = "--clean --if-exists --no-owner --single-transaction"
            line = f"pg_restore {how} --dbname={shlex.quote(url)} {shlex.quote(str(file))}"
            advise(words, "restore", line, json_wanted=json_wanted)
        _tell(words, file, _restored(app, file, anyway=anyway), json_wanted=json_wanted)
        with built(app) as parts:
            findings = database(parts)
        if json_wanted:
            for one in findings:
                json_line(as_json(words, one))
        else:
            show(words, findings)
        if any(one.grade is Grade.PROBLEM for one in findings):
            raise SystemExit(1)

    return restore


def _restored(app: App, file: Path, *, anyway: bool) -> Restored:
    """Not by `opened`: the present database may be the very one that cannot be opened."""
    quiet()
    settings = settings_of(app, secrets=False)
    private.ensure_folder(settings.store.folder)
    store = open_store(settings)
    try:
        return store.restore(file, now(), anyway=anyway, progress=progress(app.words))
    finally:
        store.close()


def _tell(words: Texts, file: Path, done: Restored, *, json_wanted: bool) -> None:
    if not json_wanted:
        for line in _told(words, file, done):
            click.echo(line)
        return
    aside = None if done.aside is None else str(done.aside)
    json_line({"file": str(file), **holds(done.copy), "aside": aside, "later": done.later})


def _told(words: Texts, file: Path, done: Restored) -> Iterator[str]:
    copy, last = done.copy, until(words, done.copy.until)
    yield words("doctor.restore_done", file=file, cases=copy.cases, until=last)
    if done.aside is not None:
        yield words("doctor.restore_aside", file=done.aside)
    yield words("doctor.restore_again")
    if done.later is not None:
        yield from _lost(words, done.later)
    elif done.aside is not None:
        yield words("doctor.restore_unreadable", until=last)


def _lost(words: Texts, later: Later) -> Iterator[str]:
    if later.fetched:
        found = ", ".join(f"{name} {count}" for name, count in later.fetched.items())
        yield words("doctor.restore_fetched", found=found)
    if later.typed:
        yield words("doctor.restore_typed", numbers=", ".join(later.typed))
    if later.decided:
        yield words("doctor.restore_decided", numbers=", ".join(later.decided))
