"""``muara add``: a phone call, a slip from the suggestion box, a walk-in, a report copied by hand.

Prompts for an operator with somebody on the line, or options for scripts.
"""

import getpass
import sys
from datetime import UTC, datetime
from threading import Event

import click

from channels.manual import Entry, ManualChannel
from classify.types import Medium
from cli.building import built, known_number
from cli.context import App
from cli.errors import plain_errors
from cli.moments import parse_moment
from cli.output import facts, json_line
from cli.tickets import as_json, tier_label
from config.texts import Texts
from store.types import Ticket
from wiring import Parts

MEDIUMS = [medium.value for medium in Medium if medium is not Medium.EMAIL]


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("add", help=words("cli.add_help"))
    @click.option("--medium", type=click.Choice(MEDIUMS), help=words("cli.medium"))
    @click.option("--text", help=words("cli.add_text"))
    @click.option("--received-at", help=words("cli.received_at"))
    @click.option("--subject", default="", help=words("cli.subject"))
    @click.option("--name", help=words("cli.name"))
    @click.option("--phone", help=words("cli.phone"))
    @click.option("--email", default="", help=words("cli.email"))
    @click.option("--address", default="", help=words("cli.address"))
    @click.option("--location", default="", help=words("cli.location"))
    @click.option("--external-id", default="", help=words("cli.external_id"))
    @click.option("--anonymous", is_flag=True, help=words("cli.anonymous"))
    @click.option("--secret", is_flag=True, help=words("cli.secret"))
    @click.option("--who", default=getpass.getuser, help=words("cli.who_option"))
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def add(
        app: App,
        *,
        medium: str | None,
        text: str | None,
        received_at: str | None,
        subject: str,
        name: str | None,
        phone: str | None,
        email: str,
        address: str,
        location: str,
        external_id: str,
        anonymous: bool,
        secret: bool,
        who: str,
        json_wanted: bool,
    ) -> None:
        with plain_errors(words), built(app) as parts:
            ask = _Asker(words, interactive=text is None and sys.stdin.isatty())
            entry = Entry(
                medium=Medium(ask.choice("medium", medium)),
                received_at=ask.moment(received_at),
                name=ask.line("name", name, wanted=not anonymous),
                phone=ask.line("phone", phone, wanted=not anonymous),
                text=ask.text(text),
                subject=subject,
                email=email,
                address=address,
                location=location,
                external_id=external_id.lstrip("#"),
                anonymous=anonymous,
                secret=secret,
            )
            ticket = _taken_in(parts, words, entry, who)
        if json_wanted:
            json_line(as_json(ticket, reveal=True))
        else:
            _show(words, ticket)

    return add


class _Asker:
    """Takes what an option gave; asks for the rest only where a person is there to answer."""

    def __init__(self, words: Texts, *, interactive: bool) -> None:
        self._words = words
        self._interactive = interactive

    def choice(self, name: str, given: str | None) -> str:
        if given:
            return given
        if not self._interactive:
            raise click.UsageError(self._words("cli.option_needed", option=f"--{name}"))
        named = ", ".join(f"{m} = {self._words(f'mediums.{m}')}" for m in MEDIUMS)
        click.echo(named)
        chosen: str = click.prompt(
            self._words("cli.ask_medium"), type=click.Choice(MEDIUMS), default="phone"
        )
        return chosen

    def line(self, name: str, given: str | None, *, wanted: bool) -> str:
        if given is not None or not self._interactive or not wanted:
            return given or ""
        answer: str = click.prompt(self._words(f"cli.ask_{name}"), default="", show_default=False)
        return answer.strip()

    def moment(self, given: str | None) -> datetime:
        while True:
            if given is None and self._interactive:
                given = click.prompt(
                    self._words("cli.ask_received"), default="", show_default=False
                )
            try:
                return parse_moment(given or "", datetime.now(UTC), self._words.zone)
            except ValueError as error:
                problem = self._words("cli.bad_moment", given=given)
                if not self._interactive:
                    raise click.UsageError(problem) from error
                click.echo(problem, err=True)
                given = None

    def text(self, given: str | None) -> str:
        if given == "-" or (given is None and not self._interactive):
            given = sys.stdin.read()
        while not (given or "").strip():
            if not self._interactive:
                raise click.UsageError(self._words("cli.option_needed", option="--text"))
            click.echo(self._words("cli.ask_text"))
            given = "\n".join(iter(lambda: input("> "), ""))
        return given.strip() if given else ""


def _taken_in(parts: Parts, words: Texts, entry: Entry, who: str) -> Ticket:
    outcomes = parts.poller.poll(ManualChannel(entry.medium, [entry]), Event(), who=who)
    if not outcomes[0].number:
        raise click.ClickException(words("cli.add_quarantined"))
    return known_number(words, parts.store, outcomes[0].number)


def _show(words: Texts, ticket: Ticket) -> None:
    due = words.moment(ticket.due_at) if ticket.due_at else "-"
    why = "; ".join(f"“{' '.join(hit.text.split())}”" for hit in ticket.hits[:3])
    click.secho(words("cli.added", number=ticket.number), bold=True)
    facts(
        [
            (words("cli.tier"), tier_label(words, ticket)),
            (words("cli.why"), why or "-"),
            (words("cli.due"), due),
            (words("cli.team"), ticket.team),
            (words("cli.received"), words.moment(ticket.received_at)),
            (words("cli.entered"), words.moment(ticket.entered_at)),
        ]
    )
    click.echo(words("cli.say_number", spelled=" ".join(ticket.number.replace("-", " "))))
