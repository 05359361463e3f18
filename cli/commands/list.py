"""``muara list``: the tickets, the newest first."""

from datetime import UTC, datetime

import click
from rich.text import Text

from classify.types import Kind, Tier
from cli.building import opened
from cli.context import App
from cli.errors import plain_errors
from cli.output import json_line, table
from cli.tickets import as_json, channel_label, due_label, tier_label
from config.texts import Texts
from store.types import Status, Ticket, TicketFilter


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("list", help=words("cli.list_help"))
    @click.argument("search", nargs=-1)
    @click.option("--channel", default="", help=words("cli.channel"))
    @click.option("--team", default="", help=words("cli.team"))
    @click.option(
        "--tier", type=click.Choice(list(Tier), case_sensitive=False), help=words("cli.tier")
    )
    @click.option(
        "--kind", type=click.Choice(list(Kind), case_sensitive=False), help=words("cli.kind")
    )
    @click.option(
        "--status", type=click.Choice(list(Status), case_sensitive=False), help=words("cli.status")
    )
    @click.option("--uncertain", is_flag=True, help=words("cli.only_uncertain"))
    @click.option("--open", "open_only", is_flag=True, help=words("cli.only_open"))
    @click.option("--late", is_flag=True, help=words("cli.only_late"))
    @click.option(
        "--limit", type=click.IntRange(1), default=50, show_default=True, help=words("cli.limit")
    )
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def tickets(
        app: App,
        *,
        search: tuple[str, ...],
        channel: str,
        team: str,
        tier: Tier | None,
        kind: Kind | None,
        status: Status | None,
        uncertain: bool,
        open_only: bool,
        late: bool,
        limit: int,
        json_wanted: bool,
    ) -> None:
        narrow = TicketFilter(
            channel=channel,
            team=team,
            tier=tier,
            kind=kind,
            status=status,
            words=" ".join(search),
            uncertain=True if uncertain else None,
            open_only=open_only or late,
            due_before=datetime.now(UTC) if late else None,
            limit=limit,
        )
        with plain_errors(words), opened(app) as store:
            found = store.tickets(narrow)
        if json_wanted:
            for ticket in found:
                json_line(as_json(ticket))
        else:
            show(words, found)

    return tickets


def show(words: Texts, found: list[Ticket]) -> None:
    """Print tickets as a table."""
    if not found:
        click.echo(words("cli.none_found"))
        return
    names = ("number", "channel", "tier", "due", "team", "status", "subject")
    table([words(f"cli.{name}") for name in names], (_row(words, ticket) for ticket in found))


def _row(words: Texts, ticket: Ticket) -> tuple[str | Text, ...]:
    late = ticket.due_at is not None and ticket.due_at < datetime.now(UTC) and ticket.status.open
    return (
        ticket.number,
        channel_label(words, ticket),
        tier_label(words, ticket),
        Text(due_label(words, ticket), style="red" if late else ""),
        ticket.team,
        words(f"statuses.{ticket.status}"),
        words("cli.restricted")
        if ticket.restricted
        else (ticket.subject or ticket.reply_text)[:70],
    )
