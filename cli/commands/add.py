"""``muara add``: a phone call, a slip from the suggestion box, a walk-in, a report copied by hand.

Questions for an operator with somebody on the line, or options for scripts.
"""

import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any

import click

from channels.manual import Entry, ManualChannel
from classify.types import Medium
from cli.building import built
from cli.context import App, operator, standard_input
from cli.form import MEDIUMS, Form, fill_in
from cli.named import Named
from cli.office_letter import words_for
from cli.opening import known_number
from cli.output import facts, json_line, printable
from cli.printed import pdf
from cli.receipts import WIDTH, lines, page
from cli.requirement_notes import still_needed
from cli.tickets import as_json, spoken, tier_label, unnamed, why_label
from config.sections import Office
from config.texts import Texts
from ingest.duplicates import Suggester
from ingest.suggested import told
from store import StoreError
from store.types import Fate, Outcome, Suggestion, Ticket
from wiring.parts import Parts

WITH_RECEIPT = (Medium.PHONE, Medium.BOX, Medium.WALK_IN)
FIELDS = (
    "medium", "text", "received_at", "subject", "name", "phone", "email", "address", "location",
    "external_id",
)  # fmt: skip
VISIT = ("agency", "meets")  # of a walk-in, for the guest book


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.pass_obj
    def add(
        app: App,
        /,
        *,
        json_wanted: bool,
        who: str,
        receipt: Path | None,
        **given: str | bool | None,
    ) -> None:
        visit = {name: str(given.pop(name) or "") for name in VISIT}
        with built(app, shipped_rules_will_do=True) as parts:
            entry = _entry(words, given)
            outcome = _taken_in(parts, words, entry, who)
            parts.store.guests.describe(outcome.number, **visit)
            ticket = known_number(words, parts.store, outcome.number)
            code = _code(parts, ticket, outcome.fate, who)
            alike = _alike(parts, ticket)
        if json_wanted:
            json_line(_told(ticket, outcome.fate) | {"fate": outcome.fate, "code": code})
        else:
            _show(words, ticket, outcome.fate)
            if outcome.fate is Fate.CASE and ticket.medium is Medium.WALK_IN:
                click.echo(words("guests.in_the_book"))
            _give(words, parts.settings.office, ticket, code)
            for sentence in still_needed(words, parts.office.requirements, ticket):
                click.echo(sentence)
            for one in alike:
                click.echo(told(words, one, ticket.number, examiner=False))
        if receipt is not None:
            pdf(
                words,
                receipt,
                "receipt",
                page(words_for(words, ticket), parts.settings.office, ticket, code),
            )

    return click.Command("add", callback=add, params=_options(words), help=words("cli.add_help"))


def _told(ticket: Ticket, fate: Fate) -> dict[str, Any]:
    """What was typed just now; of a case that was there before, no more than a list tells."""
    return as_json(ticket, reveal=True) if fate is Fate.CASE else unnamed(as_json(ticket))


def _options(words: Texts) -> list[click.Parameter]:
    kinds = {"medium": Named(words, "mediums", MEDIUMS)}
    options = [_option(words, name, type=kinds.get(name)) for name in FIELDS]
    options += [_option(words, name, is_flag=True) for name in ("anonymous", "secret")]
    options += [
        click.Option([f"--{name}"], default="", help=words(f"guests.option_{name}_walk_in"))
        for name in VISIT
    ]
    options.append(_option(words, "who", default=operator, show_default=False))
    file, about = click.Path(path_type=Path), words("answers.receipt_file_help")
    options.append(click.Option(["--receipt"], type=file, help=about))
    options.append(click.Option(["--json", "json_wanted"], is_flag=True, help=words("cli.json")))
    return list(options)


def _option(words: Texts, name: str, **more: object) -> click.Option:
    flag = "--" + name.replace("_", "-")
    return click.Option([flag], help=words(f"cli.add_{name}"), **more)  # type: ignore[arg-type]


def _entry(words: Texts, given: Mapping[str, str | bool | None]) -> Entry:
    """The entry from options alone, or asked for where a person is there to answer."""
    form = Form(words, lambda: datetime.now(UTC))
    asking = given["text"] is None and sys.stdin.isatty()
    try:
        for name, value in given.items():
            if isinstance(value, bool):
                form.values |= {name: True} if value else {}
            elif value is not None:
                form.put(name, standard_input() if (name, value) == ("text", "-") else value)
        if asking:
            fill_in(form)
        elif given["text"] is None and given["medium"]:
            form.put("text", standard_input())
        return form.entry()
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _taken_in(parts: Parts, words: Texts, entry: Entry, who: str) -> Outcome:
    try:
        outcome = parts.poller.poll(ManualChannel(entry.medium, [entry]), Event(), who=who)[0]
    except Exception:
        click.echo(f"{words('form.not_stored')}\n{entry.text}", err=True)
        raise
    if not outcome.number:
        raise click.ClickException(words("cli.add_quarantined"))
    return outcome


def _code(parts: Parts, ticket: Ticket, fate: Fate, who: str) -> str:
    """A secret code for who came in person; reports of a platform are followed there."""
    if fate is not Fate.CASE or ticket.medium not in WITH_RECEIPT:
        return ""
    return parts.store.receipts.make(ticket.number, who=who, now=parts.clock())


def _alike(parts: Parts, ticket: Ticket) -> list[Suggestion]:
    """What the complaint may be the same as; if that cannot be told just now, the daemon will."""
    with suppress(StoreError):
        Suggester(parts.store, parts.clock).catch_up()
        return parts.store.duplicates.of(ticket.number)
    return []


def _show(words: Texts, ticket: Ticket, fate: Fate) -> None:
    key = "cli.added" if fate is Fate.CASE else f"cli.added_{fate}"
    click.secho(words(key, number=ticket.number), bold=True)
    pairs = [
        (words("cli.tier"), tier_label(words, ticket)),
        (words("cli.why"), why_label(words, ticket)),
        (words("cli.due"), words.moment(ticket.due_at) if ticket.due_at else "-"),
        (words("cli.team"), ticket.team),
        (words("cli.received"), words.moment(ticket.received_at)),
        (words("cli.entered"), words.moment(ticket.entered_at)),
    ]
    facts(pairs)


def _give(words: Texts, office: Office, ticket: Ticket, code: str) -> None:
    """What the complainant takes along: read out on the telephone, else a receipt to be printed."""
    click.echo(words("cli.say_number", number=ticket.number, spoken=spoken(words, ticket.number)))
    if code and ticket.medium is Medium.PHONE:
        click.echo(words("answers.say_code", code=code, spoken=spoken(words, code)))
        click.echo(words("answers.code_use"))
    elif code:
        click.echo()
        for line in lines(words_for(words, ticket), office, ticket, code, WIDTH):
            click.echo(printable(line))
