"""``muara read``: at the counter, with number and secret code: status, deadline and answer, and nothing else."""

import click

from cli.context import App, operator
from cli.opening import opened
from cli.output import facts, heading, json_line, printable
from config.texts import Texts
from store import Store, codes
from store.numbers import normalise
from store.types import Answer, Status, Ticket
from wiring.clock import now

_SAID = {
    Status.RECEIVED: "read_received",
    Status.ANSWERED: "read_answered_status",
    Status.CLOSED: "read_closed",
    Status.MERGED: "read_together",
}


def command(words: Texts) -> click.Command:
    """Build the command."""

    @click.command("read", help=words("answers.read_help"))
    @click.argument("number", required=False)
    @click.argument("code", required=False)
    @click.option("--json", "json_wanted", is_flag=True, help=words("cli.json"))
    @click.pass_obj
    def read(app: App, number: str | None, code: str | None, json_wanted: bool) -> None:
        number = number or click.prompt(words("answers.ask_number"))
        code = code or click.prompt(words("answers.ask_code"))
        with opened(app) as store:
            ticket = _opened(words, store, number, code)
            answers = _answers(store, ticket)
        if json_wanted:
            json_line(_as_json(ticket, answers))
        else:
            _show(words, ticket, answers)

    return read


def _opened(words: Texts, store: Store, number: str, code: str) -> Ticket:
    """The case, if the code is its code. Which of the two was wrong is not said."""
    meant, said = normalise(number), codes.normalise(code)
    right = meant and said and store.receipts.opens(meant, said, who=operator(), now=now())
    ticket = store.ticket(meant) if meant and right else None
    if ticket is None:
        raise click.ClickException(words("answers.not_opened"))
    return ticket


def _answers(store: Store, ticket: Ticket) -> list[Answer]:
    """What was answered to this complainant: about the case and its parts, not about those merged into it."""
    theirs = (ticket.number, *(part.number for part in ticket.parts))
    return [one for number in theirs for one in store.answers.of(number) if one.number == number]


def _show(words: Texts, ticket: Ticket, answers: list[Answer]) -> None:
    status = words(f"answers.{_SAID.get(ticket.status, 'read_open')}")
    due = words.moment(ticket.due_at) if ticket.due_at else words("answers.receipt_no_due")
    facts(
        [
            (words("answers.number"), ticket.number),
            (words("answers.read_status"), status),
            (words("answers.read_due"), due),
        ]
    )
    if ticket.purged_at:
        click.echo(words("retention.purged_short", at=words.moment(ticket.purged_at)))
        return
    for answer in answers:
        heading(words("answers.read_answered", at=words.moment(answer.at)))
        click.echo(printable(answer.text))
    if not answers:
        click.echo(words("answers.read_no_answer"))


def _as_json(ticket: Ticket, answers: list[Answer]) -> dict[str, object]:
    said = [{"at": answer.at, "text": answer.text} for answer in answers]
    return {
        "number": ticket.number,
        "status": ticket.status,
        "due_at": ticket.due_at,
        "purged_at": ticket.purged_at,
        "answers": said,
    }
