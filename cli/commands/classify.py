"""``muara classify``: what the rules make of a text. Needs no configuration and no database."""

import json
import sys
from typing import Any

import click

from classify.engine import RuleSet, compile_rules
from classify.types import Medium, Verdict
from cli.output import facts, json_line, table
from config.rules import sources
from config.texts import Texts

_NOTHING: dict[str, Any] = {
    "id": None,
    "kind": None,
    "tier": None,
    "certain": False,
    "suggested": None,
    "hits": [],
}
MEDIUMS = {"gmail": Medium.EMAIL, "webmail": Medium.EMAIL, "mail": Medium.EMAIL} | {
    m.value: m for m in Medium
}


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("classify", help=words("cli.classify_help"))
    @click.argument("text", required=False)
    @click.option("--subject", default="", help=words("cli.subject"))
    @click.option("--channel", default="gmail", help=words("cli.channel"))
    @click.option("--jsonl", is_flag=True, help=words("cli.jsonl"))
    @click.option("--json", "as_json", is_flag=True, help=words("cli.json"))
    def classify(text: str | None, subject: str, channel: str, jsonl: bool, as_json: bool) -> None:
        rules = compile_rules(sources())
        if jsonl:
            _stream(rules, words)
            return
        entry = {"id": "", "subject": subject, "text": text or sys.stdin.read(), "channel": channel}
        if as_json:
            json_line(_result(rules, entry))
        else:
            _show(words, rules.classify(subject, entry["text"], _medium(channel)))

    return classify


def _stream(rules: RuleSet, words: Texts) -> None:
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            entry = _object(line)
        except ValueError as error:
            click.echo(words("cli.bad_line", line=number, reason=error), err=True)
            json_line(_NOTHING | {"error": f"line {number}: {error}"})
            continue
        json_line(_result(rules, entry))
        sys.stdout.flush()


def _object(line: bytes) -> dict[str, Any]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise ValueError(type(value).__name__)  # noqa: TRY004 - the same trouble as no JSON at all
    return value


def _result(rules: RuleSet, entry: dict[str, Any]) -> dict[str, Any]:
    subject, text = str(entry.get("subject") or ""), str(entry.get("text") or "")
    verdict = rules.classify(subject, text, _medium(str(entry.get("channel") or "")))
    return {
        "id": entry.get("id"),
        "kind": verdict.kind,
        "tier": verdict.tier,
        "certain": verdict.certain,
        "suggested": verdict.suggested,
        "hits": [
            {"rule": hit.rule, "text": hit.text, "start": hit.start, "end": hit.end}
            for hit in verdict.hits
        ],
    }


def _medium(channel: str) -> Medium:
    return MEDIUMS.get(channel, Medium.EMAIL)


def _show(words: Texts, verdict: Verdict) -> None:
    tier = words(f"tiers.{verdict.tier}") if verdict.tier else words("cli.no_tier")
    pairs = [(words("cli.kind"), words(f"kinds.{verdict.kind}")), (words("cli.tier"), tier)]
    if not verdict.certain:
        guess = words(f"tiers.{verdict.suggested}") if verdict.suggested else words("cli.no_tier")
        pairs.append((words("cli.uncertain"), words("cli.suggested", tier=guess)))
    facts(pairs)
    rows = [(hit.rule, " ".join(hit.text.split())) for hit in verdict.hits]
    table([words("cli.rule"), words("cli.words")], rows)
