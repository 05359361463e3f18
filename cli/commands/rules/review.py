"""``muara rules review``: where rules and people disagree, the worst rules first."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from classify.types import Tier
from cli.access import reader_of
from cli.context import App
from cli.opening import configured
from cli.output import json_line, table
from cli.readable import Readable
from cli.rules_in_force import rule_set, rules_option
from config.texts import Texts
from ingest.review import Disagreement, Review, Reviewed, review
from store import Store
from store.types import Judged

CASES_SHOWN = 5


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("review", help=words("rulebook.review_help"))
    @rules_option(words, "rulebook.folder")
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def look_back(app: App, folder: Path | None, json_wanted: bool) -> None:
        rules = rule_set(app, folder)
        with configured(app) as (settings, store):
            cases = Readable(reader_of(settings).examiner)
            found = review(rules, cases.of(_decided(store)))
        cases.tell(words)
        if json_wanted:
            for record in found.rules:
                json_line(asdict(record))
        else:
            _show(words, found)

    return look_back


def _decided(store: Store) -> Iterator[Judged]:
    after = 0
    while page := store.judged(after=after, by_people=True):
        yield from page
        after = page[-1].id


def _show(words: Texts, found: Review) -> None:
    if found.rules:
        names = ("rule", "wrong", "right", "cases")
        table(
            [words(f"rulebook.{name}") for name in names],
            (_row(words, record) for record in found.rules),
        )
    click.echo(words("rulebook.reviewed", count=found.decisions, agreed=found.agreed))


def _row(words: Texts, record: Reviewed) -> tuple[str, ...]:
    name = "\n".join(filter(None, (record.rule or words("rulebook.no_rule"), record.meaning)))
    cases = [_case(words, one) for one in record.wrong[:CASES_SHOWN]]
    if len(record.wrong) > CASES_SHOWN:
        cases.append(words("rulebook.more_cases", count=len(record.wrong) - CASES_SHOWN))
    return name, str(len(record.wrong)), str(record.right), "\n".join(cases)


def _case(words: Texts, one: Disagreement) -> str:
    mark = "" if one.certain else " ?"
    rules, person = _tier(words, one.rules) + mark, _tier(words, one.person)
    return words("rulebook.disagreement", number=one.number, rules=rules, person=person)


def _tier(words: Texts, tier: Tier | None) -> str:
    return words(f"tiers_short.{tier}") if tier else words("cli.no_tier")
