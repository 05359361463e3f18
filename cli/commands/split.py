"""``muara split``: a complaint about several matters becomes several cases."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import click

from classify.engine import RuleSet
from classify.types import Verdict
from cli.access import look, reader_of, refusal
from cli.building import built
from cli.context import App, operator
from cli.letters import ready_text
from cli.opening import known_number
from cli.output import json_line, shortened, table
from cli.parts import rows as part_rows
from cli.pieces import Page, from_options
from cli.split_form import ask, ask_why, sure
from cli.tickets import tier_label
from config.texts import Texts
from ingest.letters import parts as letter
from ingest.promises import mail_for
from ingest.reclassify import Contradiction
from ingest.splitting import Piece, planned
from ingest.splitting import split as split_case
from store.lifecycle import NotAllowed, Step, after
from store.splitting import PART_OF
from store.types import NewPart, Ticket
from wiring.clock import now
from wiring.parts import Parts

SHOWN = 160
CUES = 3


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.pass_obj
    def split(app: App, /, **given: Any) -> None:
        with built(app) as parts:
            ticket = _splittable(parts, known_number(words, parts.store, given["number"]), given)
            page, rules = Page(words, ticket), parts.rules.current()
            pieces, why = _chosen(page, parts, rules, given)
            if not pieces:
                return
            new = _planned(words, parts, ticket, pieces)
            split_case(parts.store, ticket, new, who=given["who"], why=why, clock=now)
            _show(words, parts, ticket, json_wanted=given["json_wanted"])

    return click.Command(
        "split", callback=split, params=list(_params(words)), help=words("parts.split_help")
    )


def _params(words: Texts) -> Iterator[click.Parameter]:
    yield click.Argument(["number"])
    for name in ("part", "text", "tier", "kind", "team"):
        yield click.Option([f"--{name}"], multiple=True, help=words(f"parts.{name}_option"))
    for name in ("preview", "reveal"):
        yield click.Option([f"--{name}"], is_flag=True, help=words(f"parts.{name}"))
    yield click.Option(["--why"], default="", help=words("parts.why"))
    yield click.Option(["--who"], default=operator, show_default=False, help=words("cli.add_who"))
    yield click.Option(["--json", "json_wanted"], is_flag=True, help=words("cli.json"))


def _splittable(parts: Parts, ticket: Ticket, given: dict[str, Any]) -> Ticket:
    """The case, before anybody has typed anything: it can be split, and its content may be read."""
    after(ticket.number, Step.SPLIT, ticket.status)
    if ticket.part:
        raise NotAllowed(ticket.number, Step.SPLIT, ticket.status, PART_OF)
    reader = reader_of(parts.settings)
    if not reader.may_read(ticket):
        raise click.ClickException(refusal(parts.words, reader, ticket.number))
    if not reader.sees(ticket, reveal=given["reveal"]):
        raise click.ClickException(parts.words("parts.restricted_hint", number=ticket.number))
    look(parts.store, ticket, reader)
    return ticket


def _chosen(
    page: Page, parts: Parts, rules: RuleSet, given: dict[str, Any]
) -> tuple[list[Piece], str]:
    """The pieces and the reason, from options or from who sits there; none where only to be looked at."""
    words, why = page.words, given["why"].strip()
    if given["part"] or given["text"]:
        if not why and not given["preview"]:
            raise click.UsageError(words("cli.option_needed", option="--why"))
        return ([] if given["preview"] else from_options(page, parts.office, given)), why
    if not page.spans:
        raise click.ClickException(words("parts.no_text", number=page.ticket.number))
    _print(page, rules, json_wanted=given["json_wanted"])
    if given["preview"] or not sys.stdin.isatty():
        if not given["json_wanted"]:
            click.echo(words("parts.choose", number=page.ticket.number))
        return [], why
    pieces = ask(page, parts.office, lambda piece: planned(parts.office, rules, page.ticket, piece))
    why = why or ask_why(words)
    return (pieces if sure(page, pieces) else []), why


def _planned(words: Texts, parts: Parts, ticket: Ticket, pieces: Sequence[Piece]) -> list[NewPart]:
    new, rules = [], parts.rules.current()
    for number, piece in enumerate(pieces, 1):
        try:
            new.append(planned(parts.office, rules, ticket, piece))
        except Contradiction as error:
            raise click.UsageError(words("parts.contradiction", given=number)) from error
    return new


def _print(page: Page, rules: RuleSet, *, json_wanted: bool) -> None:
    """The sentences, each with what the rules say about it alone."""
    words = page.words
    numbers = range(1, len(page.spans) + 1)
    judged = [rules.classify("", page.sentence(n), page.ticket.medium) for n in numbers]
    if json_wanted:
        for number, verdict in zip(numbers, judged, strict=True):
            json_line({"sentence": number, "text": page.sentence(number), "verdict": verdict})
        return
    heads = [words(f"parts.{name}") for name in ("sentence", "finding", "says")]
    rows = [
        (str(number), _finding(words, verdict), shortened(page.sentence(number), SHOWN))
        for number, verdict in zip(numbers, judged, strict=True)
    ]
    table(heads, rows)


def _finding(words: Texts, verdict: Verdict) -> str:
    cues = list(dict.fromkeys(shortened(hit.text, 24) for hit in verdict.hits))[:CUES]
    label = tier_label(words, verdict)
    return f"{label} ({', '.join(cues)})" if cues else label


def _show(words: Texts, parts: Parts, before: Ticket, *, json_wanted: bool) -> None:
    ticket = parts.store.ticket(before.number) or before
    if json_wanted:
        json_line({"number": ticket.number, "parts": [asdict(part) for part in ticket.parts]})
        return
    click.secho(words("parts.done", number=ticket.number, count=len(ticket.parts)), bold=True)
    table(*part_rows(words, ticket, now()))
    open_parts = any(not part.restricted for part in ticket.parts)
    if open_parts and not mail_for(parts.store, ticket) and not ticket.complainant.anonymous:
        click.echo(words("parts.ready_text") + "\n")
        click.echo(ready_text(parts, ticket, letter.text))
