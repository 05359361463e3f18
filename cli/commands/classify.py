"""``muara classify``: what the rules make of a text. Needs no configuration and no database."""

import json
import sys
from typing import Any

import click

from classify.engine import RuleSet, compile_rules
from classify.types import Medium, Verdict
from cli.context import standard_input
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
MEDIUMS = {m.value: m for m in Medium}


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("classify", help=words("cli.classify_help"))
    @click.argument("text", required=False)
    @click.option("--subject", default="", help=words("cli.add_subject"))
    @click.option("--channel", default="email", help=words("cli.by_channel"))
    @click.option("--jsonl", is_flag=True, help=words("cli.jsonl"))
    @click.option("--json", "as_json", is_flag=True, help=words("cli.json"))
    def classify(text: str | None, subject: str, channel: str, jsonl: bool, as_json: bool) -> None:
        rules = compile_rules(sources())
        if jsonl:
            _stream(rules, words)
            return
        said = standard_input() if text is None else text
        if as_json:
            json_line(_result(rules, {"subject": subject, "text": said, "channel": channel}))
        else:
            _show(words, rules.classify(subject, said, _medium(channel)))

    return classify


def _stream(rules: RuleSet, words: Texts) -> None:
    """One line in, one line out, at once. A bad line is answered too, so that no caller waits for it."""
    for number, line in enumerate(sys.stdin.buffer, 1):
        if not line.strip():
            continue
        try:
            entry = _object(line)
        except (ValueError, RecursionError) as error:
            click.echo(words("cli.bad_line", line=number, reason=error), err=True)
            json_line(_NOTHING | {"error": f"line {number}: {error}"})
            continue
        json_line(_result(rules, entry))


def _object(line: bytes) -> dict[str, Any]:
    """Read one line. Bytes that are no UTF-8 become U+FFFD: the words around them still count."""
    value = json.loads(line.decode("utf-8-sig", "replace"), parse_constant=_no_number)
    if not isinstance(value, dict):
        raise ValueError(type(value).__name__)  # noqa: TRY004 - the same trouble as no JSON at all
    return value


def _no_number(name: str) -> None:
    raise ValueError(name)


def _result(rules: RuleSet, entry: dict[str, Any]) -> dict[str, Any]:
    subject, text, channel = (_text(entry.get(name)) for name in ("subject", "text", "channel"))
    verdict = rules.classify(subject, text, _medium(channel))
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


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _medium(channel: str) -> Medium:
    """Names of mailboxes, such as gmail and webmail, mean mail."""
    return MEDIUMS.get(channel, Medium.EMAIL)


def _show(words: Texts, verdict: Verdict) -> None:
    tier = words(f"tiers.{verdict.tier}") if verdict.tier else words("cli.no_tier")
    pairs = [(words("cli.kind"), words(f"kinds.{verdict.kind}"))]
    if verdict.certain:
        pairs.append((words("cli.tier"), tier))
    else:
        guess = words(f"tiers.{verdict.suggested}") if verdict.suggested else words("cli.no_tier")
        pairs.append((words("cli.tier"), words("letters.tier_suggested", tier=guess)))
    facts(pairs)
    if verdict.hits:
        click.echo()
        rows = [(hit.rule, " ".join(hit.text.split())) for hit in verdict.hits]
        table([words("cli.rule"), words("cli.words")], rows)
