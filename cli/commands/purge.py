"""``muara purge``: remove what the office's terms are over for; figures stay."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import click

from cli.asking import agreed
from cli.context import App, operator
from cli.opening import configured, counting
from cli.output import json_line, paragraph, table
from config.texts import Texts
from ingest.retention import cutoffs
from store import Store
from store.types.retention import Due, Held, PurgeRun
from wiring.retention import years_of

NUMBERS_IN_ROW = 6


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("purge", help=words("retention.purge_help"))
    @click.option("--dry-run", is_flag=True, help=words("retention.dry_run"))
    @click.option("--numbers", is_flag=True, help=words("retention.numbers"))
    @click.option("--log", is_flag=True, help=words("retention.log"))
    @click.option("--yes", is_flag=True, help=words("retention.yes"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def purge(app: App, /, **wanted: bool) -> None:
        with configured(app) as (settings, store):
            if wanted["log"]:
                _log(words, store.retention.runs(), json_wanted=wanted["json_wanted"])
                return
            years = years_of(settings)
            if not years:
                raise click.ClickException(words("retention.no_terms"))
            _Purge(words, store, years, datetime.now(UTC)).go(wanted)

    return purge


class _Purge:
    """One run: what is due, whether it is meant, and what was done."""

    def __init__(
        self, words: Texts, store: Store, years: Mapping[Held, int], now: datetime
    ) -> None:
        self._words = words
        self._store = store
        self._years = years
        self._now = now
        self._before = cutoffs(years, now)

    def go(self, wanted: Mapping[str, bool]) -> None:
        """Show, ask, remove. Raises UsageError where a program did not say that it means it."""
        silent, only_shown = wanted["json_wanted"], wanted["dry_run"]
        if silent and not (wanted["yes"] or only_shown):
            raise click.UsageError(self._words("retention.yes_needed"))
        due = self._store.retention.due(self._before)
        if not silent:
            self._show(due, numbers=wanted["numbers"])
        if only_shown or not (due and (wanted["yes"] or self._meant())):
            self._told(due, {}, json_wanted=silent)
            return
        progress = counting(self._words, "retention.progress")
        removed = self._store.retention.purge(
            self._before, who=operator(), now=self._now, progress=progress
        )
        self._told(due, removed, json_wanted=silent)

    def _show(self, due: Sequence[Due], *, numbers: bool) -> None:
        words = self._words
        heads = [words(f"retention.{name}") for name in ("what", "term", "count", "from", "to")]
        table(heads, [self._row(held, due) for held in Held])
        if numbers:
            for one in due:
                _numbers(words, one)

    def _row(self, held: Held, due: Sequence[Due]) -> list[str]:
        words, years = self._words, self._years.get(held)
        found = next((one for one in due if one.held is held), None)
        term = words("retention.years", years=years) if years else words("retention.for_ever")
        times = [words.short_moment(at) for at in (found.first, found.last)] if found else ["-"] * 2
        return [words(f"retention.held_{held}"), term, str(found.count if found else 0), *times]

    def _meant(self) -> bool:
        paragraph(self._words("retention.what_stays"))
        return agreed(self._words, self._words("retention.sure"))

    def _told(self, due: Sequence[Due], removed: Mapping[Held, int], *, json_wanted: bool) -> None:
        words = self._words
        if json_wanted:
            json_line({"done": bool(removed), "removed": removed, "due": due})
        elif not due:
            click.echo(words("retention.nothing"))
        elif not removed:
            click.echo(words("retention.not_done"))
        else:
            click.echo(words("retention.done", count=sum(removed.values())))
            paragraph(words("retention.copies"))


def _numbers(words: Texts, due: Due) -> None:
    if due.numbers:
        click.echo(words(f"retention.held_{due.held}") + ":")
    for start in range(0, len(due.numbers), NUMBERS_IN_ROW):
        click.echo("  " + "  ".join(due.numbers[start : start + NUMBERS_IN_ROW]))


def _log(words: Texts, runs: Sequence[PurgeRun], *, json_wanted: bool) -> None:
    if json_wanted:
        for run in runs:
            json_line(run)
        return
    if not runs:
        click.echo(words("retention.never"))
        return
    heads = [words(f"retention.{name}") for name in ("at", "who", "what", "count", "before")]
    rows = [
        [
            words.short_moment(run.at),
            run.who,
            words(f"retention.held_{run.held}"),
            str(run.count),
            words.short_moment(run.before),
        ]
        for run in runs
    ]
    table(heads, rows)
