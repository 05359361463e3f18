"""``muara show``: one ticket, whole, with the reasons for its tier and its history."""

import getpass
import sys
from datetime import UTC, datetime

import click

from cli.building import known_number, opened
from cli.context import App
from cli.errors import plain_errors
from cli.output import console, facts, json_line, printable, table
from cli.tickets import as_json, channel_label, tier_label
from config.texts import Texts
from store.types import Ticket


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("show", help=words("cli.show_help"))
    @click.argument("number")
    @click.option("--reveal", is_flag=True, help=words("cli.reveal"))
    @click.option("--raw", is_flag=True, help=words("cli.raw"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def show(app: App, number: str, reveal: bool, raw: bool, json_wanted: bool) -> None:
        with plain_errors(words), opened(app) as store:
            ticket = known_number(words, store, number)
            if ticket.restricted and reveal:
                # Who looked into a restricted case is part of its history.
                store.record(
                    ticket.number, "case.revealed", getpass.getuser(), {}, datetime.now(UTC)
                )
            visible = reveal or not ticket.restricted
            if raw and visible:
                for arrival in store.raw(ticket.number):
                    sys.stdout.buffer.write(arrival)
                return
        if json_wanted:
            json_line(as_json(ticket, reveal=reveal))
        else:
            _print(words, ticket, visible=visible)

    return show


def _print(words: Texts, ticket: Ticket, *, visible: bool) -> None:
    facts(_heading(words, ticket))
    if not visible:
        click.echo(words("cli.restricted_hint", number=ticket.number))
        return
    facts(_content(words, ticket))
    if ticket.hits:
        rows = [(f"“{' '.join(hit.text.split())}”", hit.rule) for hit in ticket.hits]
        table([words("cli.words"), words("cli.rule")], rows, title=words("cli.why"))
    console().rule(words("cli.text"), align="left")
    click.echo(printable(ticket.text))
    console().rule(words("cli.history"), align="left")
    events = [
        (words.short_moment(e.at), words.event(e.what), e.who, _details(e.details))
        for e in ticket.events
    ]
    table([words(f"cli.{name}") for name in ("at", "event", "who", "details")], events)


def _heading(words: Texts, ticket: Ticket) -> list[tuple[str, str]]:
    due = words.moment(ticket.due_at) if ticket.due_at else "-"
    return [
        (words("cli.number"), ticket.number),
        (words("cli.tier"), tier_label(words, ticket)),
        (words("cli.kind"), words(f"kinds.{ticket.kind}")),
        (words("cli.due"), due),
        (words("cli.status"), words(f"statuses.{ticket.status}")),
        (words("cli.team"), ticket.team),
        (words("cli.channel"), channel_label(words, ticket)),
        (words("cli.received"), words.moment(ticket.received_at)),
        (words("cli.entered"), words.moment(ticket.entered_at)),
    ]


def _content(words: Texts, ticket: Ticket) -> list[tuple[str, str]]:
    who = ticket.complainant
    name = (
        words("letters.anonymous")
        if who.anonymous
        else ", ".join(filter(None, (who.name, who.email, who.phone)))
    )
    pairs = [
        (words("cli.complainant"), name or words("letters.unnamed")),
        (words("cli.subject"), ticket.subject),
    ]
    pairs += [(words("cli.attachment"), f"{a.filename} ({a.size} B)") for a in ticket.attachments]
    pairs += [(words("cli.followup"), f"{f.by}: {f.text}") for f in ticket.followups]
    if ticket.external_id:
        pairs.append((words("cli.external_id"), ticket.external_id))
    return pairs


def _details(details: dict[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in details.items() if value)[:200]
