"""``muara deliveries``: answers that a person has to bring across, and that they did."""

from typing import Any

import click

from cli import answers
from cli.access import look, look_who, reader_of
from cli.context import App, operator
from cli.named import Named
from cli.opening import configured, known_number, opened
from cli.output import Cell, json_line, shortened, table
from cli.steps import done as say_done
from config.texts import Texts
from ingest.answer import BY_HAND, Way, WayClosed, destination, redirect
from store import Store
from store.types import Answer, How, Ticket, Undelivered
from wiring.clock import now

COLUMNS = ("number", "way", "to", "waits", "state")
TO_LENGTH = 60
_HOWS = (How.POSTED, How.HANDED_OVER, How.DISPLAYED, How.PASTED, How.SAID)
_NEW_WAYS = (Way.MAIL, *BY_HAND)


def command(words: Texts) -> click.Command:
    """Build the group; without a subcommand it lists."""
    ways = Named(words, "ways_short", Way)

    @click.group("deliveries", help=words("answers.deliveries_help"), invoke_without_command=True)
    @click.option("--way", type=ways, help=words("answers.only_way"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_context
    def deliveries(ctx: click.Context, way: str | None, json_wanted: bool) -> None:
        if ctx.invoked_subcommand is None:
            _list(words, ctx.obj, way, json_wanted=json_wanted)

    deliveries.add_command(_done(words))
    deliveries.add_command(_change(words))
    return deliveries


def waiting(words: Texts, store: Store, ticket: Ticket) -> list[Answer]:
    """Return a case's answers that wait for a person. Raises ClickException where there is none."""
    found = store.answers.waiting_for_a_person(ticket.number)
    if not found:
        raise click.ClickException(words("answers.nothing_waits", number=ticket.number))
    return found


def as_json(one: Undelivered, *, visible: bool) -> dict[str, Any]:
    """A delivery for programs; restricted ones without content and complainant."""
    value = answers.as_json(one.answer, visible=visible)
    if visible:
        value |= {"to": _to(one), "name": one.ticket.complainant.name}
    return value


def _list(words: Texts, app: App, way: str | None, *, json_wanted: bool) -> None:
    with configured(app) as (settings, store):
        found = [one for one in store.answers.undelivered() if way in (None, one.answer.way)]
        reader = reader_of(settings)
        hidden = [one for one in found if not reader.may_read(one.ticket)]
        for one in found:
            if one not in hidden:
                look(store, one.ticket, reader)
    if json_wanted:
        for one in found:
            json_line(as_json(one, visible=one not in hidden))
        return
    if not found:
        click.echo(words("answers.none_waiting"))
        return
    rows = [_row(words, one, visible=one not in hidden) for one in found]
    table([words(f"answers.{name}") for name in COLUMNS], rows)
    click.echo(words("answers.how_to_go_on"))
    if hidden:
        click.echo(words("answers.hidden_hint"))


def _row(words: Texts, one: Undelivered, *, visible: bool) -> list[str | Cell]:
    answer = one.answer
    failed = answer.state.needs_a_person
    known = (
        answers.state(words, answer, now()) if visible or not failed else words("answers.hidden")
    )
    return [
        answer.number,
        words.part("ways_short").get(answer.way, answer.way),
        shortened(_to(one) or one.ticket.complainant.name or "-", TO_LENGTH)
        if visible
        else words("answers.hidden"),
        words.short_moment(answer.at),
        Cell(known, "bold red" if failed else ""),
    ]


def _to(one: Undelivered) -> str:
    if one.answer.recipient:
        return one.answer.recipient
    return destination(one.ticket, Way(one.answer.way)) if one.answer.way in list(Way) else ""


def _done(words: Texts) -> click.Command:
    hows = Named(words, "hows", _HOWS)

    @click.command("done", help=words("answers.done_help"))
    @click.argument("number")
    @click.option("--how", type=hows, help=words("answers.how_help"))
    @click.option("--note", default="", help=words("answers.note_help"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def done(
        app: App, /, *, number: str, how: str | None, note: str, who: str, json_wanted: bool
    ) -> None:
        with opened(app) as store:
            ticket = known_number(words, store, number)
            found = waiting(words, store, ticket)
            if not how and any(one.way != Way.PASTE for one in found):
                choices = ", ".join(hows.choices)
                raise click.UsageError(words("answers.how_needed", choices=choices))
            chosen = How(how or How.PASTED)
            store.answers.delivered(ticket.number, found, chosen, who=who, note=note, now=now())
        sentence = words("answers.done_done", number=ticket.number, how=words(f"hows.{chosen}"))
        say_done(sentence, json_wanted=json_wanted, number=ticket.number, how=chosen, who=who)

    return done


def _change(words: Texts) -> click.Command:
    ways = Named(words, "ways_short", _NEW_WAYS)

    @click.command("change", help=words("answers.change_help"))
    @click.argument("number")
    @click.option("--way", type=ways, required=True, help=words("answers.way_help"))
    @click.option("--why", default="", help=words("lifecycle.why"))
    @click.option("--who", default=operator, show_default=False, help=words("cli.add_who"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def change(
        app: App, /, *, number: str, way: str, why: str, who: str, json_wanted: bool
    ) -> None:
        with configured(app) as (settings, store):
            ticket = known_number(words, store, number)
            try:
                for one in waiting(words, store, ticket):
                    redirect(store, ticket, one, Way(way), who=who, why=why, now=now())
            except WayClosed as error:
                raise click.ClickException(closed(words, error)) from error
            reader = reader_of(settings)
            to = destination(ticket, Way(way)) if reader.may_read(ticket) else ""
            if to:
                look_who(store, ticket, reader)
        values = {"number": ticket.number, "way": words(f"ways.{way}")}
        to = shortened(to, TO_LENGTH) or words("cli.the_complainant")
        sentence = words("answers.change_done", **values, to=to)
        say_done(sentence, json_wanted=json_wanted, number=ticket.number, way=way, who=who)

    return change


def closed(words: Texts, error: WayClosed) -> str:
    """Return why an answer cannot go a way, and what to do."""
    return words(f"answers.{error.code}", number=error.number)
