"""``muara rules test``: every example must match its rule, every counter-example must not."""

from collections.abc import Iterator
from pathlib import Path

import click

from classify.engine import Rule, RuleSet
from cli.context import App
from cli.output import json_line, table
from cli.rules_in_force import rule_set, rules_option
from config.texts import Texts

Failure = tuple[Rule, bool, str]
"""A rule, whether it should have matched, and the text."""


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("test", help=words("rulebook.test_help"))
    @rules_option(words, "rulebook.folder")
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def test(app: App, folder: Path | None, json_wanted: bool) -> None:
        rules = rule_set(app, folder)
        failures = list(_failures(rules))
        if json_wanted:
            for rule, wanted, text in failures:
                json_line(
                    {"file": rule.file, "rule": rule.id, "should_match": wanted, "text": text}
                )
        elif failures:
            _show(words, failures)
        if failures:
            raise click.ClickException(words("rulebook.failed", count=len(failures)))
        if not json_wanted:
            click.echo(_summary(words, rules))

    return test


def _failures(rules: RuleSet) -> Iterator[Failure]:
    failed = set(rules.examples_check())
    for rule in rules.rules:
        for texts, wanted in ((rule.examples, True), (rule.counter_examples, False)):
            yield from ((rule, wanted, text) for text in texts if (rule.id, text) in failed)


def _show(words: Texts, failures: list[Failure]) -> None:
    rows = [
        (rule.file, rule.id, words(f"rulebook.should_{'match' if wanted else 'not_match'}"), text)
        for rule, wanted, text in failures
    ]
    table([words(f"rulebook.{name}") for name in ("file", "rule", "expected", "text")], rows)


def _summary(words: Texts, rules: RuleSet) -> str:
    count = sum(len(rule.examples) + len(rule.counter_examples) for rule in rules.rules)
    files = len({rule.file for rule in rules.rules})
    return words("rulebook.passed", count=count, rules=len(rules.rules), files=files)
