"""``muara requirements``: what a request for data still needs, ticked off by a person; the clock runs on."""

from collections.abc import Sequence
from typing import Any

import click

from cli.context import App, operator
from cli.opening import configured, known_number
from cli.output import Cell, facts, json_line, printable, table
from config.texts import Texts
from ingest.office import Requirement
from ingest.requirements import (
    CHECKED,
    Item,
    checklist,
    files,
    label,
    labels,
    mark,
    missing,
    waits,
)
from store import Store
from store.types import Ticket
from wiring.clock import now
from wiring.office import requirements_of


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("requirements", help=words("requirements.help"))
    @click.argument("number")
    @click.option("--got", multiple=True, metavar=_meta(words), help=words("requirements.got"))
    @click.option(
        "--missing", "lacks", multiple=True, metavar=_meta(words), help=words("requirements.lacks")
    )
    @click.option("--note", "--why", "note", default="", help=words("requirements.note"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def requirements(
        app: App,
        /,
        *,
        number: str,
        got: tuple[str, ...],
        lacks: tuple[str, ...],
        note: str,
        who: str,
        json_wanted: bool,
    ) -> None:
        with configured(app) as (settings, store):
            ticket = known_number(words, store, number)
            known = _known(words, requirements_of(settings), ticket)
            marks = [(_named(words, known, name), True) for name in got]
            marks += [(_named(words, known, name), False) for name in lacks]
            for one, is_there in marks:
                details = mark(one, got=is_there, note=note.strip())
                store.record(ticket.number, CHECKED, who, details, now())
            ticket = _again(words, store, ticket)
        if json_wanted:
            json_line(_json(known, ticket))
        else:
            _print(words, known, ticket)

    return requirements


def _meta(words: Texts) -> str:
    return words("requirements.meta_name")


def _known(
    words: Texts, requirements: Sequence[Requirement], ticket: Ticket
) -> tuple[Requirement, ...]:
    """The requirements of this kind of case. Raises ClickException where there are none."""
    known = tuple(item.requirement for item in checklist(requirements, ticket))
    if not known:
        kind = words(f"kinds.{ticket.kind}")
        raise click.ClickException(
            words("requirements.none_asked", number=ticket.number, kind=kind)
        )
    return known


def _named(words: Texts, known: Sequence[Requirement], given: str) -> Requirement:
    wanted = given.strip().casefold().replace(" ", "-").replace("_", "-")
    found = next((one for one in known if one.name == wanted), None)
    if found is None:
        names = ", ".join(one.name for one in known)
        raise click.UsageError(words("requirements.unknown", given=given, known=names))
    return found


def _again(words: Texts, store: Store, ticket: Ticket) -> Ticket:
    return known_number(words, store, ticket.number)


def _print(words: Texts, known: Sequence[Requirement], ticket: Ticket) -> None:
    headings = ("state", "name", "what", "who", "at", "note_column")
    rows = (_row(words, ticket, item) for item in checklist(known, ticket))
    table([words(f"requirements.{name}") for name in headings], rows)
    if not ticket.restricted and (sent := files(ticket)):
        facts([(words("requirements.files"), printable(", ".join(sent)))])
        click.echo(words("requirements.person_ticks"))
    if waits(known, ticket):
        still = ", ".join(labels(words, missing(known, ticket)))
        click.echo(words("requirements.waiting", missing=still))


def _row(words: Texts, ticket: Ticket, item: Item) -> list[str | Cell]:
    state = "is_got" if item.got else "is_missing"
    return [
        Cell(words(f"requirements.{state}"), "green" if item.got else "yellow"),
        item.requirement.name,
        label(words, item.requirement),
        item.who or "-",
        words.short_moment(item.at) if item.at else "-",
        "" if ticket.restricted else item.note,
    ]


def _json(known: Sequence[Requirement], ticket: Ticket) -> dict[str, Any]:
    items = [
        {
            "name": item.requirement.name,
            "label": item.requirement.label,
            "got": item.got,
            "who": item.who,
            "at": item.at,
            "note": "" if ticket.restricted else item.note,
        }
        for item in checklist(known, ticket)
    ]
    return {
        "number": ticket.number,
        "requirements": items,
        "waits_for_complainant": waits(known, ticket),
        "due_at": ticket.due_at,
        "files": [] if ticket.restricted else list(files(ticket)),
    }
