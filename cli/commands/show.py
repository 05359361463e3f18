"""``muara show``: one ticket, whole, with the reasons for its tier and its history."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import click

from cli import answers, journey, parts, pending
from cli.access import Reader, look, reader_of, refusal
from cli.commands.duplicates import as_json as duplicate_json
from cli.commands.language import label as language_label
from cli.context import App
from cli.history import details
from cli.lateness import Lateness, lateness_of
from cli.opening import configured, known_number
from cli.output import Cell, facts, heading, json_line, printable, size, table
from cli.requirement_notes import requirement_notes
from cli.tickets import as_json, channel_label, due_cell, tier_label
from cli.year_notes import case_notes, case_years
from config.settings import Settings
from config.texts import Texts
from ingest.suggested import why
from store import Store
from store.types import Answer, Journey, StaffMail, Status, Suggestion, Ticket
from wiring.office import requirements_of


@dataclass(frozen=True, slots=True)
class _Case:
    """What is known of a case, as far as whoever looks may see it. ``visible``: all of it."""

    ticket: Ticket
    reader: Reader
    visible: bool
    alike: list[Suggestion]
    answers: list[Answer]
    waiting: list[StaffMail]
    way: Journey
    late: Lateness
    years: tuple[int, ...]
    needs: list[tuple[str, str]]


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("show", help=words("cli.show_help"))
    @click.argument("number")
    @click.option("--reveal", is_flag=True, help=words("cli.reveal"))
    @click.option("--raw", is_flag=True, help=words("cli.raw"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def show(app: App, number: str, reveal: bool, raw: bool, json_wanted: bool) -> None:
        with configured(app) as (settings, store):
            case = _looked_at(words, settings, store, number, reveal=reveal)
            arrivals = store.raw(case.ticket.number) if raw and case.visible else []
        if raw and case.visible:
            sys.stdout.buffer.writelines(arrivals)
        elif json_wanted:
            json_line(_as_json(case))
        else:
            _print(words, case)

    return show


def _looked_at(
    words: Texts, settings: Settings, store: Store, given: str, *, reveal: bool
) -> _Case:
    """Read a case. That somebody sees what it says is an event of it."""
    ticket, reader = known_number(words, store, given), reader_of(settings)
    visible = reader.sees(ticket, reveal=reveal)
    number, at = ticket.number, datetime.now(UTC)
    way = store.journeys.of([number])[number]
    case = _Case(
        ticket=ticket,
        reader=reader,
        visible=visible,
        alike=store.duplicates.of(number),
        answers=store.answers.of(number),
        waiting=store.staff_mails.answers(number),
        way=way,
        late=lateness_of(settings, store, [ticket], {number: way}, at),
        years=case_years(store, settings, ticket),
        needs=requirement_notes(words, requirements_of(settings), ticket),
    )
    if visible:
        look(store, ticket, reader)
    return case


def _as_json(case: _Case) -> dict[str, Any]:
    visible = case.visible
    return as_json(case.ticket, reveal=visible) | {
        "duplicates": [duplicate_json(one) for one in case.alike],
        "incomplete_years": case.years,
        "journey": case.way,
        "late": case.late.as_json(case.ticket, case.way),
        "waiting_answers": pending.as_json(case.waiting, visible=visible),
        "answers": [answers.as_json(one, visible=visible) for one in case.answers],
    }


def _print(words: Texts, case: _Case) -> None:
    ticket = case.ticket
    known = [*_facts(words, ticket), *_notes(words, case), *_others(words, case)]
    if not case.visible:
        facts(known)
        click.echo(refusal(words, case.reader, ticket.number))
        return
    facts([*known, *(() if ticket.purged_at else _content(words, ticket))])
    _tell(words, ticket)
    pending.texts(words, case.waiting)


def _notes(words: Texts, case: _Case) -> Iterator[tuple[str, str]]:
    """How far it has come, and what stands in the way."""
    at, ticket = datetime.now(UTC), case.ticket
    yield from case.late.facts(words, ticket, case.way)
    yield from case_notes(words, case.years)
    yield from case.needs
    yield from parts.facts(words, ticket, visible=case.visible)
    yield words("journey.label"), journey.line(words, case.way, at)
    yield from answers.facts(words, case.answers, at, visible=case.visible)
    yield from pending.facts(words, case.waiting)


def _others(words: Texts, case: _Case) -> Iterator[tuple[str, str]]:
    """Other cases that may be the same: restricted ones by their number only."""
    examiner = case.ticket.restricted and case.visible
    for one in case.alike:
        number = one.beside(case.ticket.number)
        told = f"{number} ({why(words, one)})" if examiner or not one.restricted else number
        yield words("duplicates.label_suggested"), told


def _tell(words: Texts, ticket: Ticket) -> None:
    """Parts, reasons, text and history, each under its heading."""
    if ticket.parts:
        click.echo()
        heads, standing = parts.rows(words, ticket, datetime.now(UTC))
        table(heads, standing, title=words("parts.label_parts"))
    if ticket.hits:
        click.echo()
        rows = [(f"“{' '.join(hit.text.split())}”", hit.rule) for hit in ticket.hits]
        table([words("cli.words"), words("cli.rule")], rows, title=words("cli.why"))
    if not ticket.purged_at:
        heading(words("cli.text"))
        click.echo(printable(ticket.text) or words("letters.no_text"))
    heading(words("cli.history"))
    events = [
        (words.short_moment(e.at), words.event(e.what), e.who, details(words, e))
        for e in ticket.events
    ]
    table([words(f"cli.{name}") for name in ("at", "event", "who", "details")], events)


def _facts(words: Texts, ticket: Ticket) -> Iterator[tuple[str, str]]:
    yield words("cli.number"), ticket.number
    yield words("cli.tier"), tier_label(words, ticket)
    yield words("cli.kind"), words(f"kinds.{ticket.kind}")
    yield words("cli.due"), _due(words, ticket)
    yield words("cli.status"), words(f"statuses.{ticket.status}")
    if ticket.purged_at:
        yield words("retention.label"), words("retention.purged", at=words.moment(ticket.purged_at))
    if ticket.merged_into:
        yield words("duplicates.label_into"), ticket.merged_into
    if ticket.merged:
        yield words("duplicates.label_merged"), ", ".join(ticket.merged)
    yield words("cli.team"), ticket.team
    yield words("cli.channel"), channel_label(words, ticket)
    yield words("cli.received"), words.moment(ticket.received_at)
    yield words("cli.entered"), words.moment(ticket.entered_at)


def _due(words: Texts, ticket: Ticket) -> str:
    """The deadline whole, and how near it is while an answer is owed."""
    if ticket.status is Status.SPLIT:
        return words("parts.due_of_parts")
    if ticket.due_at is None:
        return "-"
    near: Cell = due_cell(words, ticket, datetime.now(UTC))
    whole = words.moment(ticket.due_at)
    return f"{whole} ({near.text})" if ticket.status.open else whole


def _content(words: Texts, ticket: Ticket) -> Iterator[tuple[str, str]]:
    yield words("cli.complainant"), _complainant(words, ticket)
    yield words("answers.language_label"), language_label(words, ticket)
    yield words("cli.subject"), ticket.subject or "-"
    if ticket.location:
        yield words("cli.location"), ticket.location
    if ticket.external_id:
        yield words("cli.external_id"), ticket.external_id
    for file in ticket.attachments:
        yield words("cli.attachment"), f"{file.filename} ({size(file.size)})"
    for said in ticket.followups:
        yield words("cli.followup"), f"{said.by}: {said.text}"


def _complainant(words: Texts, ticket: Ticket) -> str:
    who = ticket.complainant
    if who.anonymous:
        return words("letters.anonymous")
    known = ", ".join(filter(None, (who.name, who.email, who.phone, who.address)))
    name = known or words("letters.unnamed")
    return words("letters.secret", name=name) if who.secret else name
