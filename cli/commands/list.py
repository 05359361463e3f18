"""``muara list``: the tickets, the most urgent first."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from classify.types import Kind, Tier
from cli.access import reader_of
from cli.context import App
from cli.journey import short
from cli.lateness import Lateness, lateness_of
from cli.named import Named
from cli.opening import configured
from cli.output import Cell, console, json_line, table
from cli.tickets import as_json, channel_label, short_tier, unnamed, why_label
from config.texts import Texts
from store.types import Journey, Status, Ticket, TicketFilter

ONE_LINE = 110  # columns a ticket needs on one line; on less it takes two
COLUMNS = ("number", "channel", "tier", "due", "team", "status", "why")
STACKED = (("number", "channel"), ("tier", "team"), ("due", "status"), ("why",))


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.pass_obj
    def tickets(app: App, /, *, json_wanted: bool, **wanted: Any) -> None:
        now = datetime.now(UTC)
        with configured(app) as (settings, store):
            examiner = reader_of(settings).examiner
            found = store.tickets(replace(_filter(wanted, now), examiner=examiner))
            ways = store.journeys.of([ticket.number for ticket in found])
            late = lateness_of(settings, store, found, ways, now)
        if json_wanted:
            for ticket in found:
                way = ways[ticket.number]
                json_line(
                    unnamed(as_json(ticket)) | {"journey": way, "late": late.as_json(ticket, way)}
                )
        else:
            show(words, found, ways, late)
            if len(found) == wanted["limit"]:
                click.echo(words("cli.more", limit=wanted["limit"]))

    return click.Command(
        "list", callback=tickets, params=list(_params(words)), help=words("cli.list_help")
    )


def _params(words: Texts) -> Iterator[click.Parameter]:
    yield click.Argument(["search"], nargs=-1)
    choices = {
        "tier": click.Choice(list(map(str, Tier)), case_sensitive=False),
        "kind": Named(words, "kinds", Kind),
        "status": Named(words, "statuses", Status),
        "sort": Named(words, "sorts", ("due", "received")),
    }
    for name in ("channel", "team", "tier", "kind", "status", "sort"):
        yield click.Option([f"--{name}"], type=choices.get(name), help=words(f"cli.by_{name}"))
    for name in ("uncertain", "open", "late"):
        yield click.Option([f"--{name}"], is_flag=True, help=words(f"cli.only_{name}"))
    limit = click.IntRange(1, 10_000)
    yield click.Option(["--limit"], type=limit, default=50, help=words("cli.limit"))
    yield click.Option(["--json", "json_wanted"], is_flag=True, help=words("cli.json"))


def _filter(wanted: dict[str, Any], now: datetime) -> TicketFilter:
    return TicketFilter(
        channel=wanted["channel"] or "",
        team=wanted["team"] or "",
        tier=wanted["tier"] and Tier(wanted["tier"]),
        kind=wanted["kind"] and Kind(wanted["kind"]),
        status=wanted["status"] and Status(wanted["status"]),
        words=" ".join(wanted["search"]),
        uncertain=wanted["uncertain"] or None,
        open_only=wanted["open"] or wanted["late"],
        due_before=now if wanted["late"] else None,
        limit=wanted["limit"],
        by_deadline=wanted["sort"] != "received",
    )


def show(words: Texts, found: list[Ticket], ways: Mapping[str, Journey], late: Lateness) -> None:
    """Print tickets as a table, on a narrow terminal with two lines for each."""
    if not found:
        click.echo(words("cli.none_found"))
        return
    rows = [_cells(words, ticket, ways[ticket.number], late) for ticket in found]
    heads = {name: Cell(words(f"cli.{name}")) for name in COLUMNS}
    if console().width >= ONE_LINE:
        table([heads[n].text for n in COLUMNS], ([row[n] for n in COLUMNS] for row in rows))
        return
    table(
        [_stack(heads, names).text for names in STACKED],
        ([_stack(row, names) for names in STACKED] for row in rows),
    )


def _stack(cells: dict[str, Cell], names: tuple[str, ...]) -> Cell:
    return Cell("\n".join(cells[name].text for name in names), cells[names[0]].style)


def _cells(words: Texts, ticket: Ticket, way: Journey, late: Lateness) -> dict[str, Cell]:
    return {
        "number": Cell(ticket.number, "bold"),
        "channel": Cell(channel_label(words, ticket)),
        "tier": Cell(short_tier(words, ticket)),
        "due": late.cell(words, ticket, way),
        "team": Cell(ticket.team),
        "status": Cell(short(words, ticket, way, late.now)),
        "why": Cell(why_label(words, ticket)),
    }
