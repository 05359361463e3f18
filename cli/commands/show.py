"""``muara show``: one ticket, whole, with the reasons for its tier and its history."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import click

from cli import answers, journey, parts, pending
from cli.access import look, reader_of, refusal
from cli.commands.duplicates import as_json as duplicate_json
from cli.commands.language import label as language_label
from cli.context import App
from cli.history import details
from cli.lateness import lateness_of
from cli.opening import configured, known_number
from cli.output import Cell, facts, heading, json_line, printable, size, table
from cli.requirement_notes import requirement_notes
from cli.tickets import as_json, channel_label, due_cell, tier_label
from cli.year_notes import case_notes, case_years
from config.texts import Texts
from ingest.suggested import why
from store.types import Status, Suggestion, Ticket
from wiring.office import requirements_of


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
            ticket = known_number(words, store, number)
            years = case_years(store, settings, ticket)
            needs = requirement_notes(words, requirements_of(settings), ticket)
            alike = store.duplicates.of(ticket.number)
            reader = reader_of(settings)
            visible = reader.sees(ticket, reveal=reveal)
            if visible:
                look(store, ticket, reader)
            given = store.answers.of(ticket.number)
            waiting = store.staff_mails.answers(ticket.number)
            way = store.journeys.of([ticket.number])[ticket.number]
            late = lateness_of(settings, store, [ticket], {ticket.number: way}, datetime.now(UTC))
            arrivals = store.raw(ticket.number) if raw and visible else []
        if raw and visible:
            sys.stdout.buffer.writelines(arrivals)
        elif json_wanted:
            also = [duplicate_json(one) for one in alike]
            more = {"duplicates": also, "incomplete_years": years, "journey": way}
            more["late"] = late.as_json(ticket, way)
            more |= {"waiting_answers": pending.as_json(waiting, visible=visible)}
            more["answers"] = [answers.as_json(one, visible=visible) for one in given]
            json_line(as_json(ticket, reveal=visible) | more)
        else:
            stations = (words("journey.label"), journey.line(words, way, datetime.now(UTC)))
            split = parts.facts(words, ticket, visible=visible)
            told = answers.facts(words, given, datetime.now(UTC), visible=visible)
            notes = [
                *late.facts(words, ticket, way),
                *case_notes(words, years),
                *needs,
                *split,
                stations,
                *told,
                *pending.facts(words, waiting),
            ]
            _print(words, ticket, alike, notes, visible=visible)
            if visible:
                pending.texts(words, waiting)
            else:
                click.echo(refusal(words, reader, ticket.number))

    return show


def _print(
    words: Texts,
    ticket: Ticket,
    alike: list[Suggestion],
    notes: list[tuple[str, str]],
    *,
    visible: bool,
) -> None:
    examiner = ticket.restricted and visible
    others = notes + [
        (words("duplicates.label_suggested"), _other(words, ticket, one, examiner=examiner))
        for one in alike
    ]
    if not visible:
        facts((*_facts(words, ticket), *others))
        return
    content = () if ticket.purged_at else _content(words, ticket)
    facts((*_facts(words, ticket), *others, *content))
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


def _other(words: Texts, ticket: Ticket, one: Suggestion, *, examiner: bool) -> str:
    """Another case that may be the same: a restricted one by its number only."""
    number = one.beside(ticket.number)
    return f"{number} ({why(words, one)})" if examiner or not one.restricted else number


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
