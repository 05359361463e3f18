"""``muara rules replay``: what would change under other rules, before they are put in force."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click

from classify.engine import RuleSet
from classify.types import Medium, Tier
from cli.access import reader_of
from cli.context import App
from cli.moments import parse_moment
from cli.opening import configured
from cli.output import json_line, table
from cli.readable import Readable
from cli.rules_in_force import rule_set, rules_option
from config.texts import Texts
from store import Store
from store.types import Judged

PAGE = 500


@dataclass(frozen=True, slots=True)
class Said:
    """A verdict as far as it is compared: the tier, certain or suggested."""

    tier: Tier | None
    certain: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One text under the old and the new rules."""

    name: str
    before: Said
    after: Said


def command(words: Texts) -> click.Command:
    """Build the command."""
    source = click.Path(exists=True, dir_okay=False, path_type=Path)

    @click.command("replay", help=words("rulebook.replay_help"))
    @click.argument("file", required=False, type=source)
    @click.option("--since", metavar=words("cli.meta_date"), help=words("rulebook.since"))
    @rules_option(words, "rulebook.other_folder")
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def replay(
        app: App, file: Path | None, since: str | None, folder: Path | None, json_wanted: bool
    ) -> None:
        if (file is None) is (since is None):
            raise click.UsageError(words("rulebook.file_or_since"))
        new = rule_set(app, folder)
        old = rule_set(app, None) if folder else None
        if file is not None:
            if old is None:
                raise click.UsageError(words("cli.option_needed", option="--rules"))
            with file.open("rb") as lines:
                _report(words, _of_lines(words, lines, old, new), json_wanted=json_wanted)
            return
        with configured(app) as (settings, store):
            moment, cases = _moment(words, str(since)), Readable(reader_of(settings).examiner)
            _report(words, _of_cases(store, moment, old, new, cases), json_wanted=json_wanted)
        cases.tell(words)

    return replay


def _moment(words: Texts, given: str) -> datetime:
    try:
        return parse_moment(given, datetime.now(UTC), words.zone)
    except ValueError as error:
        raise click.UsageError(words("form.bad_moment", given=given)) from error


def _of_lines(
    words: Texts, lines: Iterable[bytes], old: RuleSet, new: RuleSet
) -> Iterator[Compared]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            subject, text = str(entry.get("subject") or ""), str(entry["text"])
        except (ValueError, RecursionError, AttributeError, KeyError, TypeError) as error:
            raise click.ClickException(words("cli.bad_line", line=number, reason=error)) from error
        before, after = (_said(rules, subject, text, Medium.EMAIL) for rules in (old, new))
        yield Compared(str(entry.get("id", number)), before, after)


def _of_cases(
    store: Store, since: datetime, old: RuleSet | None, new: RuleSet, readable: Readable
) -> Iterator[Compared]:
    """Compare with the rules in force, or without other rules with what the cases were given.

    What a person decided stays as it is, whatever the rules say.
    """
    for case in readable.of(_pages(store, since)):
        if case.decided_by:
            continue
        before = Said(case.tier or case.suggested, case.certain)
        if old is not None:
            before = _said(old, case.subject, case.words, case.medium)
        yield Compared(case.number, before, _said(new, case.subject, case.words, case.medium))


def _pages(store: Store, since: datetime) -> Iterator[Judged]:
    after = 0
    while page := store.judged(since=since, after=after, limit=PAGE):
        yield from page
        after = page[-1].id


def _said(rules: RuleSet, subject: str, text: str, medium: Medium) -> Said:
    verdict = rules.classify(subject, text, medium)
    return Said(verdict.tier or verdict.suggested, verdict.certain)


def _report(words: Texts, compared: Iterator[Compared], *, json_wanted: bool) -> None:
    total, changed = 0, []
    for total, one in enumerate(_with_progress(words, compared), 1):  # noqa: B007 - counted for the summary
        if one.before == one.after:
            continue
        if json_wanted:
            json_line(one)
        else:
            changed.append(one)
    if json_wanted:
        return
    if changed:
        rows = [(c.name, _label(words, c.before), _label(words, c.after)) for c in changed]
        table([words(f"rulebook.{name}") for name in ("case", "before", "after")], rows)
    click.echo(words("rulebook.replayed", count=total, changed=len(changed)))


def _with_progress(words: Texts, compared: Iterator[Compared]) -> Iterator[Compared]:
    shown = sys.stderr.isatty()
    for count, one in enumerate(compared, 1):
        if shown and count % PAGE == 0:
            click.echo("\r" + words("rulebook.progress", count=count), nl=False, err=True)
        yield one
    if shown:
        click.echo("\r\033[K", nl=False, err=True)


def _label(words: Texts, said: Said) -> str:
    name = words(f"tiers_short.{said.tier}") if said.tier else words("cli.no_tier")
    return name if said.certain else f"{name} ?"
