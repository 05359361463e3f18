"""``muara rules explain``: a text with its decisive words marked, and what each rule says to it."""

from pathlib import Path

import click

from classify.engine import Explanation, Say
from classify.types import Hit, Medium, Tier
from cli.context import App, standard_input
from cli.output import facts, json_line, marked, paragraph, table
from cli.rules_in_force import rule_set, rules_option
from config.texts import Texts

LOUDEST = 12  # how many of the rules' and cues' says are shown; the rest is whispering
NAMES = ("none", *(tier.value for tier in Tier))
"""What the five scores of an explanation stand for."""


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("explain", help=words("rulebook.explain_help"))
    @click.argument("text", required=False)
    @click.option("--subject", default="", help=words("cli.add_subject"))
    @rules_option(words, "rulebook.folder")
    @click.option("--all", "everything", is_flag=True, help=words("rulebook.all"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def explain(
        app: App,
        /,
        *,
        text: str | None,
        subject: str,
        folder: Path | None,
        everything: bool,
        json_wanted: bool,
    ) -> None:
        said = standard_input() if text is None else text
        found = rule_set(app, folder).explain(subject, said, Medium.EMAIL)
        if json_wanted:
            json_line(_as_json(found))
        else:
            _show(words, subject, said, found, shown=len(found.says) if everything else LOUDEST)

    return explain


def _as_json(found: Explanation) -> dict[str, object]:
    verdict = found.verdict
    return {
        "kind": verdict.kind,
        "tier": verdict.tier,
        "certain": verdict.certain,
        "suggested": verdict.suggested,
        "likelihoods": dict(zip(NAMES, found.shares, strict=True)),
        "says": [
            {
                "rule": say.name,
                "meaning": say.meaning,
                "scores": dict(zip(NAMES, say.scores, strict=True)),
                "hits": list(say.hits),
            }
            for say in found.says
        ],
    }


def _show(words: Texts, subject: str, text: str, found: Explanation, *, shown: int) -> None:
    hits = [hit for say in found.says if say.meaning for hit in say.hits]
    if subject:
        marked(subject, [_in_subject(subject, hit) for hit in hits if hit.start is None])
    marked(text, [(hit.start, hit.end) for hit in hits if hit.start is not None and hit.end])
    click.echo()
    facts(_verdict(words, found))
    click.echo()
    headings = [words("rulebook.words"), words("rulebook.rule")]
    headings += [words(f"rulebook.column_{name}") for name in NAMES]
    table(headings, [*map(_row, found.says[:shown]), _likelihoods(words, found)])
    if len(found.says) > shown:
        click.echo(words("rulebook.more_says", count=len(found.says) - shown))
    paragraph(words("rulebook.legend"))


def _in_subject(subject: str, hit: Hit) -> tuple[int, int]:
    start = max(subject.find(hit.text), 0)
    return start, start + len(hit.text)


def _verdict(words: Texts, found: Explanation) -> list[tuple[str, str]]:
    verdict = found.verdict
    tier = verdict.tier or verdict.suggested
    name = words(f"tiers.{tier}") if tier else words("cli.no_tier")
    shown = name if verdict.certain else words("letters.tier_suggested", tier=name)
    return [
        (words("cli.tier"), shown),
        (words("cli.kind"), words(f"kinds.{verdict.kind}")),
    ]


def _row(say: Say) -> list[str]:
    heard = dict.fromkeys(" ".join(hit.text.split()) for hit in say.hits)
    name = "\n".join(filter(None, (say.name, say.meaning)))
    scores = (f"{score:+d}" if score else "" for score in say.scores)
    return ["\n".join(f"“{text}”" for text in heard), name, *scores]


def _likelihoods(words: Texts, found: Explanation) -> list[str]:
    return ["", words("rulebook.likelihood"), *(f"{share:.0%}" for share in found.shares)]
