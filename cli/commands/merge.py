"""``muara merge``: a person finds that two cases tell the same complaint."""

import click

from cli.building import built
from cli.context import App
from cli.steps import done, step, tickets_of
from config.texts import Texts
from ingest.handover import merge as merge_cases
from ingest.people import same_mailbox
from store.types import Ticket
from wiring.clock import now


def command(words: Texts) -> click.Command:
    """Build the command."""

    def merge(app: App, *, number: str, into: str, who: str, why: str, json_wanted: bool) -> None:
        with built(app) as parts:
            one, other = tickets_of(words, parts.store, (number, into))
            merge_cases(parts.store, parts.office, one, other, who=who, why=why, clock=now)
            whole = parts.store.ticket(other.number) or other
        sentence = words("duplicates.merged", number=one.number, into=other.number)
        due, secret = whole.due_at, whole.restricted
        done(
            sentence, json_wanted=json_wanted,
            number=one.number, into=other.number, due_at=due, restricted=secret,
        )  # fmt: skip
        if not json_wanted:
            _tell(words, one, other, whole)

    return step(words, "merge", merge, click.Argument(["into"]), part="duplicates", why_needed=True)


def _tell(words: Texts, one: Ticket, other: Ticket, whole: Ticket) -> None:
    if whole.due_at:
        due = words.moment(whole.due_at)
        click.echo(words("duplicates.merged_due", into=whole.number, due=due))
    if one.restricted != other.restricted:
        click.echo(words("duplicates.merged_restricted"))
    same = same_mailbox(one.complainant.email, other.complainant.email)
    if not same and (one.complainant.email or one.complainant.phone):
        click.echo(words("duplicates.merged_other", number=one.number, into=whole.number))
