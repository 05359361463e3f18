"""``muara doctor``: prove that everything on the servers is accounted for, and that the database is sound."""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import click

from cli.building import built
from cli.context import App
from cli.output import Cell, json_line, table
from config.texts import Texts
from ingest.checks import DatabaseChecks, Surroundings
from ingest.doctor import ChannelDoctor
from ingest.findings import Finding, Grade
from ingest.reconcile import Reconciled
from store.types import Fate
from wiring.parts import Parts

COLOURS = {Grade.FINE: "green", Grade.NOTE: "yellow", Grade.PROBLEM: "bold red"}
FATES = [fate for fate in Fate if fate is not Fate.KNOWN]
ALWAYS = ("there", Fate.CASE, "missing")
EVERY = 500  # raw arrivals between two signs of life


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("doctor", help=words("doctor.help"))
    @click.option("--deep", is_flag=True, help=words("doctor.deep"))
    @click.option("--offline", is_flag=True, help=words("doctor.offline"))
    @click.option("--strict", is_flag=True, help=words("doctor.strict"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def doctor(app: App, *, deep: bool, offline: bool, strict: bool, json_wanted: bool) -> None:
        with built(app) as parts:
            found = [] if offline else list(_channels(parts))
            found += database(parts, deep=deep)
        findings = [one for one in found if isinstance(one, Finding)]
        if json_wanted:
            for one in found:
                json_line(as_json(words, one))
        else:
            _show_folders(words, [one for one in found if isinstance(one, Reconciled)])
            show(words, findings)
        grades = {one.grade for one in findings}
        if Grade.PROBLEM in grades or (strict and Grade.NOTE in grades):
            raise SystemExit(1)

    return doctor


def database(parts: Parts, *, deep: bool = False) -> list[Finding]:
    """The database part, which needs no server."""
    places = parts.settings.store
    around = Surroundings(
        places.folder,
        places.backup_folder,
        parts.office.calendar,
        parts.words,
        parts.clock,
        parts.dates.behind,
    )

    def progress(count: int) -> None:
        if count % EVERY == 0 and sys.stderr.isatty():
            click.echo(parts.words("doctor.reading_bytes", count=count), err=True)

    return list(DatabaseChecks(parts.store, around).run(deep=deep, progress=progress))


def show(words: Texts, findings: list[Finding]) -> None:
    """Print findings and their sum."""
    headings = [words("doctor.outcome"), words("doctor.check")]
    table(headings, ([_grade(words, one), sentence(words, one)] for one in findings))
    counts = Counter(one.grade for one in findings)
    notes, problems = counts[Grade.NOTE], counts[Grade.PROBLEM]
    name = "total_problems" if notes or problems else "total_fine"
    click.echo(words(f"doctor.{name}", checks=len(findings), notes=notes, problems=problems))


def sentence(words: Texts, finding: Finding) -> str:
    """What a person should read about a finding."""
    return words(f"doctor.{finding.check}_{finding.grade}", **finding.values)


def as_json(words: Texts, one: Reconciled | Finding) -> Mapping[str, Any]:
    """A folder or a finding for programs."""
    if isinstance(one, Finding):
        told = {"check": one.check, "grade": one.grade.value, "text": sentence(words, one)}
        return {**one.values, **told}
    return {
        "channel": one.channel,
        "folder": one.folder,
        "generation": one.generation,
        "on_server": one.there,
        "ledger": {fate.value: one.fates.get(fate, 0) for fate in FATES},
        "oversize": one.oversize,
        "waiting": one.waiting,
        "missing": one.missing,
    }


def _channels(parts: Parts) -> Iterator[Reconciled | Finding]:
    doctor = ChannelDoctor(parts.store, parts.words, parts.clock)
    for turn in parts.turns:
        yield from doctor.examine(turn.channel)


def _show_folders(words: Texts, folders: list[Reconciled]) -> None:
    if not folders:
        return
    counts = [_counts(folder) for folder in folders]
    names = [name for name in counts[0] if name in ALWAYS or any(c[name] for c in counts)]
    table(
        [words(f"doctor.{name}") for name in ("channel", "folder", *names)],
        (
            [folder.channel, folder.folder, *(_cell(name, count[name]) for name in names)]
            for folder, count in zip(folders, counts, strict=True)
        ),
    )
    for folder in folders:
        _show_missing(words, folder)


def _counts(folder: Reconciled) -> dict[str, int]:
    """What the columns show, in their order; a terminal has no room for those that are all zero."""
    return {
        "there": folder.there,
        **{fate.value: folder.fates.get(fate, 0) for fate in FATES},
        "oversize": folder.oversize,
        "waiting": len(folder.waiting),
        "missing": len(folder.missing),
    }


def _cell(name: str, count: int) -> str | Cell:
    if name != "missing":
        return str(count)
    return Cell(str(count), COLOURS[Grade.PROBLEM if count else Grade.FINE])


def _show_missing(words: Texts, folder: Reconciled) -> None:
    if not folder.missing:
        return
    unknown = words("doctor.unknown_moment")
    rows = (
        (one.item, words.moment(one.received_at) if one.received_at else unknown)
        for one in folder.missing
    )
    title = words("doctor.missing_in", channel=folder.channel, folder=folder.folder)
    table([words("doctor.item"), words("doctor.received_at")], rows, title=title)


def _grade(words: Texts, finding: Finding) -> Cell:
    return Cell(words(f"doctor.grade_{finding.grade}"), COLOURS[finding.grade])
